import { describe, expect, test } from 'vitest';
import { alertEntryOf } from '../../../shared/domain/alert-entry.ts';
import { whatIf, whatIfParts } from '../../../shared/engine/what-if.ts';
import { why } from '../../../shared/engine/why.ts';
import { expectFault } from '../../support/adapters-storage.ts';
import { claims, playbook, quiet, raise, type Stack, stackOf, untilEnd } from '../../support/engine.ts';
import { day } from '../../support/world-clock.ts';
import { userId } from '../../support/world-state.ts';

const all = ['inactive-user-review', 'inactive-user-delete', 'super-user-notify'].map((name) => playbook(name));

async function answered(stack: Stack): Promise<string> {
  const { alert } = Object(await raise(stack.engine));
  await untilEnd(stack);
  return alert;
}

describe('what if', () => {
  test('is what the run then does, and leaves nothing behind', async () => {
    const stack = stackOf(all, 'approve');
    const { alert } = Object(await raise(stack.engine));
    const before = stack.trace.length;
    const { playbook: named, would } = await whatIf(whatIfParts(stack.engine), alert);
    expect(stack.trace.length).toBe(before);
    await quiet(stack);
    const run = stack.trace.flatMap((one) => ('entry' in one && one.entry.type === 'planned' ? [one.entry] : []))[0];
    expect(named).toEqual({ name: 'inactive-user-delete', version: 1 });
    expect(would).toHaveLength(1);
    expect(would[0]).toMatchObject({ move: 'ask', mode: 'approve', proof: { verdict: 'true' } });
    expect(would[0]?.plans).toEqual(run?.data.plans);
  });

  test('is of today: other playbooks, another world', async () => {
    const stack = stackOf(all, 'observe');
    const alert = await answered(stack);
    const today = { ...stack.engine, playbooks: () => [playbook('inactive-user-review', { mode: 'enforce' })] };
    expect(await whatIf(whatIfParts(today), alert)).toMatchObject({
      playbook: { name: 'inactive-user-review' },
      would: [{ move: 'end', because: expect.stringMatching(/^observed/) }],
    });
    stack.far.change(({ live }) => {
      const user = live[userId(1)];
      if (user) user.signIns = { successful: stack.clock.now(), interactive: null, nonInteractive: null };
    });
    const { would } = await whatIf(whatIfParts(today), alert);
    expect(would[0]?.because).toMatch(/^not-confirmed/);
  });

  test('says why others would not answer, those for other rules too', async () => {
    const stack = stackOf(all, 'observe');
    const alert = await answered(stack);
    const { considered } = await whatIf(whatIfParts(stack.engine), alert);
    expect(considered.map(({ playbook: name, against }) => [name, against.length > 0])).toEqual([
      ['inactive-user-review', true],
      ['inactive-user-delete', false],
      ['super-user-notify', true],
    ]);
  });

  test('says where nothing would be done, and why', async () => {
    const stack = stackOf(all, 'observe');
    const alert = await answered(stack);
    const world = { ...stack.engine.world, accessControl: {} };
    expect(await whatIf(whatIfParts({ ...stack.engine, world }), alert)).toEqual({
      ...{ alert, at: stack.clock.now(), playbook: null, considered: [], would: [], left: [] },
      summary: `azure ${claims().system.id} does not exist, or Quell may not see it`,
    });
    const none = { ...stack.engine, playbooks: () => [playbook('super-user-notify')] };
    expect(await whatIf(whatIfParts(none), alert)).toMatchObject({
      ...{ playbook: null, would: [], summary: 'no playbook answers it' },
      considered: [{ playbook: 'super-user-notify', version: 1, against: ['answers super-users, not inactive-users'] }],
    });
    const few = { ...stack.engine, limits: { ...stack.engine.limits, runsPerAlert: 0 } };
    expect(await whatIf(whatIfParts(few), alert)).toMatchObject({
      ...{ would: [], summary: '1 identities are more than one alert may touch (0)' },
    });
  });

  test('says what it would choose where it may act without asking', async () => {
    const stack = stackOf(all, 'enforce');
    const alert = await answered(stackOf(all, 'enforce'));
    await raise(stack.engine);
    const { would, summary } = await whatIf(whatIfParts(stack.engine), alert);
    expect(would).toMatchObject([{ move: 'act', because: 'it would choose remove and act without asking' }]);
    expect(summary).toBe('inactive-user-delete would answer for 1; the alert names 1');
    const earned = { ...stack.engine, limits: { ...stack.engine.limits, autonomy: 'earned' as const } };
    expect((await whatIf(whatIfParts(earned), alert)).would).toMatchObject([{ move: 'end', mode: 'observe' }]);
    const asking = {
      ...stack.engine,
      limits: { ...stack.engine.limits, modes: new Map([['inactive-user-delete@1', 'approve' as const]]) },
    };
    expect((await whatIf(whatIfParts(asking), alert)).would).toMatchObject([
      { move: 'ask', because: 'a person would be asked: remove' },
    ]);
  });

  test('has nothing that could change anything', () => {
    const stack = stackOf(all);
    const names = Object.keys(whatIfParts(stack.engine)).sort();
    expect(names).toEqual(['actions', 'clock', 'ledger', 'limits', 'log', 'playbooks', 'safety', 'world']);
    expect(Object.keys(whatIfParts(stack.engine).ledger)).toEqual(['read']);
  });

  test('is asked about an alert that there is', async () => {
    const stack = stackOf(all);
    await expectFault(whatIf(whatIfParts(stack.engine), `alert-${'0'.repeat(32)}`), 'reject', 'unknown-alert');
  });
});

