import { describe, expect, test } from 'vitest';
import type { Control } from '../../../shared/domain/control.ts';
import { Fault } from '../../../shared/domain/fault.ts';
import { advance } from '../../../shared/engine/advance.ts';
import { type Answer, approvalCount, decide } from '../../../shared/engine/decide.ts';
import type { Engine } from '../../../shared/engine/engine.ts';
import { undo } from '../../../shared/engine/undo.ts';
import type { Caller } from '../../../shared/ports.ts';
import {
  approver,
  beginOnly,
  digestOf,
  graceMs,
  nextDue,
  onlyRun,
  other,
  playbook,
  quiet,
  raise,
  stackOf,
  untilEnd,
} from '../../support/engine.ts';
import { audited } from '../../support/forgery.ts';
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

describe('written down', () => {
  const withLedger = (engine: Engine, append: Engine['ledger']['append']): Engine => ({
    ...engine,
    ledger: { ...engine.ledger, append },
  });

  test('is tried five times where something else is written each time', async () => {
    const { run, answer, engine } = await asked();
    let tries = 0;
    const busy = withLedger(engine, async (journal) => {
      if (journal === run.id) tries += 1;
      throw new Fault('conflict', 'entry-exists', 'x');
    });
    await expect(decide(busy, run.id, answer('needed'), approver)).rejects.toMatchObject({
      ...{
        disposition: 'conflict',
        code: 'run-moved',
        message: `${run.id} moved while you decided; look at it again.`,
      },
    });
    expect(tries).toBe(5);
    expect((await engine.ledger.read(run.id)).some(({ type }) => type === 'decided')).toBe(false);
  });

  test('is not tried again where the ledger is down', async () => {
    const { run, answer, engine } = await asked();
    const down = withLedger(engine, async () => Promise.reject(new Fault('retry', 'storage-down', 'x')));
    await expect(decide(down, run.id, answer('needed'), approver)).rejects.toMatchObject({ code: 'storage-down' });
  });

  test.each([
    ['an approval', 'needed'],
    ['a rejection', null],
  ])('too late, though it was begun in time: %s counts nothing', async (_what, choice) => {
    const { stack, run, answer, engine } = await asked();
    const until = run.asked?.expiresAt ?? '';
    stack.clock.moveTo(new Date(Date.parse(until) - 1).toISOString());
    const index = {
      ...engine.index,
      open: async (...item: Parameters<typeof engine.index.open>) => {
        stack.clock.moveTo(until);
        await engine.index.open(...item);
      },
    };
    const said = choice === null ? no : answer(choice);
    await expect(decide({ ...engine, index }, run.id, said, approver)).rejects.toMatchObject({
      ...{ disposition: 'conflict', code: 'expired', message: `The question stood until ${until}.` },
    });
    await untilEnd(stack);
    expect((await onlyRun(stack)).ended?.outcome).toBe('expired');
  });

  test('is looked for soon, though the run rests until the question expires', async () => {
    const { stack, run, answer, engine } = await asked();
    await decide(engine, run.id, answer('needed'), approver);
    expect(await engine.index.due('9999', 10)).toMatchObject([
      { journal: run.id, kind: 'run', due: new Date(Date.parse(stack.clock.now()) + graceMs).toISOString() },
    ]);
  });

  test('is looked for soon, though the run is put to rest while it is written and whoever wrote it dies then', async () => {
    const { stack, run, answer, engine } = await asked();
    const { ledger } = engine;
    const append: typeof ledger.append = async (journal, previous, body) => {
      if (journal === run.id) await advance(engine, run.id);
      await ledger.append(journal, previous, body);
      throw new Fault('retry', 'died', 'x');
    };
    const dies = { ...engine, ledger: { ...ledger, append } };
    await expect(decide(dies, run.id, answer('needed'), approver)).rejects.toMatchObject({ code: 'died' });
    await nextDue(stack, engine, new Date(Date.parse(stack.clock.now()) + graceMs).toISOString());
    expect((await onlyRun(stack)).ended?.outcome).toBe('done');
  });

  test('never written although it was noted lets the run rest until the question expires, once the timer has looked for an hour', async () => {
    const { stack, run, answer, engine } = await asked();
    const dies = {
      ...engine,
      ledger: { ...engine.ledger, append: () => Promise.reject(new Fault('retry', 'x', 'x')) },
    };
    await expect(decide(dies, run.id, answer('needed'), approver)).rejects.toMatchObject({ code: 'x' });
    const dueAt = async () => (await engine.index.due('9999', 1))[0]?.due;
    expect(await dueAt()).toBe(new Date(Date.parse(stack.clock.now()) + graceMs).toISOString());
    const hour = 60 * 60_000;
    for (let looks = 0; looks < hour / graceMs - 1; looks += 1) await nextDue(stack);
    const until = new Date(Date.parse('2026-03-01T12:00:00.000Z') + hour).toISOString();
    expect(await dueAt()).toBe(until);
    await nextDue(stack);
    expect(stack.clock.now()).toBe(until);
    expect(await dueAt()).toBe(run.asked?.expiresAt);
  });
});

