import { describe, expect, test } from 'vitest';
import type { Answered } from '../../../shared/domain/alert-entry.ts';
import { Fault } from '../../../shared/domain/fault.ts';
import type { Mode } from '../../../shared/domain/mode.ts';
import type { Engine } from '../../../shared/engine/engine.ts';
import { type Announced, announcedIn, openBeside, openedFor } from '../../../shared/engine/opening.ts';
import { graceMs, onlyRun, playbook, quiet, raise, stackOf, types } from '../../support/engine.ts';

/** How a run was opened, to be opened once more. */
async function openedOnce() {
  const stack = stackOf([playbook('inactive-user-delete')], 'observe');
  await raise(stack.engine);
  await quiet(stack);
  const { opened } = await onlyRun(stack);
  const hints: unknown[][] = [];
  const bus: Engine['bus'] = { ...stack.engine.bus, run: async (...hint) => void hints.push(hint) };
  const listed = { run: 'run-again', alert: opened.alert, identity: opened.identity.id, receivedAt: stack.clock.now() };
  const announced = (fresh: boolean): Announced => ({ listed, beginning: { fresh, opened: async () => opened } });
  return { stack, engine: { ...stack.engine, bus }, hints, announced, identity: opened.identity.id };
}

describe('a run that is opened beside others', () => {
  test('is listed, noted as open, begun, and hinted at', async () => {
    const { stack, engine, hints, announced, identity } = await openedOnce();
    await openBeside(engine, announced(true));
    expect(await types(stack, 'run-again')).toEqual(['run-opened']);
    expect(hints).toEqual([['run-again', identity, { reason: 'opened' }]]);
    const due = new Date(Date.parse(stack.clock.now()) + graceMs).toISOString();
    expect(await engine.index.due('9999', 10)).toContainEqual({
      ...{ journal: 'run-again', kind: 'run' },
      session: identity,
      due,
    });
    expect((await engine.index.runs({ limit: 10 })).map(({ run }) => run)).toContain('run-again');
  });

  test('is opened once, whoever else opens it, at whatever moment', async () => {
    const { stack, engine, hints, announced } = await openedOnce();
    await openBeside(engine, announced(true));
    await openBeside(engine, announced(false));
    expect(hints).toHaveLength(1);
    // Somebody who thinks that nobody else can have begun it.
    await openBeside(engine, announced(true));
    expect(await types(stack, 'run-again')).toEqual(['run-opened']);
    expect(hints).toHaveLength(2);
  });

  test('is not taken for open where the ledger is down', async () => {
    const { engine, hints, announced } = await openedOnce();
    const append = () => Promise.reject(new Fault('retry', 'storage-down', 'x'));
    const down = { ...engine, ledger: { ...engine.ledger, append } };
    await expect(openBeside(down, announced(true))).rejects.toMatchObject({ code: 'storage-down' });
    expect(hints).toEqual([]);
  });
});

describe('the runs that an answer announces', () => {
  const answered = async (differs: Partial<Answered>) => {
    const { engine, stack } = await openedOnce();
    const alert = { id: 'alert-1', receivedAt: stack.clock.now() } as never;
    const { opened } = await onlyRun({ ...stack, journals: new Set([...stack.journals].slice(0, 2)) } as never);
    const { playbook: _playbook, identity, ...rest } = opened;
    const said = { playbook: opened.playbook.name, runs: [{ run: 'run-1', identity, opened: rest }], ...differs };
    return announcedIn(engine, alert, said as Answered);
  };

  test('begin with the playbook they were answered with, and not where it was not kept', async () => {
    const [run] = await answered({});
    await expect(run?.beginning.opened()).rejects.toMatchObject({
      ...{ disposition: 'halt', code: 'playbook-missing' },
      message: 'Playbook inactive-user-delete is not in the set the alert was answered with.',
    });
  });

  test('are none where an earlier version opened them before it answered', async () => {
    expect(await answered({ runs: [{ run: 'run-1', identity: {} }] as never })).toEqual([]);
  });
});

describe('a run looks, before it acts alone, at what came before it, or at whether it still may', () => {
  const earlierOf = async (mode: Mode, earlier: readonly string[], autonomy: 'given' | 'earned') => {
    const { engine, stack } = await openedOnce();
    const { opened } = await onlyRun({ ...stack, journals: new Set([...stack.journals].slice(0, 2)) } as never);
    const limits = { ...engine.limits, autonomy };
    const answering = {
      ...{ alert: { id: 'alert-1' }, matched: { playbook: opened.playbook, considered: [] } },
      ...{ system: { ...opened.system, tags: {} }, mode: { mode, modeNote: null }, earlier },
    } as never;
    return openedFor({ ...engine, limits }, answering, opened.identity).opened.earlier;
  };

  test.each([
    ['enforce', [], 'given', undefined],
    ['enforce', ['run-1'], 'given', ['run-1']],
    ['enforce', [], 'earned', []],
    ['approve', ['run-1'], 'earned', undefined],
    ['observe', ['run-1'], 'given', undefined],
  ] as const)('%s, after %j, where it is %s: %j', async (mode, before, autonomy, looked) => {
    expect(await earlierOf(mode, before, autonomy)).toEqual(looked);
  });
});
