import { describe, expect, test } from 'vitest';
import { decide } from '../../shared/engine/decide.ts';
import type { Caller } from '../../shared/ports.ts';
import { approver, nextDue, onlyRun, other, quiet, untilEnd } from '../support/engine.ts';
import { type Asking, asking, audited, expectUntouched, person, removed, tried } from '../support/forgery.ts';
import { approverGroup, userId } from '../support/world-state.ts';

/* Who decides: every one who must not, by the row. Refused, one audit entry, nothing changed. */

interface Case {
  readonly who: string;
  readonly code: string;
  readonly caller: (asking: Asking) => Caller | Promise<Caller>;
  readonly given?: () => Promise<Asking>;
}

const named = (caller: Caller, name: string): Caller => ({ ...caller, name });

const cases: readonly Case[] = [
  {
    who: 'somebody who is no approver',
    code: 'not-an-approver',
    caller: ({ stack }) => person(stack, 50, { member: false }),
  },
  {
    who: 'the requester',
    code: 'own-request',
    given: () => asking({}, `person:${approver.id}`),
    caller: () => approver,
  },
  {
    who: 'the target',
    code: 'own-case',
    caller: ({ stack }) => {
      stack.far.change(({ groups }) => groups[approverGroup]?.push(userId(1)));
      return { id: userId(1), name: 'User 1', roles: ['Quell.Approver'] };
    },
  },
  {
    who: 'the last editor of the playbook',
    code: 'own-playbook',
    given: () => asking({ editors: [other.id] }),
    caller: () => ({ ...other, id: other.id.toUpperCase() }),
  },
  { who: 'a guest', code: 'not-an-approver', caller: ({ stack }) => person(stack, 51, { guest: true }) },
  { who: 'a disabled account', code: 'not-an-approver', caller: ({ stack }) => person(stack, 52, { enabled: false }) },
  {
    who: 'somebody deleted since',
    code: 'not-an-approver',
    caller: ({ stack }) => {
      const caller = person(stack, 53);
      stack.far.change(({ live, deleted }) => {
        const gone = live[caller.id];
        if (gone) deleted[caller.id] = gone;
        delete live[caller.id];
      });
      return caller;
    },
  },
  {
    who: 'somebody removed after the question was asked',
    code: 'not-an-approver',
    caller: ({ stack }) => {
      removed(stack, approver.id);
      return approver;
    },
  },
  {
    who: 'a member whose activation has expired',
    code: 'not-an-approver',
    caller: async ({ stack }) => {
      const caller = person(stack, 54);
      removed(stack, caller.id);
      return caller;
    },
  },
  {
    who: 'a program',
    code: 'not-an-approver',
    caller: () => ({ id: userId(970), name: 'Ada', roles: ['Quell.Approver'] }),
  },
  {
    who: 'a shared mailbox that an approver may send from',
    code: 'not-an-approver',
    caller: ({ stack }) => named(person(stack, 55, { member: false, enabled: false }), approver.name),
  },
  {
    who: 'a twin by display name and address',
    code: 'not-an-approver',
    caller: ({ stack }) =>
      named(
        person(stack, 56, { member: false, displayName: 'User 901', userPrincipalName: 'user901@example.com' }),
        'Ada',
      ),
  },
  { who: 'nobody: the object id is missing', code: 'not-an-approver', caller: () => ({ ...approver, id: '' }) },
  {
    who: 'an approver without the right to use the API',
    code: 'role-missing',
    caller: () => ({ ...approver, roles: ['Quell.Reader'] }),
  },
];

describe.each(cases)('$who', ({ code, caller, given = asking }) => {
  test.each(['remove', null] as const)('cannot decide (%s)', async (choice) => {
    const asked = await given();
    const { stack, run } = asked;
    const who = await caller(asked);
    const before = await stack.engine.ledger.read(run.id);
    const answer = choice === null ? { choice, digest: null, reason: 'no' } : asked.answer(choice);
    expect(await tried(stack, run, answer, who)).toBe(code);
    expect(await audited(stack)).toEqual([
      {
        what: 'decision',
        channel: 'api',
        run: run.id,
        by: who.id.toLowerCase(),
        byName: who.name,
        code,
        reason: expect.any(String),
      },
    ]);
    await quiet(stack);
    expect(await stack.engine.ledger.read(run.id)).toEqual(before);
    await expectUntouched(stack);
  });
});