describe('what is said to who cannot decide', () => {
  test('where nobody was asked yet', async () => {
    const stack = stackOf([playbook('inactive-user-review')], 'approve');
    await raise(stack.engine);
    await beginOnly(stack);
    const { id } = await onlyRun(stack);
    await expect(decide(stack.engine, id, no, approver)).rejects.toMatchObject({
      ...{ disposition: 'conflict', code: 'not-asked', message: `${id} is not waiting for a decision.` },
    });
  });

  test('where it has ended, is decided, or the clock here is behind', async () => {
    const { stack, run, answer, engine } = await asked();
    const behind = { ...engine, clock: () => new Date(Date.parse(stack.clock.now()) - 301_000).toISOString() };
    await expect(decide(behind, run.id, answer('needed'), approver)).rejects.toMatchObject({
      ...{ disposition: 'retry', code: 'clock-behind' },
      message: 'The clock here is behind the ledger; a question may seem open that is not.',
    });
    const justIn = { ...engine, clock: () => new Date(Date.parse(stack.clock.now()) - 300_000).toISOString() };
    await decide(justIn, run.id, answer('needed'), approver);
    await expect(decide(engine, run.id, no, other)).rejects.toMatchObject({ message: 'Ada has decided this already.' });
    await untilEnd(stack);
    await expect(decide(engine, run.id, no, other)).rejects.toMatchObject({
      ...{ code: 'run-ended', message: `${run.id} has ended: done.` },
    });
  });

  test('where the plan or the choice is another, or a reason is missing', async () => {
    const { run, engine } = await asked();
    const choice = { choice: 'x', digest: null, reason: null };
    await expect(decide(engine, run.id, choice, approver)).rejects.toMatchObject({
      message: `x is not one of: ${run.asked?.choices.join(', ')}.`,
    });
    await expect(decide(engine, run.id, { ...no, reason: '' }, approver)).rejects.toMatchObject({
      message: 'Rejecting needs a reason.',
    });
  });
});

describe('what is stopped', () => {
  const stop = (name: string): Control => ({
    ...{ kind: 'stop', scope: 'action', name, by: 'x', byName: 'Sam' },
    ...{ at: '2026-03-01T12:00:00.000Z', reason: 'wrong people' },
  });

  test('is not approved, but can be rejected, and other choices approved', async () => {
    const { run, answer, engine } = await asked();
    await engine.controls.put(stop('disable-user'));
    await expect(decide(engine, run.id, answer('remove'), approver)).rejects.toMatchObject({
      ...{ disposition: 'refuse', code: 'stopped' },
      message: 'Sam stopped action disable-user: wrong people. Approve when it is released.',
    });
    expect((await decide(engine, run.id, answer('needed'), approver)).decision?.choice).toBe('needed');
    const rejecting = await asked();
    await rejecting.engine.controls.put({ ...stop('disable-user'), scope: 'all', name: null });
    expect((await decide(rejecting.engine, rejecting.run.id, no, approver)).decision?.choice).toBeNull();
  });
});

describe('of two who are needed', () => {
  test('the first counts once, however often they approve, and that is written down', async () => {
    const { stack, run, answer, engine } = await asked();
    const once = await decide(engine, run.id, answer('remove'), approver);
    expect([once.decision, once.approvals.length]).toEqual([null, 1]);
    const again = await decide(engine, run.id, answer('remove'), approver);
    expect([again.decision, again.approvals.length]).toEqual([null, 1]);
    expect(await audited(stack)).toMatchObject([
      { code: 'same-person', reason: 'Approved the same plan before; another person has to.' },
    ]);
    expect((await decide(engine, run.id, answer('remove'), other)).decision?.choice).toBe('remove');
  });

  test('one who approved one thing can still approve another, and rejecting ends it', async () => {
    const { stack, run, answer, engine } = await asked();
    await decide(engine, run.id, answer('remove'), approver);
    expect((await decide(engine, run.id, answer('needed'), approver)).decision?.choice).toBe('needed');
    expect(await audited(stack)).toEqual([]);
    const rejected = await asked();
    await decide(rejected.engine, rejected.run.id, rejected.answer('remove'), approver);
    expect((await decide(rejected.engine, rejected.run.id, no, approver)).decision?.choice).toBeNull();
  });
});

