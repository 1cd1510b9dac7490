import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Stack, startStack } from '../../local/stack/stack.ts';
import { crowdOf, type Member } from '../../local/tenant/seed/crowd.ts';
import { writeFigures } from './figures.ts';
import { countOpen, countRuns } from './ledger-count.ts';
import { type Sent, sendAll } from './sender.ts';
import { countChanges } from './tenant-count.ts';

/*
 * Kills the functions host for real (SIGKILL), at random, while alerts flow through Azurite and the Service Bus peer, and
 * then reads from the tenant and from the ledger what has become of everybody. Every alert is about somebody else; one in four
 * is disabled and deleted, the others are made read-only and tagged.
 */

const { values } = parseArgs({
  options: {
    alerts: { type: 'string', default: '2000' },
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
  },
});
const alerts = Number(values.alerts);
const kills = Number(values.kills);

/** How long a host lives, in milliseconds: from before it has taken anything to after several steps. */
const life = { least: 200, most: 3_500 };
/** After the last kill, everything has to end in this time. */
const patienceMs = 15 * 60_000;

/** mulberry32: small, seeded, good enough to choose when to kill. */
function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function main(): Promise<number> {
  const begin = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'quell-soak-'));
  const stack = await startStack({
    folder,
    port: 0,
    crowd: alerts,
    say: console.log,
    settings: {
      PLAYBOOKS: join(import.meta.dirname, 'playbooks'),
      PLAYBOOK_MODES: 'soak-delete@1=enforce,soak-read-only@1=enforce',
      LEASE: 'PT3S',
      HINT_GRACE: 'PT2S',
      REVERSIBLE_BUDGET: '1000/h,1000/d,1000/w,1000/m',
      DESTRUCTIVE_BUDGET: '1000/h,1000/d,1000/w,1000/m',
      LOG_LEVEL: 'warn',
    },
  });
  try {
    const members = crowdOf(alerts);
    const sent = await underFire(stack, members);
    const ended = await settle(stack, members);
    const figures = {
      alerts: sent.accepted,
      kills,
      sends: sent.tries,
      seconds: Math.round((performance.now() - begin) / 1000),
      ...(await countChanges(stack, members)),
      ...ended,
    };
    await writeFigures('out/soak.json', { seed: Number(values.seed), ...figures });
    return figures.lost + figures.doubled + figures.runsNotDone + figures.brokenJournals === 0 ? 0 : 1;
  } finally {
    await stack.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Sends while it kills: as many alerts between two kills as it takes for both to end together. */
async function underFire(stack: Stack, members: readonly Member[]): Promise<Sent> {
  const random = chance(Number(values.seed));
  const gate = { open: 0 };
  const sending = sendAll(stack, members, () => gate.open);
  for (let kill = 1; kill <= kills; kill += 1) {
    gate.open = Math.ceil((kill / kills) * members.length);
    await sleep(life.least + random() * (life.most - life.least));
    await stack.host.kill();
    await stack.host.start();
    if (kill % 10 === 0) console.log(`  ${kill} kills, ${gate.open} alerts let through`);
  }
  return sending;
}

/** A message that a dead host held is on the queue until its lock ends: no run is missing before that. */
async function settle(stack: Stack, members: readonly Member[]) {
  const until = performance.now() + patienceMs;
  for (let settled = false; !settled && performance.now() < until; ) {
    await sleep(5_000);
    const { runs, open } = await countOpen(stack, members.length * 2);
    console.log(`  ${runs} runs, ${open} journals still open`);
    settled = runs >= members.length && open === 0;
  }
  return countRuns(stack, members.length);
}

process.exitCode = await main();
