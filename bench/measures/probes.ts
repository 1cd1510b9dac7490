import { setTimeout as sleep } from 'node:timers/promises';
import type { Figure, Measure } from '../lib/figures.ts';
import { loadAll } from '../lib/load.ts';
import type { Other } from '../lib/peer-process.ts';
import { openSink, type Sink } from '../lib/sink.ts';
import { type Tried, tryPeers } from '../lib/try-peers.ts';
import { type BenchWorld, benchWorld } from '../lib/world.ts';

const killed = 50;

interface Probed {
  /** Of fifty alerts acknowledged before a SIGKILL: how many were never acted on. */
  readonly lost: number;
  /** Actions after one alert id was posted five times. */
  readonly repeated: number;
  /** Actions after a program followed every link that asks a person; null where there is no such link. */
  readonly previewed: number | null;
}

/** What goes wrong with peers, tried with each: killed after taking, the same alert again, a preview robot. */
export const measureProbes: Measure = async () => {
  const own = await ours();
  const sink = await openSink();
  const tried = await tryPeers(sink.url, (other) => theirs(other, sink));
  sink.close();
  const asking = tried.find(({ row }) => typeof row?.previewed === 'number');
  const figure = (what: string, key: 'lost' | 'repeated', wanted: number): readonly Figure[] =>
    tried.map(({ name, row, reason }: Tried<Probed>) => ({
      what,
      unit: '',
      ours: own[key],
      baseline: { what: reason ?? name, value: row?.[key] ?? null },
      wanted: { text: String(wanted), met: own[key] === wanted },
    }));
  return {
    figures: [
      ...figure(`lost of ${killed} acknowledged, killed at once`, 'lost', 0),
      ...figure('actions after one alert id came five times', 'repeated', 1),
      {
        what: 'actions after a robot followed every link',
        unit: '',
        ours: own.previewed,
        baseline: asking?.row
          ? { what: `${asking.name}, the link of its Wait node`, value: asking.row.previewed }
          : { what: 'links followed', value: own.followed },
        wanted: { text: '0', met: own.previewed === 0 },
      },
    ],
    raw: { own, tried },
  };
};

async function theirs(other: Other, sink: Sink): Promise<Probed & { readonly begun: number }> {
  sink.seen.clear();
  sink.delayMs = 0;
  for (let turn = 0; turn < 5; turn += 1) await other.send('again');
  const repeated = sink.seen.get('again') ?? 0;
  const previewed = other.ask ? await linkFollowed(other.ask, sink) : null;
  // Acknowledged, and in the middle of the call that acts, when the process dies. A sender who got an answer never sends again.
  sink.delayMs = 3_000;
  const ids = Array.from({ length: killed }, (_, n) => `kill-${n}`);
  await loadAll(killed, killed, (n) => other.take(ids[n] ?? ''));
  await sleep(500);
  const begun = sink.seen.size;
  // The call that was cut off may have been carried out or not: what counts is who finishes it after the start.
  sink.seen.clear();
  sink.delayMs = 0;
  await other.killAndStart();
  for (let turn = 0; turn < 100 && ids.some((id) => !sink.seen.has(id)); turn += 1) await sleep(200);
  return { lost: ids.filter((id) => !sink.seen.has(id)).length, repeated, previewed, begun };
}

/** Asks once, and follows the link as a preview does. @returns how often was acted */
async function linkFollowed(ask: NonNullable<Other['ask']>, sink: Sink): Promise<number> {
  sink.links.length = 0;
  await ask('asked');
  for (let turn = 0; turn < 50 && sink.links.length === 0; turn += 1) await sleep(100);
  const [link] = sink.links;
  if (link === undefined) throw new Error('nobody was asked');
  // The link is told before it is waited for.
  await sleep(2_000);
  await (await fetch(link, { signal: AbortSignal.timeout(10_000) })).arrayBuffer();
  await sleep(3_000);
  return sink.seen.get('approved') ?? 0;
}

async function ours() {
  const world = await benchWorld(100, { HINT_GRACE: 'PT3S', LEASE: 'PT3S', TICK_SCHEDULE: '*/2 * * * * *' });
  try {
    for (let turn = 0; turn < 5; turn += 1) await world.send(90, 'bench-one', 'again');
    await world.runs.settled(1, 60_000);
    const repeated = await actions(world);
    await loadAll(killed, killed, (n) => world.send(n, 'bench-one', `kill-${n}`));
    await world.host.kill();
    await world.host.start();
    await world.runs.settled(killed + 1, 120_000);
    const lost = killed - ((await actions(world)) - repeated);
    const { previewed, followed } = await robot(world);
    return { lost, repeated, previewed, followed };
  } finally {
    await world.stop();
  }
}

/** Different words that the receiver has: one for each step that was carried out. */
async function actions(world: BenchWorld): Promise<number> {
  const { messages } = (await (await fetch(`${world.stack.tenantUrl}/local/inbox`)).json()) as { messages: unknown[] };
  return messages.length;
}

/** GET and HEAD on everything under a run that changes something, as a mail gateway or a chat that shows previews does. */
async function robot(world: BenchWorld): Promise<{ previewed: number; followed: number }> {
  const before = await actions(world);
  const headers = { authorization: `Bearer ${await world.stack.token('riley')}` };
  const listed = await fetch(`${world.host.url()}/api/runs`, { headers });
  const { runs } = (await listed.json()) as { runs: { id: string }[] };
  let followed = 0;
  for (const { id } of runs)
    for (const path of ['decision', 'undo', 'decide', 'approve', ''])
      for (const method of ['GET', 'HEAD']) {
        const signal = AbortSignal.timeout(10_000);
        await (await fetch(`${world.host.url()}/api/runs/${id}/${path}`, { method, signal })).arrayBuffer();
        followed += 1;
      }
  return { previewed: (await actions(world)) - before, followed };
}
