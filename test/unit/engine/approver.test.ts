import { describe, expect, test } from 'vitest';
import { Fault } from '../../../shared/domain/fault.ts';
import type { Step } from '../../../shared/domain/playbook.ts';
import { noApprover } from '../../../shared/engine/approver.ts';
import { decide } from '../../../shared/engine/decide.ts';
import { undo } from '../../../shared/engine/undo.ts';
import { approver, onlyRun, playbook, quiet, raise, type Stack, stackOf, types } from '../../support/engine.ts';
import { approverGroup, userId } from '../../support/world-state.ts';

describe('who approves is read now', () => {
  const asking = (fault: Fault) => {
    const { engine } = stackOf([]);
    const directory = { ...engine.world.directory, presence: () => Promise.reject(fault) };
    return noApprover({ ...engine, world: { ...engine.world, directory } }, 'x');
  };

  test('what is no object id is nobody', async () => {
    expect(await asking(new Fault('reject', 'wrong-id', 'x'))).toBe('is no user of this directory');
  });

  test.each(['retry', 'uncertain', 'halt', 'refuse', 'conflict'] as const)(
    'where that fails with %s, it is tried again and nobody approves meanwhile',
    async (disposition) => {
      const cause = new Fault(disposition, 'odd', 'x');
      await expect(asking(cause)).rejects.toMatchObject({
        ...{ disposition: 'retry', code: 'approvers-unreadable', retryAfterMs: 60_000, cause },
        message: 'Who may approve cannot be read now, so nothing is approved and nothing done.',
      });
    },
  );
});

describe('an approval whose approver may not any more', () => {
  const leave = ({ far }: Stack) =>
    far.change(({ groups }) => {
      groups[approverGroup] = [];
    });

  async function approved(...steps: readonly Step[]): Promise<Stack> {
    const choices = { only: { label: 'Only', steps } };
    const stack = stackOf([playbook('inactive-user-delete', { choices })], 'approve');
    await raise(stack.engine);
    await quiet(stack);
    const { id, plans } = await onlyRun(stack);
    await decide(stack.engine, id, { choice: 'only', digest: plans?.[0]?.digest ?? null, reason: null }, approver);
    return stack;
  }
  const disable = { action: 'disable-user', with: {} };

  test('is void before a change: it is asked again, and said', async () => {
    const stack = await approved(disable);
    leave(stack);
    await quiet(stack);
    const run = await onlyRun(stack);
    expect(run.decision).toBeNull();
    const entries = await stack.engine.ledger.read(run.id);
    expect(entries.find(({ type }) => type === 'approval-voided')?.data).toMatchObject({
      ...{ by: approver.id, reason: 'Ada is in no approver group: the approval does not count any more' },
    });
    expect(stack.far.sent).toEqual([]);
  });

  test('does not keep word from being sent', async () => {
    const message = { action: 'notify', with: { channel: 'team', message: 'look' } };
    const shipped = playbook('super-user-notify').choices;
    const [step = message] = Object.values(shipped).flatMap(({ steps }) => steps);
    const stack = await approved(step);
    leave(stack);
    await quiet(stack);
    const run = await onlyRun(stack);
    expect(await types(stack, run.id)).not.toContain('approval-voided');
    expect(run.ended?.outcome).toBe('done');
  });

  test('does not keep it from being taken back', async () => {
    const stack = await approved(disable);
    await quiet(stack);
    expect(stack.far.state.live[userId(1)]?.enabled).toBe(false);
    leave(stack);
    const { id } = await onlyRun(stack);
    await undo(stack.engine, id, 'was needed', approver);
    stack.clock.move(120_000);
    await quiet(stack);
    expect(await types(stack, id)).not.toContain('approval-voided');
    expect(stack.far.state.live[userId(1)]?.enabled).toBe(true);
  });
});
