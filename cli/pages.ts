import { z } from 'zod';
import { ask, type Connection } from './http.ts';

const pageSchema = z.object({ lines: z.array(z.string()), next: z.string().nullable() });

/** Every line that the API gives page by page. @param path with its query */
export async function* linesFrom(to: Connection, path: string): AsyncGenerator<string> {
  let after: string | null = null;
  do {
    const query: string = after === null ? '' : `${path.includes('?') ? '&' : '?'}after=${encodeURIComponent(after)}`;
    const { lines, next }: z.infer<typeof pageSchema> = await ask(to, pageSchema, `${path}${query}`);
    yield* lines;
    after = next;
  } while (after !== null);
}
