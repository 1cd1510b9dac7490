import type { HttpRequest } from '@azure/functions';
import { z } from 'zod';
import { toJson } from '../domain/json.ts';
import { claimNames } from '../domain/proof.ts';
import type { Answer } from '../edge.ts';
import { archivePage } from '../engine/archive.ts';
import type { Custody } from '../engine/custody.ts';
import type { Engine } from '../engine/engine.ts';
import { keepTrail } from '../engine/keep-trail.ts';
import { reachOf } from '../engine/reach.ts';
import { read } from './input.ts';

/** What the trigger of the archive asks. */
export interface ArchiveRequests {
  readArchive(request: HttpRequest): Promise<Answer>;
  readReach(request: HttpRequest): Promise<Answer>;
}

const schema = z.strictObject({ since: z.iso.datetime(), after: z.string().max(500).nullable().default(null) });

const reachSchema = z.strictObject({ claim: z.enum(claimNames), days: z.coerce.number().int().min(1).max(3650) });

export function archiveRequestsOf(engine: Engine, custody: Custody): ArchiveRequests {
  return {
    readReach: async (request) => {
      const question = read(reachSchema, Object.fromEntries(request.query.entries()));
      return { status: 200, body: toJson(await reachOf(engine, question)) };
    },

    readArchive: async (request) => {
      const { since, after } = read(schema, Object.fromEntries(request.query.entries()));
      if (after === null) await keepTrail(custody);
      const { lines, next } = await archivePage({ engine, trail: custody.trail }, since, after);
      return { status: 200, body: { lines, next } };
    },
  };
}
