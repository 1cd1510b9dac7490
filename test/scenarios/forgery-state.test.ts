import { describe, expect, test } from 'vitest';
import { entryAfter } from '../../shared/domain/ledger.ts';
import { planOf } from '../../shared/domain/plan.ts';
import { decide } from '../../shared/engine/decide.ts';
import type { Engine } from '../../shared/engine/engine.ts';
import { approver, onlyRun, other, quiet } from '../support/engine.ts';
import { type Asking, asking, audited, tried } from '../support/forgery.ts';
import { userId } from '../support/world-state.ts';

/* When it is decided: what stands against it then, or when it would be carried out. One audit entry, nothing changed. */

const id = userId(1);
const stop = { by: 'p-1', byName: 'Sam', at: '2026-03-01T12:00:00.000Z', reason: 'wrong people' };

/** Refused when it is decided. */
const refused: readonly {
  readonly when: string;
  readonly code: string;
  readonly given: (asked: Asking) => Promise<Partial<Engine>> | Partial<Engine>;
  readonly answer?: (asked: Asking) => ReturnType<Asking['answer']>;
}[] = [
  {
    when: 'the kill switch is on',
    code: 'stopped',
    given: async ({ stack }) => {
      await stack.engine.controls.put({ kind: 'stop', scope: 'all', name: null, ...stop });
      return {};
    },
  },
  {
    when: 'the playbook is quarantined',
    code: 'stopped',
    given: async ({ stack, run }) => {
      await stack.engine.controls.put({
        kind: 'quarantine',
        scope: 'playbook',
        name: run.opened.playbook.name,
        ...stop,
      });
      return {};
    },
  },
  {
    when: 'what is stopped cannot be read',
    code: 'controls-unreadable',
    given: ({ stack }) => ({ controls: { ...stack.engine.controls, list: () => Promise.reject(new Error('down')) } }),
  },
  {
    when: 'a stage is skipped: delete without the wait',
    code: 'plan-changed',
    given: () => ({}),
    answer: ({ run }) => {
      const plan = run.plans?.find(({ choice }) => choice === 'remove');
      const { alert, playbook, identity } = run.opened;
      if (!run.proof || !plan) throw new Error('there is no plan');
      const about = { run: run.id, alert, playbook, identity, proof: run.proof };
      const { digest } = planOf(about, { name: 'remove', label: plan.label }, plan.steps.slice(-1));
      return { choice: 'remove', digest, reason: null };
    },
  },
  {
    when: 'the clock is past the question',
    code: 'expired',
    given: ({ stack, run }) => {
      stack.clock.moveTo(run.asked?.expiresAt ?? '');
      return {};
    },
  },
  {
    when: 'the clock is further behind the ledger than clocks differ',
    code: 'clock-behind',
    given: ({ run }) => ({ clock: () => new Date(Date.parse(run.openedAt) - 6 * 60_000).toISOString() }),
  },
  {
    when: 'the ledger cannot be read',
    code: 'unforeseen',
    given: ({ stack, run }) => ({
      ledger: {
        ...stack.engine.ledger,
        read: (journal) => (journal === run.id ? Promise.reject(new Error('down')) : stack.engine.ledger.read(journal)),
      },
    }),
  },
  {
    when: 'an entry of the run was changed behind our back',
    code: 'ledger-broken',
    given: ({ stack, run }) => ({
      ledger: {
        ...stack.engine.ledger,
        read: async (journal) =>
          (await stack.engine.ledger.read(journal)).map((entry) =>
            entry.type === 'asked' && journal === run.id
              ? { ...entry, data: { ...entry.data, expiresAt: '2999-01-01T00:00:00.000Z' } }
              : entry,
          ),
      },
    }),
  },
];