describe('why', () => {
  const ask = { playbook: null, asOf: null };

  test('every playbook answered or did not, which clause decided, on evidence of which age', async () => {
    const stack = stackOf(all, 'observe');
    const alert = await answered(stack);
    stack.clock.move(2 * day);
    const told = Object(await why(stack.engine, alert, ask));
    expect(told.why).toMatchObject([
      { playbook: 'inactive-user-delete', version: 1, answers: true, runs: [{ grounds: expect.any(Array) }] },
      { playbook: 'inactive-user-review', answers: false, clauses: [expect.stringContaining('comes before it')] },
      { playbook: 'super-user-notify', answers: false, clauses: ['answers super-users, not inactive-users'] },
    ]);
    expect(told.why[0].clauses[1]).toContain('is true');
    const [ground] = told.why[0].runs[0].grounds;
    expect(ground).toMatchObject({ fact: 'lastSuccessfulSignIn', source: 'graph' });
    expect(ground.ageSeconds).toBeGreaterThanOrEqual(2 * 86_400);
  });

  test('as of a time: nothing that came later counts', async () => {
    const stack = stackOf(all, 'approve');
    const received = stack.clock.now();
    const { alert } = Object(await raise(stack.engine));
    stack.clock.move(60_000);
    await quiet(stack);
    const asked = stack.clock.now();
    await untilEnd(stack);
    expect(await why(stack.engine, alert, { ...ask, asOf: received })).toMatchObject({ answered: null, why: [] });
    const then = Object(await why(stack.engine, alert, { ...ask, asOf: asked }));
    expect(then.why[0].runs[0].state).toMatch(/^inactive is true/);
    const now = Object(await why(stack.engine, alert, ask));
    expect(now.why[0].runs[0].state).toMatch(/^expired/);
  });

  test('of one playbook, in the version of then, or another that is deployed now', async () => {
    const stack = stackOf(all, 'observe');
    const alert = await answered(stack);
    const later = {
      ...stack.engine,
      playbooks: () => [playbook('inactive-user-review', { version: 2, when: 'false' })],
    };
    const of = async (name: string) => Object(await why(later, alert, { ...ask, playbook: name })).why;
    expect(await of('inactive-user-review')).toMatchObject([
      { version: 1, clauses: [expect.stringContaining('comes before')] },
    ]);
    expect(await of('inactive-user-review@2')).toMatchObject([
      { version: 2, clauses: ['when: false is not true', expect.stringContaining('not deployed then')] },
    ]);
    await expectFault(of('inactive-user-review@3'), 'reject', 'unknown-playbook');
  });

  test('the entry of the answer stays small: one digest stands for all playbooks', async () => {
    const stack = stackOf(all, 'observe');
    const alert = await answered(stack);
    const entry = (await stack.engine.ledger.read(alert))[1];
    const parsed = entry && alertEntryOf(entry);
    if (parsed?.type !== 'alert-answered') throw new Error('it was not answered');
    expect(parsed.data.considered[0]).toMatchObject({ version: 1, digest: all[1]?.digest });
    expect(JSON.stringify(entry).length).toBeLessThan(4_000);
  });

  test('an alert that does not exist, or was refused, has no why', async () => {
    const stack = stackOf(all);
    await expectFault(why(stack.engine, `alert-${'0'.repeat(32)}`, ask), 'reject', 'unknown-alert');
    await raise(stack.engine, claims());
  });
});
