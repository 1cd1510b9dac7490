import { z } from 'zod';
import { ask, Complaint, type Connection } from './http.ts';

const stepSchema = z.object({ removed: z.number(), journals: z.number(), entries: z.number(), done: z.boolean() });

/** `quell index rebuild`: step after step until nothing is left; stopped half-way, it goes on where it was. */
export async function rebuild(to: Connection, what: string | undefined, say: (text: string) => void): Promise<string> {
  if (what !== 'rebuild') throw new Complaint('quell index takes one word: rebuild');
  const total = { removed: 0, journals: 0, entries: 0 };
  for (;;) {
    const step = await ask(to, stepSchema, '/api/index/rebuild', { method: 'POST' });
    total.removed += step.removed;
    total.journals += step.journals;
    total.entries += step.entries;
    if (step.done) return `rebuilt from the ledger: ${total.entries} entries of ${total.journals} journals`;
    say(`\r${total.removed} rows removed, ${total.entries} entries entered `);
  }
}
