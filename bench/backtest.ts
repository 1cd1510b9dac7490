import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { decideAll } from '../cli/backtest.ts';
import { linesOf } from '../cli/integrity.ts';
import { actions } from '../shared/actions/catalog.ts';
import type { ArchiveLine, Case } from '../shared/domain/archive.ts';
import { digestOf } from '../shared/domain/digest.ts';
import { later } from '../shared/domain/duration.ts';
import { toJson } from '../shared/domain/json.ts';
import type { Playbook } from '../shared/domain/playbook.ts';
import { caseOf } from '../shared/engine/archive.ts';
import { readPlaybooks } from '../shared/playbook-folder.ts';
import { historyOf } from '../test/support/histories.ts';

/*
 * How fast an archive is decided with changed playbooks, and how much memory that takes, by the size of the archive:
 *   npm run bench:backtest [-- 10000 1000000]
 * The cases are those of histories that the real engine ran through, repeated with other alerts and identities.
 */

/** Histories of the engine, as cases. */
async function templates(): Promise<readonly ArchiveLine[]> {
  const lines: ArchiveLine[] = [];
  for (let seed = 1; seed <= 25; seed += 1) {
    const { engine, journals } = await historyOf(seed);
    for (const journal of [...journals].filter((name) => name.startsWith('alert-'))) {
      const made = await caseOf(engine, journal);
      if (!made) continue;
      for (const safety of made.safety) lines.push({ kind: 'safety', digest: digestOf(toJson(safety)), safety });
      lines.push(made.case);
    }
  }
  return lines;
}

function* archive(count: number, lines: readonly ArchiveLine[], playbooks: readonly Playbook[]): Generator<string> {
  const budget = { hour: 10, day: 25, week: 60, month: 120 };
  yield `${JSON.stringify({ kind: 'archive', format: 1, budgets: { reversible: budget, destructive: budget } })}\n`;
  yield `${JSON.stringify({ kind: 'playbooks', sha256: 'then', playbooks })}\n`;
  for (const line of lines) if (line.kind === 'safety') yield `${JSON.stringify(line)}\n`;
  const cases = lines.filter((line): line is Case => line.kind === 'case');
  for (let n = 0; n < count; n += 1) {
    const one = cases[n % cases.length];
    if (one) yield `${JSON.stringify(other(one, n))}\n`;
  }
}

/** The same case for another alert and other people: five thousand of them, an alert every half minute. */
function other(one: Case, n: number): Case {
  const identity = (index: number) => `aaaaaaaa-0000-4000-8000-${String((n * 7 + index) % 5000).padStart(12, '0')}`;
  const receivedAt = later('2025-01-01T00:00:00.000Z', n * 30_000);
  return {
    ...one,
    playbooks: 'then',
    alert: { ...one.alert, id: `alert-${String(n).padStart(32, '0')}`, receivedAt },
    runs: one.runs.map((run, index) => ({ ...run, identity: identity(index) })),
  };
}

/** The shipped playbooks as they are, and changed: a shorter period, another step, one more priority. */
function changedSet(playbooks: readonly Playbook[]): readonly Playbook[] {
  return playbooks.map((playbook) => ({ ...playbook, proof: { ...playbook.proof, days: 60 } }));
}

async function measure(count: number, file: string, playbooks: readonly Playbook[]): Promise<void> {
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 50);
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const result = await decideAll(linesOf(file), playbooks);
  const used = process.cpuUsage(cpu);
  const [wall, core] = [(performance.now() - start) / 1000, (used.user + used.system) / 1e6];
  clearInterval(timer);
  const rate = (seconds: number) => Math.round(count / seconds).toLocaleString('en');
  const megabytes = Math.round(peak / 1024 / 1024);
  globalThis.gc?.();
  const heap = Math.round(process.memoryUsage().heapUsed / 1024 / 1024);
  console.log(
    `${count} events: ${rate(core)} events per second of one core, ${rate(wall)} by the clock; at most ${megabytes} MB, ${heap} MB of heap in use at the end; ${result.same} the same, ${result.unknown} unknown, ${result.identities.after} identities`,
  );
}

const sizes = process.argv.slice(2).map(Number);
const folder = await mkdtemp(join(tmpdir(), 'quell-backtest-'));
const { playbooks } = readPlaybooks('playbooks', actions);
const lines = await templates();
for (const count of sizes.length > 0 ? sizes : [10_000, 100_000]) {
  const file = join(folder, 'archive.ndjson');
  await pipeline(Readable.from(archive(count, lines, playbooks)), createWriteStream(file));
  await measure(count, file, changedSet(playbooks));
}
await rm(folder, { recursive: true, force: true });
