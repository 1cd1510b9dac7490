import { actions } from '../shared/actions/catalog.ts';
import type { Explained } from '../shared/domain/replay.ts';
import { explainAlert, explainRun } from '../shared/engine/explain.ts';
import { replay } from '../shared/engine/replay.ts';
import type { Caller } from '../shared/ports.ts';
import type { Stack } from '../test/support/engine.ts';
import { historyOf } from '../test/support/histories.ts';
import { countSockets } from '../test/support/sockets.ts';

/*
 * Finished events replayed: every alert and run of many histories is decided again, and redriving all that finished is tried.
 *   npm run bench:replay [-- 10000]
 */

const wanted = Number(process.argv[2] ?? 10_000);
const responder: Caller = { id: 'responder', name: 'Responder', roles: ['Quell.Responder'] };
const sockets = countSockets();
const totals = { events: 0, runs: 0, decisions: 0, same: 0, different: 0, unknown: 0, calls: 0, entries: 0 };

function add(explained: Explained): void {
  totals[explained.verdict] += 1;
  totals.decisions += explained.entries.filter(({ verdict }) => verdict === 'same').length;
}

async function replayAll({ engine, journals, trace, far }: Stack): Promise<void> {
  const parts = { ledger: engine.ledger, vault: engine.vault, actions };
  const [written, sent] = [trace.length, far.sent.length];
  for (const journal of journals) {
    if (journal.startsWith('run-')) add(await explainRun(parts, journal));
    if (journal.startsWith('alert-')) add(await explainAlert(parts, journal));
    totals.runs += journal.startsWith('run-') ? 1 : 0;
    totals.events += journal.startsWith('alert-') ? 1 : 0;
  }
  const all = { journal: null, select: { outcome: 'done' }, after: null, reason: 'once more', preview: false };
  await replay(engine, { ...all, kind: 'redrive' }, responder);
  totals.calls += far.sent.length - sent;
  totals.entries += trace.length - written;
}

for (let seed = 1; totals.events < wanted; seed += 1) await replayAll(await historyOf(seed));
sockets.stop();
const { events, runs, decisions, same, different, unknown, calls, entries } = totals;
console.log(
  `${events} events with ${runs} runs replayed: ${same} histories the same, ${different} different, ${unknown} unknown; ${decisions} decisions with the same hash; ${calls} calls sent, ${entries} entries written, ${sockets.opened()} connections opened`,
);
if (different + unknown + calls + entries + sockets.opened() > 0) process.exitCode = 1;
