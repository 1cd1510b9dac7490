import { readFile } from 'node:fs/promises';
import { readLine } from '../shared/domain/export.ts';
import { type Seal, statementSchema } from '../shared/domain/seal.ts';
import { sealedList } from '../shared/domain/sealed-list.ts';
import { consistencyProof, inclusionProof, proofProblem, sealedProofSchema } from '../shared/domain/sealed-proof.ts';
import { Complaint } from './http.ts';
import { type IntegrityOptions, linesOf } from './integrity.ts';

/**
 * `quell prove FILE JOURNAL#SEQUENCE`: that the entry is under the newest seal; with `--seen FILE` and no entry: that the seal
 * seen before is the beginning of the newest. @returns the proof as JSON
 */
export async function prove(file: string, entry: string | undefined, options: IntegrityOptions): Promise<string> {
  const { seals, origin } = await sealsOf(file);
  const lines = seals.map((seal) => ({ place: 'first' as const, number: seal.statement.number, seal }));
  const list = sealedList(lines, { keys: options.key ?? null, origin, seen: null });
  const newest = seals.at(-1);
  if (!list.whole || list.findings.length > 0 || !newest)
    throw new Complaint(`${file} has no whole list of seals to prove anything of; see: npx quell verify ${file}`);
  if (entry !== undefined) {
    const [, journal = '', sequence = ''] = /^(.+)#(\d+)$/.exec(entry) ?? [];
    const proof = inclusionProof(list.leaves, { journal, sequence: Number(sequence) }, newest);
    if (!proof) throw new Complaint(`${entry} is not sealed in ${file}; an entry is written as run-…#3`);
    return JSON.stringify(proof, null, 2);
  }
  if (options.seen === undefined) throw new Complaint('quell prove needs an entry, or --seen and a seal from before');
  const statement = statementSchema.parse(JSON.parse(await readFile(options.seen, 'utf8')));
  const earlier = seals.find((seal) => seal.statement.number === statement.number);
  if (!earlier) throw new Complaint(`seal ${statement.number} is not in ${file}`);
  return JSON.stringify(consistencyProof(list.leaves, earlier, newest), null, 2);
}

/** `quell verify --proof FILE`: does it hold, by itself? */
export async function verifyProof(file: string, options: IntegrityOptions): Promise<string> {
  const proof = sealedProofSchema.safeParse(JSON.parse(await readFile(file, 'utf8')));
  if (!proof.success) throw new Complaint(`${file} is no proof`);
  const problem = proofProblem(proof.data, options.key ?? null);
  if (problem !== null) throw new Complaint(`the proof does not hold: ${problem}`);
  if (proof.data.kind === 'inclusion') {
    const { leaf, seal } = proof.data;
    return `holds: "${leaf}" is sealed by seal ${seal.statement.number} of ${seal.statement.time}`;
  }
  const { earlier, later } = proof.data;
  return `holds: seal ${earlier.statement.number} is the beginning of seal ${later.statement.number}`;
}

async function sealsOf(file: string): Promise<{ seals: readonly Seal[]; origin: string }> {
  const seals: Seal[] = [];
  let origin = '';
  for await (const text of linesOf(file)) {
    const line = readLine(text);
    if (line.kind === 'export') origin = line.origin;
    if (line.kind === 'seal' && line.place === 'first') seals.push(line);
    if (line.kind === 'entry') break;
  }
  return { seals, origin };
}
