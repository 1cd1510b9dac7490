import { describe, expect, test } from 'vitest';
import { decide } from '../../shared/engine/decide.ts';
import type { Engine } from '../../shared/engine/engine.ts';
import { tick } from '../../shared/engine/tick.ts';
import {
  approver,
  digestOf,
  leaseMs,
  onlyRun,
  other,
  playbook,
  quiet,
  raise,
  runs,
  type Stack,
  stackOf,
} from '../support/engine.ts';
import { Death, type Fuse, mortal } from '../support/engine-fuse.ts';
import { expectWhole } from '../support/engine-invariants.ts';
import { hour } from '../support/world-clock.ts';
import { outlineOf } from '../support/world-outline.ts';
import { scope } from '../support/world-state.ts';

interface Life {
  readonly playbook: string;
  readonly choice: string | null;
}

/** A process that can die; the next one has another name and comes when the lease of the dead one is over. */
interface Processes {
  engine(): Engine;
  calls(): number;
  deaths(): number;
  /** Does the work; where the process dies of it, a new one is there afterwards. */
  survive(work: () => Promise<unknown>): Promise<'done' | 'died'>;
}

function processes(stack: Stack, fuse: Fuse | null, downMs: number): Processes {
  let current = mortal(stack.engine, fuse);
  const first = current;
  let deaths = 0;
  return {
    engine: () => current.engine,
    calls: () => first.calls(),
    deaths: () => deaths,
    survive: async (work) => {
      try {
        await work();
      } catch (error) {
        if (!current.dead()) throw error;
        expect([Death, 'Fault']).toContain(error instanceof Death ? Death : error instanceof Error && error.name);
      }
      if (!current.dead()) return 'done';
      deaths += 1;
      stack.clock.move(downMs);
      current = mortal({ ...stack.engine, worker: `worker-${deaths + 1}` }, null);
      return 'died';
    },
  };
}

/** From the notification to the end of the run. A sender without an answer sends again; messages of the dead are lost. */
async function live(life: Life, fuse: Fuse | null, downMs: number) {
  const mode = life.choice === null ? 'enforce' : 'approve';
  const stack = stackOf([playbook(life.playbook, { mode })]);
  stack.far.change(({ assignments }) => {
    for (const name of Object.keys(assignments)) if (!name.startsWith(scope)) delete assignments[name];
  });
  const process = processes(stack, fuse, downMs);
  while ((await process.survive(() => raise(process.engine()))) === 'died');
  await process.survive(() => quiet(stack, process.engine()));
  for (let count = 0; !(await over(stack)); count += 1) {
    expect(count).toBeLessThan(100);
    if (await decideIfAsked(stack, process, life.choice)) continue;
    const [item] = await stack.engine.index.due('9999-01-01T00:00:00.000Z', 1);
    if (!item) throw new Error('the run has not ended, and nothing would ever look at it again');
    stack.clock.moveTo(item.due);
    await process.survive(async () => {
      await tick(process.engine());
      await quiet(stack, process.engine());
    });
  }
  return { stack, process };
}

async function over(stack: Stack): Promise<boolean> {
  const all = await runs(stack);
  return all.length > 0 && all.every(({ ended }) => ended !== null);
}

async function decideIfAsked(stack: Stack, process: Processes, choice: string | null): Promise<boolean> {
  const [run] = await runs(stack);
  if (!run?.asked || run.decision || choice === null) return false;
  const answer = { choice, digest: digestOf(run, choice), reason: null };
  for (const person of [approver, other])
    if (!(await onlyRun(stack)).decision) await process.survive(() => decide(process.engine(), run.id, answer, person));
  await process.survive(() => quiet(stack, process.engine()));
  return true;
}

const lives: readonly Life[] = [
  { playbook: 'inactive-user-delete', choice: null },
  { playbook: 'inactive-user-delete', choice: 'remove' },
  { playbook: 'inactive-user-review', choice: 'needed' },
  { playbook: 'inactive-user-review', choice: 'not-needed' },
];

describe.each(lives)('$playbook, choice $choice, killed at every call of a port', (life) => {
  test.each([
    ['just past the lease', leaseMs + 1000],
    ['past every fresh proof', hour],
  ])('and started again %s', async (_name, downMs) => {
    const calm = await live(life, null, downMs);
    const points = calm.process.calls();
    expect(points).toBeGreaterThan(40);
    for (let at = 1; at <= points; at += 1)
      for (const when of ['before', 'after'] as const) {
        const { stack, process } = await live(life, { at, when }, downMs);
        const run = await onlyRun(stack);
        expect({ at, when, deaths: process.deaths(), ended: run.ended?.outcome }).toEqual({
          ...{ at, when, deaths: 1, ended: 'done' },
        });
        expect(outlineOf(stack), `${when} call ${at}`).toEqual(outlineOf(calm.stack));
        await expectWhole(stack);
      }
  });
});
