/*
 * The tamper test in full: node bench/tamper.ts
 * A log of 200 entries under 20 seals in every way there is, each of which has to be found and its place named; then 10,000
 * clean verifications, none of which may find anything. The suite does the same on a log of 40 entries.
 */
import { verification } from '../shared/domain/integrity.ts';
import type { Statement } from '../shared/domain/seal.ts';
import { exportOf, historyOf } from '../test/support/sealed-ledger.ts';
import { mutationsOf } from '../test/support/tamper.ts';

const history = historyOf({ journals: 8, entries: 200, perSeal: 10 });

function foundIn(lines: readonly string[], seen: Statement | null): readonly string[] {
  const run = verification({ keys: [history.key.id], seen });
  for (const line of lines) run.take(line);
  return run.end().findings.map(({ where }) => where);
}

const start = performance.now();
const counts = { mutations: 0, detected: 0, located: 0 };
for (const { kind, lines, places, seen } of mutationsOf(history, Math.random, 3000)) {
  const named = foundIn(lines, seen);
  const located = places.some((place) => named.includes(place));
  counts.mutations += 1;
  counts.detected += named.length > 0 ? 1 : 0;
  counts.located += located ? 1 : 0;
  if (!located) console.error(`not located: ${kind} at ${places.join()}: ${named.slice(0, 5).join()}`);
}
console.log(
  `${counts.mutations} mutations: ${counts.detected} detected, ${counts.located} located (${seconds(start)} s)`,
);

const clean = performance.now();
let alarms = 0;
const sizes = Array.from({ length: 100 }, (_, n) =>
  historyOf({ journals: 5, entries: 5 + n, perSeal: 1 + (n % 12) }, history.key),
);
for (let n = 0; n < 10_000; n += 1) {
  const one = sizes[n % sizes.length];
  if (one) alarms += foundIn(exportOf(one, n % 2 === 0 ? [] : one.seals), null).length;
}
console.log(`10000 clean verifications: ${alarms} false alarms (${seconds(clean)} s)`);
process.exitCode = counts.located === counts.mutations && alarms === 0 ? 0 : 1;

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1);
}
