import { describe, expect, test } from 'vitest';
import { Fault } from '../../../shared/domain/fault.ts';
import type { Engine } from '../../../shared/engine/engine.ts';
import { explainAlert } from '../../../shared/engine/explain.ts';
import { respond } from '../../../shared/engine/respond.ts';
import { undo } from '../../../shared/engine/undo.ts';
import {
  approver,
  claims,
  onlyRun,
  playbook,
  quiet,
  raise,
  runs,
  stackOf,
  types,
  untilEnd,
} from '../../support/engine.ts';
import { userId } from '../../support/world-state.ts';

const tell = playbook('inactive-user-delete', {
  choices: { go: { label: 'Go', steps: [{ action: 'notify', with: { text: 'hello' } }] } },
});
const stack = (...playbooks: Parameters<typeof stackOf>[0]) =>
  stackOf(playbooks.length > 0 ? playbooks : [tell], 'enforce');

const far = '9999-01-01T00:00:00.000Z';

/** The alert whose hint is next. */
function alertOf(running: ReturnType<typeof stack>): string {
  const message = running.bus.take();
  if (!message || !('alert' in message.body)) throw new Error('there is no hint of an alert');
  return message.body.alert;
}

/** The same engine, whose process dies with its first call of `ledger` for a run. */
function dyingAtRun(engine: Engine): Engine {
  const die = (journal: string) => {
    if (journal.startsWith('run-')) throw new Error('died');
  };
  const { ledger } = engine;
  return {
    ...engine,
    ledger: {
      read: ledger.read,
      append: async (journal, ...rest) => {
        die(journal);
        return ledger.append(journal, ...rest);
      },
      appendAll: async (journal, ...rest) => {
        die(journal);
        return ledger.appendAll(journal, ...rest);
      },
    },
  };
}