describe.each(refused)('where $when', ({ code, given, answer }) => {
  test('approving is refused', async () => {
    const asked = await asking();
    const { stack, run } = asked;
    const before = await stack.engine.ledger.read(run.id);
    const engine = { ...stack.engine, ...(await given(asked)) };
    const caught = decide(engine, run.id, (answer ?? (() => asked.answer()))(asked), approver);
    await expect(caught).rejects.toMatchObject({ code });
    const day = engine.clock().slice(0, 10);
    expect(day).toBe(stack.clock.now().slice(0, 10));
    expect(await audited(stack)).toMatchObject([{ what: 'decision', run: run.id, by: approver.id, code }]);
    expect(await stack.engine.ledger.read(run.id)).toEqual(before);
    expect(stack.far.sent).toEqual([]);
  });
});

/** Approved by two, and refused when it is to be carried out. */
const stopped: readonly {
  readonly when: string;
  readonly code: string;
  readonly given: (asked: Asking) => Partial<Engine>;
}[] = [
  {
    when: 'the budget is gone',
    code: 'budget-full',
    given: ({ stack }) => {
      const none = { hour: 0, day: 0, week: 0, month: 0 };
      return { limits: { ...stack.engine.limits, budgets: { reversible: none, destructive: none } } };
    },
  },
  {
    when: 'the target is protected now',
    code: 'refused',
    given: ({ stack }) => ({ safety: { ...stack.engine.safety, breakGlass: [id] } }),
  },
  {
    when: 'the target is active again',
    code: 'not-confirmed',
    given: ({ stack }) => {
      const at = stack.clock.now();
      stack.far.change(({ live }) =>
        Object.assign(live[id] ?? {}, { signIns: { successful: at, interactive: at, nonInteractive: at } }),
      );
      return {};
    },
  },
  {
    when: 'the target is deleted',
    code: 'not-confirmed',
    given: ({ stack }) => {
      stack.far.change(({ live, deleted }) => {
        const gone = live[id];
        if (gone) deleted[id] = gone;
        delete live[id];
      });
      return {};
    },
  },
];

describe.each(stopped)('where $when', ({ code, given }) => {
  test('what was approved is not carried out', async () => {
    const asked = await asking();
    const { stack, run } = asked;
    stack.clock.move(60_000);
    for (const caller of [approver, other]) await decide(stack.engine, run.id, asked.answer(), caller);
    const engine = { ...stack.engine, ...given(asked) };
    await quiet(stack, engine).catch(() => undefined);
    expect(stack.far.sent).toEqual([]);
    expect(await audited(stack)).toMatchObject([{ what: 'execution', run: run.id, by: other.id, code }]);
  });
});

test('the alias of the first approver is the first approver', async () => {
  const { stack, run, answer } = await asking();
  await decide(stack.engine, run.id, answer(), approver);
  stack.far.change(({ live }) => Object.assign(live[approver.id] ?? {}, { userPrincipalName: 'ada.l@example.com' }));
  expect(await tried(stack, run, answer(), { ...approver, name: 'ada.l@example.com' })).toBe('taken');
  expect(await audited(stack)).toMatchObject([{ code: 'same-person' }]);
  expect((await onlyRun(stack)).decision).toBeNull();
});

/** Rows that somebody who can write to the table puts at the end, with a right chain: each approves, none is an approver. */
test.each([
  ['somebody who is no approver, twice', [userId(950), userId(951)]],
  ['the playbook itself, which may only ask', ['playbook:inactive-user-review@1', 'playbook:inactive-user-review@2']],
  ['the target and the requester', [id, userId(952)]],
])('decisions written into the table as %s are not carried out', async (_who, people) => {
  const { stack, run, answer } = await asking();
  for (const by of people) {
    const previous = (await stack.engine.ledger.read(run.id)).at(-1) ?? null;
    const data = { ...answer(), by, byName: 'Ada' };
    const body = {
      time: stack.clock.now(),
      type: 'decided',
      actor: `person:${by}`,
      data: JSON.parse(JSON.stringify(data)),
    };
    entryAfter(run.id, previous, body);
    await stack.engine.ledger.append(run.id, previous, body);
  }
  await stack.engine.bus.run(run.id, id, { reason: 'forged' });
  await quiet(stack);
  expect(stack.far.sent).toEqual([]);
  expect((await onlyRun(stack)).decision).toBeNull();
  expect((await audited(stack)).length).toBeGreaterThan(0);
});
