import { jobSchema } from './job-schema.ts';
import { work } from './jobs.ts';

/*
 * One process of a proof: does the job it is given, and tells its parent what came of each portion. Run from a copy of
 * the engine, it works on that copy. Nobody is left to tell once the parent is gone.
 */
let over = false;
process.on('disconnect', () => process.exit(over ? 0 : 1));
const job = jobSchema.parse(JSON.parse(process.argv[2] ?? ''));
for await (const portion of work(job)) await new Promise((sent) => process.send?.(portion, sent));
over = true;
process.disconnect?.();
