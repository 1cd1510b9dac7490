import { describe, expect, test } from 'vitest';
import { advance } from '../../../shared/engine/advance.ts';
import type { Engine } from '../../../shared/engine/engine.ts';
import { beginOnly, leaseMs, playbook, raise, type Stack, stackOf, types } from '../../support/engine.ts';

const stack = () => stackOf([playbook('inactive-user-delete')], 'enforce');

/** A run that is opened and not begun. */
async function openedRun(running: Stack): Promise<string> {
  await raise(running.engine);
  return beginOnly(running);
}

/** Somebody who is asleep for so long while they look whether something is stopped. */
const sleeping = ({ engine, clock }: Stack, ms: number): Engine => ({
  ...engine,
  controls: {
    ...engine.controls,
    list: async () => {
      const standing = await engine.controls.list();
      clock.move(ms);
      return standing;
    },
  },
});

test('of two in one process at one run in the same millisecond one acts: the collision is forced', async () => {
  const running = stack();
  const id = await openedRun(running);
  const { ledger } = running.engine;
  let collided = false;
  const slower: Engine = {
    ...running.engine,
    ledger: {
      ...ledger,
      appendAll: async (journal, previous, bodies) => {
        if (!collided && bodies.some(({ type }) => type === 'step-intended')) {
          collided = true;
          await advance(running.engine, id);
        }
        return ledger.appendAll(journal, previous, bodies);
      },
    },
  };
  await expect(advance(slower, id)).rejects.toMatchObject({ disposition: 'conflict' });
  expect(collided).toBe(true);
  const keys = running.far.sent.map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
});

describe('whoever slept between looking and acting', () => {
  test('writes no intent down, and sends nothing', async () => {
    const running = stack();
    let asleep = true;
    const { controls } = running.engine;
    const sleepy: Engine = {
      ...running.engine,
      controls: {
        ...controls,
        list: async () => {
          const standing = await controls.list();
          if (asleep) running.clock.move(leaseMs);
          return standing;
        },
      },
    };
    const id = await openedRun(running);
    await expect(advance(sleepy, id)).rejects.toMatchObject({
      ...{ disposition: 'conflict', code: 'lease-lost' },
      message: 'The lease on the step ran out before its calls were sent.',
    });
    expect(running.far.sent).toEqual([]);
    expect(await types(running, id)).not.toContain('step-intended');
    asleep = false;
    await advance(sleepy, id);
    expect(running.far.sent).not.toEqual([]);
  });

  test('with half of the lease left has too little for a call to arrive; with a moment more, enough', async () => {
    const late = stack();
    const id = await openedRun(late);
    await expect(advance(sleeping(late, leaseMs / 2), id)).rejects.toMatchObject({ code: 'lease-lost' });
    expect(late.far.sent).toEqual([]);
    const inTime = stack();
    await advance(sleeping(inTime, leaseMs / 2 - 1), await openedRun(inTime));
    expect(inTime.far.sent).not.toEqual([]);
  });

  test('sends nothing where it slept between the intent and the call', async () => {
    const running = stack();
    const id = await openedRun(running);
    const { ledger } = running.engine;
    const append: typeof ledger.appendAll = async (journal, previous, bodies) => {
      const entries = await ledger.appendAll(journal, previous, bodies);
      if (bodies.some(({ type }) => type === 'step-intended')) running.clock.move(leaseMs);
      return entries;
    };
    const sleepy: Engine = {
      ...running.engine,
      ledger: {
        ...ledger,
        appendAll: append,
        append: async (journal, previous, body) => {
          const [entry] = await append(journal, previous, [body]);
          if (!entry) throw new Error('nothing was written');
          return entry;
        },
      },
    };
    await advance(sleepy, id);
    expect(await types(running, id)).toContain('step-deferred');
    expect(running.far.sent).toEqual([]);
  });
});
