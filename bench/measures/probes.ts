import { setTimeout as sleep } from 'node:timers/promises';
import type { Figure, Measure } from '../lib/figures.ts';
import { load } from '../lib/load.ts';
import { nodeRed, type Other, restate } from '../lib/others.ts';
import { installPeers } from '../lib/peers.ts';
import { openSink } from '../lib/sink.ts';
import { type BenchWorld, benchWorld } from '../lib/world.ts';

interface Probed {
  readonly name: string;
  /** Of fifty alerts acknowledged before a SIGKILL: how many were never acted on. */
  readonly lost: number;
  /** Actions after one alert id was posted five times. */
  readonly repeated: number;
  /** Actions after a program followed every link a person would have decided by; null where there is no such link. */
  readonly previewed: number | null;
}

/** What goes wrong with peers, tried with each: killed after taking, the same alert again, a preview robot. */
export const measureProbes: Measure = async () => {
  await installPeers();
  const probed: Probed[] = [await ours()];
  for (const begin of [nodeRed, restate]) {
    const sink = await openSink();
    const other = await begin(sink.url);
    try {
      probed.push(await theirs(other, sink));
    } finally {
      await other.stop();
      sink.close();
    }
  }
  const [own, ...others] = probed;
  if (!own) throw new Error('nothing was tried');
  const figure = (what: string, key: 'lost' | 'repeated' | 'previewed', wanted: number): readonly Figure[] =>
    others
      .filter((other) => other[key] !== null)
      .map((other) => ({
        what,
        unit: '',
        ours: own[key] ?? 0,
        baseline: { what: other.name, value: other[key] ?? 0 },
        wanted: { text: String(wanted), met: own[key] === wanted },
      }));
  return {
    figures: [
      ...figure('lost of 50 acknowledged, killed at once', 'lost', 0),
      ...figure('actions after one alert id came five times', 'repeated', 1),
      {
        what: 'actions after a robot followed every link',
        unit: '',
        ours: own.previewed ?? 0,
        baseline: null,
        wanted: { text: '0', met: own.previewed === 0 },
      },
    ],
    raw: { probed },
  };
};

async function theirs(other: Other, sink: Awaited<ReturnType<typeof openSink>>): Promise<Probed> {
  for (let turn = 0; turn < 5; turn += 1) await other.send('again');
  const repeated = sink.seen.get('again') ?? 0;
  // Taken, and in the middle of the call that acts, when the process dies. A sender who got no answer sends again; one
  // who did not (a mail, a webhook that is not repeated) never does, and that is what is tried.
  sink.delayMs = 3_000;
  const ids = Array.from({ length: 50 }, (_, n) => `kill-${n}`);
  const sending = load(50, 50, (n) => other.send(ids[n] ?? ''));
  await sleep(1_000);
  const before = new Map(sink.seen);
  sink.seen.clear();
  sink.delayMs = 0;
  await other.killAndStart();
  await sending;
  await sleep(10_000);
  // The call that was cut off may have been carried out or not: what counts is who finished it after the start.
  const lost = ids.filter((id) => !sink.seen.has(id)).length;
  return { name: `${other.name}${before.size === 0 ? ', nothing begun' : ''}`, lost, repeated, previewed: null };
}

async function ours(): Promise<Probed> {
  const world = await benchWorld(100, { HINT_GRACE: 'PT3S', LEASE: 'PT3S' });
  try {
    for (let turn = 0; turn < 5; turn += 1) await world.send(90, 'bench-one', 'again');
    await world.settled(1, 60_000);
    const repeated = await actions(world);
    await load(50, 50, (n) => world.send(n, 'bench-one', `kill-${n}`));
    await world.host.kill();
    await world.host.start();
    await world.settled(51, 120_000);
    const lost = 50 - ((await actions(world)) - repeated);
    const previewed = await followed(world);
    return { name: 'Quell', lost, repeated, previewed };
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
async function followed(world: BenchWorld): Promise<number> {
  const before = await actions(world);
  const { runs } = (await (
    await fetch(`${world.host.url()}/api/runs`, {
      headers: { authorization: `Bearer ${await world.stack.token('riley')}` },
    })
  ).json()) as { runs: { id: string }[] };
  for (const { id } of runs)
    for (const path of ['decision', 'undo', 'decide', 'approve', ''])
      for (const method of ['GET', 'HEAD'])
        await (await fetch(`${world.host.url()}/api/runs/${id}/${path}`, { method })).arrayBuffer();
  return (await actions(world)) - before;
}
