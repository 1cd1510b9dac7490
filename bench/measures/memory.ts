import { setTimeout as sleep } from 'node:timers/promises';
import type { Figure, Measure } from '../lib/figures.ts';
import { startHost } from '../lib/host.ts';
import { loadWhile } from '../lib/load.ts';
import type { Look } from '../lib/look.ts';
import { rssMb } from '../lib/processes.ts';
import { type BenchWorld, benchWorld } from '../lib/world.ts';

const inFlight = 20;
/** More than this taken and not yet answered, and sending waits: what is measured is a busy process, not a full queue. */
const mostWaiting = 400;

interface Sample {
  readonly alerts: number;
  readonly rss: number;
}

/** Sends for so long and looks at the memory of a process four times a second. */
async function watched(pid: () => number, seconds: number, send: (n: number) => Promise<unknown>) {
  const rows: Sample[] = [];
  const end = performance.now() + seconds * 1000;
  let sent = 0;
  const timer = setInterval(() => rows.push({ alerts: sent, rss: rssMb(pid()) }), 250);
  const loaded = await loadWhile(
    () => performance.now() < end,
    inFlight,
    async (n) => {
      await send(n);
      sent += 1;
    },
  ).finally(() => clearInterval(timer));
  return { loaded, rows };
}

/** Alerts that no playbook answers: taken in, kept, answered with nothing, and closed. */
async function ours(world: BenchWorld, seconds: number) {
  let waiting = 0;
  let asked = 0;
  const send = async (n: number) => {
    for (let turn = 0; waiting > mostWaiting && turn < 100; turn += 1) await sleep(100);
    await world.send(n, 'bench-none');
    asked += 1;
    if (n % 50 === 0) waiting = asked - ((await world.look()).counts['bus deliver'] ?? 0);
  };
  const watching = setInterval(async () => {
    if (waiting > mostWaiting) waiting = asked - ((await world.look()).counts['bus deliver'] ?? 0);
  }, 500);
  return watched(world.host.pid, seconds, send).finally(() => clearInterval(watching));
}

/** Memory of the functions over as many alerts as there is time for; beside a bare function in the same host. */
export const measureMemory: Measure = async (size) => {
  const [seconds, bareSeconds] = size === 'full' ? [240, 60] : [16, 8];
  const world = await benchWorld(1_000);
  try {
    const early = sleep(seconds * 250).then(() => world.look(true));
    const { loaded, rows } = await ours(world, seconds);
    const kept = { early: heapOf(await early), late: heapOf(await world.look(true)) };
    await world.host.kill();
    const bare = await startHost(world.stack, 'bare-ingest', world.folder);
    const beside = await watched(bare.pid, bareSeconds, async (n) => {
      const body = JSON.stringify({ n, text: 'x'.repeat(400) });
      const signal = AbortSignal.timeout(30_000);
      await (await fetch(`${bare.url()}/api/alerts/generic`, { method: 'POST', body, signal })).arrayBuffer();
    });
    await bare.kill();
    return {
      figures: [...figuresOf(loaded.count, rows, beside), keptFigure(loaded.count, kept)],
      raw: { seconds, kept, loaded, bareLoaded: beside.loaded, rows: thinned(rows), bare: thinned(beside.rows) },
    };
  } finally {
    await world.stop();
  }
};

const heapOf = ({ memory }: Look): number => memory.heapUsed / 2 ** 20;

/** Whether anything is kept: what V8 has not collected yet is no matter here. */
function keptFigure(alerts: number, { early, late }: { readonly early: number; readonly late: number }): Figure {
  return {
    what: `in use after a collection, ${alerts.toLocaleString('en')} alerts`,
    unit: 'MB',
    ours: late,
    baseline: { what: 'a quarter of them', value: early },
    wanted: { text: 'flat: ≤ 1.1×', met: late <= 1.1 * early },
  };
}

function figuresOf(alerts: number, rows: readonly Sample[], beside: Awaited<ReturnType<typeof watched>>) {
  const [second, last] = [quarter(rows, 1), quarter(rows, 3)];
  const most = (list: readonly Sample[]) => Math.max(...list.map(({ rss }) => rss));
  const many = alerts.toLocaleString('en');
  const figures: Figure[] = [
    {
      what: `memory of the functions in the last quarter of ${many} alerts`,
      unit: 'MB',
      ours: last,
      baseline: { what: 'in the second quarter', value: second },
      wanted: { text: 'flat: ≤ 1.1×', met: last <= 1.1 * second },
    },
    {
      what: `most memory of the functions in ${many} alerts`,
      unit: 'MB',
      ours: most(rows),
      baseline: {
        what: `one blob, one message, ${beside.loaded.count.toLocaleString('en')} times`,
        value: most(beside.rows),
      },
      wanted: { text: '< 300 MB', met: most(rows) < 300 },
    },
  ];
  return figures;
}

/** Mean of the n-th quarter, by alerts. */
function quarter(rows: readonly Sample[], n: number): number {
  const all = rows.at(-1)?.alerts ?? 0;
  const within = rows.filter(({ alerts }) => alerts >= (n * all) / 4 && alerts <= ((n + 1) * all) / 4);
  return within.reduce((sum, { rss }) => sum + rss, 0) / within.length;
}

/** So many that a plot shows them. */
function thinned(rows: readonly Sample[]): readonly Sample[] {
  const step = Math.max(1, Math.floor(rows.length / 60));
  return rows.filter((_, index) => index % step === 0);
}