describe('the run of an alert that leads to one', () => {
  test('goes on in the same invocation, and leaves nothing open and no message', async () => {
    const running = stack();
    await raise(running.engine);
    await respond(running.engine, alertOf(running));
    expect((await onlyRun(running)).ended?.outcome).toBe('done');
    expect(running.bus.take()).toBeNull();
    expect(await running.engine.index.due(far, 10)).toEqual([]);
    expect(await running.engine.index.runs({ limit: 10 })).toHaveLength(1);
  });

  test('is in one transaction with what led to its first step, after the answer', async () => {
    const running = stack();
    await raise(running.engine);
    await respond(running.engine, alertOf(running));
    const run = await onlyRun(running);
    const order = running.trace.flatMap((one) => ('entry' in one ? [one.entry.type] : 'sent' in one ? ['sent'] : []));
    expect(order.slice(0, 4)).toEqual(['alert-received', 'alert-answered', 'run-opened', 'proved']);
    expect(await types(running, run.id)).toContain('step-intended');
  });

  test('has its own row from when it rests, and its alert none any more', async () => {
    const running = stack(playbook('inactive-user-delete'));
    await raise(running.engine);
    await respond(running.engine, alertOf(running));
    const run = await onlyRun(running);
    const open = await running.engine.index.due(far, 10);
    expect(open.map(({ journal, kind }) => [journal, kind])).toEqual([[run.id, 'run']]);
  });

  test.each(['as it was answered, although the user is gone and nothing is deployed', 'where the same is found again'])(
    'is begun by whoever comes after a crash: %s',
    async (how) => {
      const running = stack();
      await raise(running.engine);
      const alert = alertOf(running);
      await expect(respond(dyingAtRun(running.engine), alert)).rejects.toThrow('died');
      expect(await types(running, alert)).toEqual(['alert-received', 'alert-answered']);
      expect(await runs(running)).toEqual([]);
      const gone = how.startsWith('as it was');
      if (gone)
        running.far.change((state) => {
          delete state.live[userId(1)];
        });
      await untilEnd(running, gone ? { ...running.engine, playbooks: () => [] } : running.engine);
      const run = await onlyRun(running);
      expect(run.opened.playbook).toEqual(tell);
      expect(run.ended?.outcome).toBe(gone ? 'not-confirmed' : 'done');
      expect((await explainAlert(running.engine, alert)).verdict).toBe('same');
      expect(await running.engine.index.due(far, 10)).toEqual([]);
    },
  );

  test('can be found while what it needs cannot be reached, and goes on when it can', async () => {
    const running = stack();
    await raise(running.engine);
    const { controls } = running.engine;
    const list = async () => {
      throw new Fault('retry', 'busy', 'not now');
    };
    const down = { ...running.engine, controls: { ...controls, list } };
    await expect(respond(down, alertOf(running))).rejects.toMatchObject({ disposition: 'retry' });
    const run = await onlyRun(running);
    expect(await running.engine.index.runs({ limit: 10 })).toMatchObject([{ run: run.id }]);
    expect((await running.engine.index.due(far, 10)).map(({ kind }) => kind)).toEqual(['alert']);
    await untilEnd(running);
    expect((await onlyRun(running)).ended?.outcome).toBe('done');
  });

  test('taken back at the moment it ends is taken back, although whoever decided dies at once', async () => {
    const steps = [{ action: 'disable-user', with: {} }];
    const running = stack(playbook('inactive-user-delete', { choices: { go: { label: 'Go', steps } } }));
    await raise(running.engine);
    const { index } = running.engine;
    const meanwhile: Engine = {
      ...running.engine,
      index: {
        ...index,
        list: async (...given) => {
          const { id } = await onlyRun(running);
          const dies = { ...running.engine, bus: { ...running.engine.bus, run: async () => {} } };
          await undo(dies, id, 'was wrong', approver);
          return index.list(...given);
        },
      },
    };
    await respond(meanwhile, alertOf(running));
    // The undo noted the run as open: that row is not the alert's, and stays for the timer.
    expect((await index.due(far, 10)).map(({ kind }) => kind)).toEqual(['run']);
    await untilEnd(running);
    expect((await onlyRun(running)).undo?.ended?.outcome).toBe('undone');
    expect(await index.due(far, 10)).toEqual([]);
  });

  test('is not begun twice by the same message again', async () => {
    const running = stack();
    await raise(running.engine);
    const alert = alertOf(running);
    await respond(running.engine, alert);
    const before = running.trace.length;
    await respond(running.engine, alert);
    expect(running.trace).toHaveLength(before);
    expect(running.far.sent).toHaveLength(1);
  });
});

describe('the runs of an alert that leads to several', () => {
  const several = claims({ nominations: [1, 2, 3].map((n) => ({ kind: 'user', by: 'id', value: userId(n) })) });

  test('each have a row and a hint', async () => {
    const running = stack();
    await raise(running.engine, several);
    await respond(running.engine, alertOf(running));
    expect((await running.engine.index.due(far, 10)).map(({ kind }) => kind)).toEqual(['run', 'run', 'run']);
    await quiet(running);
    expect((await runs(running)).map(({ ended }) => ended?.outcome)).toEqual(['done', 'done', 'done']);
  });

  test('that a crash left out are begun by whoever comes next, and no other anew', async () => {
    const running = stack();
    await raise(running.engine, several);
    const alert = alertOf(running);
    let left = 1;
    const { bus } = running.engine;
    const dying = {
      ...running.engine,
      bus: {
        ...bus,
        run: async (...given: Parameters<typeof bus.run>) => {
          if (left === 0) throw new Error('died');
          left -= 1;
          return bus.run(...given);
        },
      },
    };
    await expect(respond(dying, alert)).rejects.toThrow('died');
    expect(await runs(running)).toHaveLength(2);
    await untilEnd(running);
    const all = await runs(running);
    expect(all.map(({ ended }) => ended?.outcome)).toEqual(['done', 'done', 'done']);
    expect(running.far.sent).toHaveLength(3);
  });
});
