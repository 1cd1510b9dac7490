import { describe, expect, test } from 'vitest';
import { decide } from '../../../shared/engine/decide.ts';
import { undo } from '../../../shared/engine/undo.ts';
import { approver, digestOf, onlyRun, other, playbook, quiet, raise, stackOf, untilEnd } from '../../support/engine.ts';
import { approverGroup, userId } from '../../support/world-state.ts';

async function asked() {
  const stack = stackOf([playbook('inactive-user-review')], 'approve');
  await raise(stack.engine);
  await quiet(stack);
  const run = await onlyRun(stack);
  const answer = (choice: string) => ({ choice, digest: digestOf(run, choice), reason: null });
  return { stack, run, answer, engine: stack.engine };
}

const no = { choice: null, digest: null, reason: 'not now' };

describe('who may decide', () => {
  test.each([
    ['without the role', { ...approver, roles: ['Quell.Reader'] as const }, 'role-missing'],
    ['with the role, but in no approver group', { ...approver, id: userId(999) }, 'not-an-approver'],
  ])('nobody %s', async (_name, caller, code) => {
    const { run, answer, engine } = await asked();
    await expect(decide(engine, run.id, answer('needed'), caller)).rejects.toMatchObject({
      disposition: 'refuse',
      code,
    });
  });

  test('nobody about themselves, even an approver', async () => {
    const { stack, run, answer, engine } = await asked();
    const self = { ...approver, id: userId(1) };
    stack.far.change(({ groups }) => groups[approverGroup]?.push(self.id));
    await expect(decide(engine, run.id, answer('needed'), self)).rejects.toMatchObject({ code: 'own-case' });
  });

  test('ids are known in any case', async () => {
    const { run, answer, engine } = await asked();
    const caller = { ...approver, id: approver.id.toUpperCase() };
    expect((await decide(engine, run.id, answer('needed'), caller)).decision?.choice).toBe('needed');
  });
});

describe('what can be decided', () => {
  test.each([
    ['another digest', { choice: 'needed', digest: '0'.repeat(64), reason: null }, 'conflict', 'plan-changed'],
    ['the digest of another choice', null, 'conflict', 'plan-changed'],
    ['no digest', { choice: 'needed', digest: null, reason: null }, 'conflict', 'plan-changed'],
    [
      'an unknown choice',
      { choice: 'delete-everything', digest: '0'.repeat(64), reason: null },
      'reject',
      'unknown-choice',
    ],
    ['a rejection without a reason', { ...no, reason: null }, 'reject', 'reason-missing'],
  ])('not %s', async (_name, given, disposition, code) => {
    const { run, engine } = await asked();
    const answer = given ?? { choice: 'needed', digest: digestOf(run, 'remove'), reason: null };
    await expect(decide(engine, run.id, answer, approver)).rejects.toMatchObject({ disposition, code });
  });

  test('not after the question expired', async () => {
    const { stack, run, answer, engine } = await asked();
    stack.clock.moveTo(run.asked?.expiresAt ?? '');
    await expect(decide(engine, run.id, answer('needed'), approver)).rejects.toMatchObject({ code: 'expired' });
    await untilEnd(stack);
    expect((await onlyRun(stack)).ended?.outcome).toBe('expired');
    expect(stack.far.sent).toEqual([]);
  });

  test('the same by the same person again is quiet; anything else is a conflict', async () => {
    const { run, answer, engine } = await asked();
    await decide(engine, run.id, answer('needed'), approver);
    await decide(engine, run.id, answer('needed'), approver);
    await expect(decide(engine, run.id, answer('needed'), other)).rejects.toMatchObject({ code: 'already-decided' });
    await expect(decide(engine, run.id, no, approver)).rejects.toMatchObject({ code: 'already-decided' });
  });

  test('one of two that decide at the same moment: the collision is forced', async () => {
    const { stack, run, answer, engine } = await asked();
    let first = true;
    const ledger = {
      ...engine.ledger,
      append: async (...entry: Parameters<typeof engine.ledger.append>) => {
        if (first) {
          first = false;
          await decide(engine, run.id, no, other);
        }
        return engine.ledger.append(...entry);
      },
    };
    await expect(decide({ ...engine, ledger }, run.id, answer('remove'), approver)).rejects.toMatchObject({
      code: 'already-decided',
    });
    await untilEnd(stack);
    expect((await onlyRun(stack)).ended?.outcome).toBe('rejected');
    expect(stack.far.sent).toEqual([]);
  });
});

test('a decision is carried out although its message is lost', async () => {
  const { stack, run, answer, engine } = await asked();
  await decide(engine, run.id, answer('needed'), approver);
  while (stack.bus.take()) {
    // Every message is lost.
  }
  await untilEnd(stack);
  const ended = await onlyRun(stack);
  expect(ended.ended?.outcome).toBe('done');
  expect(Date.parse(ended.ended?.at ?? '') - Date.parse(ended.decision?.at ?? '')).toBeLessThan(10 * 60_000);
});

test('a mere observer asks nobody and touches nothing', async () => {
  const stack = stackOf([playbook('inactive-user-review')]);
  await raise(stack.engine);
  await untilEnd(stack);
  const run = await onlyRun(stack);
  expect([run.ended?.outcome, run.asked, run.plans?.length]).toEqual(['observed', null, 3]);
  expect(stack.far.sent).toEqual([]);
});

test('nothing is decided any more on a run that is taken back', async () => {
  const { run, answer, engine } = await asked();
  await undo(engine, run.id, 'was wrong', approver);
  await expect(decide(engine, run.id, answer('needed'), approver)).rejects.toMatchObject({
    disposition: 'conflict',
    code: 'taken-back',
  });
});
