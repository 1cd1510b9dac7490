import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const plantedSchema = z.array(
  z.strictObject({
    name: z.string(),
    file: z.string(),
    /** Has to be there exactly once. */
    find: z.string(),
    put: z.string(),
    /** A second place, where one alone is made up for by another. */
    also: z.strictObject({ file: z.string(), find: z.string(), put: z.string() }).optional(),
  }),
);

/** A bug planted into a copy of the engine: text of a file replaced by other text. */
export type Planted = z.infer<typeof plantedSchema>[number];

/** Every bug there is to plant. */
export function plantedBugs(): readonly Planted[] {
  return plantedSchema.parse(parse(readFileSync('test/simulation/planted.yaml', 'utf8')));
}
