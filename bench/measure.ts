/*
 * One measurement in a process of its own, so that one that fails or hangs takes no other with it:
 * node bench/measure.ts NAME small|full FILE
 */
import { writeFile } from 'node:fs/promises';
import { measures } from './measures.ts';

const [name = '', size, file = ''] = process.argv.slice(2);
const entry = measures[name];
if (!entry) throw new Error(`there is no measurement ${name}`);
const measured = await entry.measure(size === 'full' ? 'full' : 'small');
await writeFile(file, JSON.stringify(measured));
// Whatever a library still holds open, what was wanted is written.
process.exit(0);
