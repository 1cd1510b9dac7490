/*
 * How long an export of a million entries takes to verify: node bench/verify.ts [ENTRIES]
 * 20 entries to a journal, 1,000 to a seal; the lines are made while they are verified, and making them is not counted.
 */
import { sign } from 'node:crypto';
import { endLine, entryLine, headLine, sealLine } from '../shared/domain/export.ts';
import { verification } from '../shared/domain/integrity.ts';
import { type Entry, entryAfter } from '../shared/domain/ledger.ts';
import { type Leaf, type Seal, sealAfter, statementText } from '../shared/domain/seal.ts';
import { newSealKey, origin } from '../test/support/sealed-ledger.ts';

const wanted = Number(process.argv[2] ?? 1_000_000);
const perJournal = 20;
const perSeal = 1000;
const time = '2026-03-01T08:00:00.000Z';
const key = newSealKey();

function journalOf(number: number): readonly Entry[] {
  const name = `run-${String(number).padStart(9, '0')}`;
  const entries: Entry[] = [];
  for (let n = 0; n < perJournal; n += 1) {
    const data = { step: `1.${n}`, by: 'applied', observed: { enabled: false, roles: ['Reader', 'Contributor'], n } };
    entries.push(entryAfter(name, entries.at(-1) ?? null, { time, type: 'step-verified', actor: 'quell', data }));
  }
  return entries;
}

const journals = Math.ceil(wanted / perJournal);
const seals: Seal[] = [];
let leaves: Leaf[] = [];
const flush = () => {
  const unsigned = sealAfter(seals.at(-1) ?? null, leaves, { origin, time, key: key.key });
  const text = Buffer.from(statementText(unsigned.statement));
  const signature = sign('sha256', text, { key: key.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  seals.push({ ...unsigned, signature });
  leaves = [];
};
for (let number = 0; number < journals; number += 1) {
  for (const { journal, sequence, hash } of journalOf(number)) leaves.push({ journal, sequence, hash });
  if (leaves.length >= perSeal) flush();
}
if (leaves.length > 0) flush();

const run = verification({ keys: [key.id], seen: null });
let spent = 0;
/** Of the processor, so that what else runs on the machine is not counted. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
const take = (lines: readonly string[]) => {
  const before = cpuMs();
  for (const line of lines) run.take(line);
  spent += cpuMs() - before;
};
take([headLine({ origin, time })]);
for (const seal of seals) take([sealLine(seal, 'first')]);
for (let number = 0; number < journals; number += 1) take(journalOf(number).map(entryLine));
take([endLine]);
const before = cpuMs();
const verdict = run.end();
spent += cpuMs() - before;
const memory = Math.round(process.memoryUsage.rss() / 1024 / 1024);
console.log(
  `${verdict.entries} entries in ${verdict.seals} seals: ${verdict.findings.length} findings, ` +
    `${(spent / 1000).toFixed(1)} s of processor time, ${Math.round(verdict.entries / (spent / 1000))} entries/s, ${memory} MiB`,
);
process.exitCode = verdict.findings.length === 0 ? 0 : 1;