describe.each([
  ['twice', (caller: Caller) => caller],
  [
    'on two devices, spelled otherwise',
    (caller: Caller) => ({ ...caller, id: caller.id.toUpperCase(), name: 'Ada L.' }),
  ],
])('one person %s', (_how, again) => {
  test('is one of two, and it is quiet', async () => {
    const { stack, run, answer } = await asking();
    await decide(stack.engine, run.id, answer(), approver);
    await decide(stack.engine, run.id, answer(), again(approver), 'teams');
    expect((await audited(stack)).map(({ code }) => code)).toEqual(['same-person']);
    await quiet(stack);
    expect((await onlyRun(stack)).approvals).toHaveLength(1);
    await expectUntouched(stack);
    await untilEnd(stack);
    expect((await onlyRun(stack)).ended).toMatchObject({
      outcome: 'expired',
      reason: expect.stringContaining('remove has 1 of 2 approvals'),
    });
    expect(stack.far.sent).toEqual([]);
  });
});

describe.each([
  ['lost membership', (asked: Asking) => removed(asked.stack, other.id), 'is in no approver group'],
  [
    'was disabled',
    ({ stack }: Asking) => stack.far.change(({ live }) => Object.assign(live[other.id] ?? {}, { enabled: false })),
    'is disabled',
  ],
  [
    'was deleted',
    ({ stack }: Asking) =>
      stack.far.change(({ live }) => {
        delete live[other.id];
      }),
    'is no user of this directory',
  ],
])('an approver who %s after approving, before it is carried out', (_how, lose, reason) => {
  test('counts no longer: asked again, nothing done, and a third can approve', async () => {
    const asked = await asking();
    const { stack, run, answer } = asked;
    for (const caller of [approver, other]) await decide(stack.engine, run.id, answer(), caller);
    lose(asked);
    await quiet(stack);
    const after = await onlyRun(stack);
    expect(stack.far.sent).toEqual([]);
    expect([after.approvals.map(({ by }) => by), after.decision]).toEqual([[approver.id], null]);
    expect(after.asked?.choices).toContain('remove');
    expect(await audited(stack)).toMatchObject([
      { what: 'execution', by: other.id, code: 'approval-voided', reason: expect.stringContaining(reason) },
    ]);
    await decide(stack.engine, run.id, answer(), person(stack, 60));
    await untilEnd(stack);
    expect((await onlyRun(stack)).ended?.outcome).toBe('done');
  });
});

test('an approver lost in the month before deleting: only the rest of that plan is asked about', async () => {
  const { stack, run, answer } = await asking();
  for (const caller of [approver, other]) await decide(stack.engine, run.id, answer(), caller);
  await quiet(stack);
  expect(stack.far.state.live[userId(1)]?.enabled).toBe(false);
  removed(stack, approver.id);
  await nextDue(stack);
  const after = await onlyRun(stack);
  expect(after.asked?.choices).toEqual(['remove']);
  expect(after.planNumber).toBe(1);
  expect(stack.far.state.live[userId(1)]).toBeDefined();
  await decide(stack.engine, run.id, answer(), person(stack, 60));
  await quiet(stack);
  expect(stack.far.state.live[userId(1)]).toBeUndefined();
});

test('while the groups cannot be read, nobody decides and nothing approved is done', async () => {
  const { stack, run, answer } = await asking();
  const { directory } = stack.engine.world;
  const down = async () => Promise.reject(new Error('down'));
  const engine = { ...stack.engine, world: { ...stack.engine.world, directory: { ...directory, groupsAmong: down } } };
  await expect(decide(engine, run.id, answer(), approver)).rejects.toMatchObject({ code: 'approvers-unreadable' });
  expect(await audited(stack)).toMatchObject([{ code: 'approvers-unreadable' }]);
  for (const caller of [approver, other]) await decide(stack.engine, run.id, answer(), caller);
  await expect(quiet(stack, engine)).rejects.toMatchObject({ disposition: 'retry' });
  expect(stack.far.sent).toEqual([]);
});
