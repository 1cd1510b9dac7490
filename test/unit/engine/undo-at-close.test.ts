import { expect, test } from 'vitest';
import { Fault } from '../../../shared/domain/fault.ts';
import { advance } from '../../../shared/engine/advance.ts';
import type { Engine } from '../../../shared/engine/engine.ts';
import { undo } from '../../../shared/engine/undo.ts';
import { approver, onlyRun, playbook, raise, type Stack, stackOf, untilEnd } from '../../support/engine.ts';
import { userId } from '../../support/world-state.ts';

/** A run that has ended and disabled somebody. */
async function ended(): Promise<{ stack: Stack; id: string }> {
  const steps = [{ action: 'disable-user', with: {} }];
  const only = playbook('inactive-user-delete', { choices: { only: { label: 'Only', steps } } });
  const stack = stackOf([only], 'enforce');
  await raise(stack.engine);
  await untilEnd(stack);
  return { stack, id: (await onlyRun(stack)).id };
}

/** The engine of whoever takes back; the message about it is lost, so that only the index knows. */
const losing = ({ engine }: Stack): Engine => ({ ...engine, bus: { ...engine.bus, run: async () => {} } });

async function expectTakenBack(stack: Stack): Promise<void> {
  await untilEnd(stack);
  expect((await onlyRun(stack)).undo?.ended?.outcome).toBe('undone');
  expect(stack.far.state.live[userId(1)]?.enabled).toBe(true);
}

test('taken back after the last look and before the index is closed, with the message lost: it is found all the same', async () => {
  const { stack, id } = await ended();
  const { index } = stack.engine;
  let closings = 0;
  const closing: Engine = {
    ...stack.engine,
    index: {
      ...index,
      close: async (...given) => {
        closings += 1;
        if (closings === 1) await undo(losing(stack), id, 'was needed', approver);
        await index.close(...given);
      },
    },
  };
  await advance(closing, id);
  expect(closings).toBeGreaterThan(0);
  await expectTakenBack(stack);
});

test('taken back after the last look and before the index is closed, by whom dies then as well: it is found all the same', async () => {
  const { stack, id } = await ended();
  const { index } = stack.engine;
  const closing: Engine = {
    ...stack.engine,
    index: {
      ...index,
      close: async (...given) => {
        await undo(losing(stack), id, 'was needed', approver);
        await index.close(...given);
        throw new Fault('retry', 'died', 'x');
      },
    },
  };
  await expect(advance(closing, id)).rejects.toMatchObject({ code: 'died' });
  await expectTakenBack(stack);
});

test('woken between noting and recording that it is taken back, and whoever does dies then: it is found all the same', async () => {
  const { stack, id } = await ended();
  const { ledger } = stack.engine;
  const taking: Engine = {
    ...losing(stack),
    ledger: {
      ...ledger,
      append: async (journal, previous, body) => {
        // What becomes of it is written down elsewhere, and finds nothing for the run.
        if (journal !== id) return ledger.append(journal, previous, body);
        await advance(stack.engine, id);
        await ledger.append(journal, previous, body);
        throw new Fault('retry', 'died', 'x');
      },
    },
  };
  await expect(undo(taking, id, 'was needed', approver)).rejects.toMatchObject({ code: 'died' });
  await expectTakenBack(stack);
});

test('noted as taken back and never recorded: the timer looks once more, and then no more', async () => {
  const { stack, id } = await ended();
  const dies: Engine = {
    ...losing(stack),
    ledger: { ...stack.engine.ledger, append: () => Promise.reject(new Fault('retry', 'died', 'x')) },
  };
  await expect(undo(dies, id, 'was needed', approver)).rejects.toMatchObject({ code: 'died' });
  await untilEnd(stack);
  expect((await onlyRun(stack)).undo).toBeNull();
  expect(await stack.engine.index.due('9999-01-01T00:00:00.000Z', 10)).toEqual([]);
});

test('taken back, and noted nowhere: who takes it back again has it noted', async () => {
  const { stack, id } = await ended();
  await undo(losing(stack), id, 'was needed', approver);
  await stack.engine.index.close(id);
  await undo(losing(stack), id, 'was needed', approver);
  await expectTakenBack(stack);
});