describe('of two who are needed, late', () => {
  const late = async (said: (answer: (choice: string) => Answer) => Answer, caller: Caller) => {
    const { stack, run, answer, engine } = await asked();
    await decide(engine, run.id, answer('remove'), approver);
    const until = run.asked?.expiresAt ?? '';
    const index = {
      ...engine.index,
      open: async (...item: Parameters<typeof engine.index.open>) => {
        stack.clock.moveTo(until);
        await engine.index.open(...item);
      },
    };
    return decide({ ...engine, index }, run.id, said(answer), caller);
  };

  test('the second counts nothing, nor does the first who rejects it after all', async () => {
    await expect(late((answer) => answer('remove'), other)).rejects.toMatchObject({ code: 'expired' });
    await expect(late(() => no, approver)).rejects.toMatchObject({ code: 'expired' });
  });
});

test('rejecting again what one has rejected is quiet', async () => {
  const { stack, run, engine } = await asked();
  await decide(engine, run.id, no, approver);
  expect((await decide(engine, run.id, no, approver)).decision).toMatchObject({ choice: null });
  expect(await audited(stack)).toEqual([]);
});

test("the entry is the person's, and the run is told why it is woken", async () => {
  const { stack, run, answer, engine } = await asked();
  const hints: object[] = [];
  const bus: Engine['bus'] = { ...engine.bus, run: async (...hint) => void hints.push(hint) };
  await decide({ ...engine, bus }, run.id, answer('needed'), approver);
  const last = (await engine.ledger.read(run.id)).at(-1);
  expect(last).toMatchObject({ type: 'decided', actor: `person:${approver.id}` });
  expect(hints).toEqual([[run.id, run.opened.identity.id, { reason: `decided by ${approver.id}` }]]);
  await decide({ ...engine, bus }, run.id, answer('needed'), approver);
  expect((await engine.ledger.read(run.id)).at(-1)?.sequence).toBe(last?.sequence);
  expect(await audited(stack)).toEqual([]);
});

test('how many have approved a plan, and how many it needs', async () => {
  const { run, answer, engine } = await asked();
  const once = await decide(engine, run.id, answer('remove'), approver);
  expect(approvalCount(once, answer('remove'))).toEqual({ approved: 1, people: 2 });
  expect(approvalCount(once, answer('needed'))).toEqual({ approved: 0, people: 1 });
  expect(approvalCount(once, no)).toBeNull();
  expect(approvalCount({ ...once, plans: null }, answer('remove'))).toBeNull();
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

test('a decision that was written and never noted is noted when it is made again', async () => {
  const { stack, run, answer, engine } = await asked();
  await decide(engine, run.id, answer('needed'), approver);
  while (stack.bus.take()) {
    // Every message is lost.
  }
  const far = run.asked?.expiresAt ?? '';
  await engine.index.open({ journal: run.id, kind: 'run', session: run.opened.identity.id, due: far });
  await decide(engine, run.id, answer('needed'), approver);
  const soon = new Date(Date.parse(stack.clock.now()) + graceMs).toISOString();
  expect(await engine.index.due('9999', 10)).toMatchObject([{ journal: run.id, due: soon }]);
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
    message: `Ada has taken ${run.id} back.`,
  });
});

test('a decision is taken up although somebody put the run to rest while it was written, and its message is lost', async () => {
  const { run, answer, engine } = await asked();
  const ledger = {
    ...engine.ledger,
    append: async (...entry: Parameters<typeof engine.ledger.append>) => {
      const due = run.asked?.expiresAt ?? '';
      await engine.index.open({ journal: run.id, kind: 'run', session: run.opened.identity.id, due });
      return engine.ledger.append(...entry);
    },
  };
  const bus = { ...engine.bus, run: async () => {} };
  await decide({ ...engine, ledger, bus }, run.id, answer('needed'), approver);
  const [open] = await engine.index.due('9999', 10);
  expect(Date.parse(open?.due ?? '') - Date.parse(engine.clock())).toBe(graceMs);
});
