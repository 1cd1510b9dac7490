import { describe, expect, test } from 'vitest';
import { Fault } from '../../../shared/domain/fault.ts';
import type { Mode } from '../../../shared/domain/mode.ts';
import type { Run } from '../../../shared/domain/run.ts';
import { advance } from '../../../shared/engine/advance.ts';
import { modeNow, readAutonomy, setAutonomy } from '../../../shared/engine/autonomy.ts';
import { decide } from '../../../shared/engine/decide.ts';
import type { Engine } from '../../../shared/engine/engine.ts';
import { undo } from '../../../shared/engine/undo.ts';
import type { Caller } from '../../../shared/ports.ts';
import {
  approver,
  beginOnly,
  claims,
  digestOf,
  nextDue,
  other,
  playbook,
  quiet,
  raise,
  runs,
  type Stack,
  stackOf,
} from '../../support/engine.ts';
import { day, minute } from '../../support/world-clock.ts';
import { assigned, pathOf, someUser, userId } from '../../support/world-state.ts';

const administrator: Caller = { id: userId(903), name: 'Gil', roles: ['Quell.Administrator'] };
const name = 'inactive-user-delete@1';

/** A playbook that the deployment would let act, and has earned nothing yet. */
function world(ceiling: Mode = 'enforce') {
  const stack = stackOf([playbook('inactive-user-delete')], ceiling);
  const engine: Engine = { ...stack.engine, limits: { ...stack.engine.limits, autonomy: 'earned', promotionAfter: 3 } };
  let n = 10;
  return {
    stack,
    engine,
    /** One more alert about one more user. */
    alert: async (): Promise<Run> => {
      n += 1;
      const [id, number] = [userId(n), n];
      stack.clock.move(minute);
      stack.far.change((state) => {
        state.live[id] = someUser(number, stack.clock.now());
        state.assignments[pathOf(assigned(id))] = assigned(id);
      });
      await raise(engine, claims({ nominations: [{ kind: 'user', by: 'id', value: id }] }));
      await quiet(stack, engine);
      return runOf(stack, id);
    },
    set: (to: Mode, caller = administrator) => setAutonomy(engine, { playbook: name, to, reason: 'looked at' }, caller),
    approve: async (run: Run) => {
      for (const person of [approver, other])
        await decide(engine, run.id, { choice: 'remove', digest: digestOf(run, 'remove'), reason: null }, person);
      await quiet(stack, engine);
    },
  };
}
type Standing = ReturnType<typeof world>;

async function runOf(stack: Stack, identity: string): Promise<Run> {
  const run = (await runs(stack)).find(({ opened }) => opened.identity.id === identity);
  if (!run) throw new Error(`no run for ${identity}`);
  return run;
}

/** Observed and approved as often as is asked for. */
async function earned(to: 'approve' | 'enforce'): Promise<Standing> {
  const standing = world();
  for (let count = 0; count < 3; count += 1) await standing.alert();
  standing.stack.clock.move(minute);
  await standing.set('approve');
  if (to === 'approve') return standing;
  for (let count = 0; count < 3; count += 1) await standing.approve(await standing.alert());
  standing.stack.clock.move(minute);
  await standing.set('enforce');
  return standing;
}

const mode = async ({ engine }: Standing) => {
  const { playbooks } = await readAutonomy(engine);
  return Object(playbooks)[0];
};

describe('a new version', () => {
  test('observes, whatever the settings would allow, and says why', async () => {
    const { opened, ended } = await world().alert();
    expect([opened.mode, ended?.outcome]).toEqual(['observe', 'observed']);
    expect(opened.modeNote).toBe('may go as far as enforce, and has earned observe');
  });

  test('comes to ask after as many runs as are asked for, and not before', async () => {
    const standing = world();
    for (let count = 0; count < 2; count += 1) await standing.alert();
    await expect(standing.set('approve')).rejects.toMatchObject({ disposition: 'refuse', code: 'not-earned' });
    await standing.alert();
    expect(await standing.set('approve')).toMatchObject({ from: 'observe', to: 'approve', measured: { observed: 3 } });
    expect((await standing.alert()).asked?.choices).toEqual(['remove']);
  });

  test('comes to act after as many approvals, one step at a time', async () => {
    const standing = world();
    for (let count = 0; count < 9; count += 1) await standing.alert();
    await expect(standing.set('enforce')).rejects.toThrow('comes to approve first');
    await standing.set('approve');
    await expect(standing.set('enforce')).rejects.toThrow('0 approved by people');
    const acting = await earned('enforce');
    const run = await acting.alert();
    expect([run.opened.mode, run.decision?.by]).toEqual(['enforce', `playbook:${name}`]);
    expect(acting.stack.far.state.live[run.opened.identity.id]?.enabled).toBe(false);
  });

  test('goes no further than the deployment allows', async () => {
    const standing = world('approve');
    for (let count = 0; count < 3; count += 1) await standing.alert();
    standing.stack.clock.move(minute);
    await standing.set('approve');
    for (let count = 0; count < 3; count += 1) await standing.approve(await standing.alert());
    standing.stack.clock.move(minute);
    await standing.set('enforce');
    expect((await standing.alert()).opened.mode).toBe('approve');
    expect(await mode(standing)).toMatchObject({ mode: 'approve', ceiling: 'approve', earned: 'enforce' });
  });

  test('of another number has earned nothing', async () => {
    const standing = await earned('enforce');
    const second = { ...playbook('inactive-user-delete'), version: 2, mode: 'enforce' as const };
    const engine: Engine = { ...standing.engine, playbooks: () => [second] };
    await raise(engine, claims({ nominations: [{ kind: 'user', by: 'id', value: userId(1) }] }));
    await quiet(standing.stack, engine);
    expect((await runOf(standing.stack, userId(1))).opened.mode).toBe('observe');
  });
});

describe('setting it', () => {
  test.each([
    ['who may only read', { ...administrator, roles: ['Quell.Reader'] as const }],
    ['an approver', approver],
    ['nobody in particular', { ...administrator, roles: [] }],
  ])('is not for %s', async (_who, caller) => {
    const standing = await earned('approve');
    await expect(standing.set('observe', { ...caller, roles: [...caller.roles] })).rejects.toMatchObject({
      disposition: 'refuse',
    });
  });

  test('lower needs no measuring', async () => {
    const standing = await earned('enforce');
    expect(await standing.set('observe')).toMatchObject({ from: 'enforce', to: 'observe' });
    expect((await standing.alert()).opened.mode).toBe('observe');
    await expect(standing.set('observe')).rejects.toThrow('already');
    await expect(standing.set('approve')).rejects.toThrow('1 observed');
  });

  test('is for versions that are deployed', async () => {
    const { engine } = world();
    const wrong = { playbook: 'inactive-user-delete@2', to: 'approve', reason: 'x' } as const;
    await expect(setAutonomy(engine, wrong, administrator)).rejects.toMatchObject({ code: 'unknown-playbook' });
  });

  test('of two at once one is told to look again', async () => {
    const standing = await earned('approve');
    const set = (reason: string) =>
      setAutonomy(standing.engine, { playbook: name, to: 'observe', reason }, administrator);
    const both = await Promise.allSettled([set('one'), set('other')]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'autonomy-moved' } });
  });
});

describe('a playbook that acts alone asks again', () => {
  test('after somebody took a run back, from the next alert on', async () => {
    const standing = await earned('enforce');
    const run = await standing.alert();
    await undo(standing.engine, run.id, 'was needed', approver);
    await quiet(standing.stack, standing.engine);
    expect(await mode(standing)).toMatchObject({
      mode: 'approve',
      earned: 'approve',
      measured: { vetoes: 1, approved: 0 },
    });
    expect((await standing.alert()).asked?.choices).toEqual(['remove']);
    await expect(standing.set('enforce')).rejects.toMatchObject({ code: 'not-earned' });
  });

  test('also where the process died right after the undo was decided', async () => {
    const standing = await earned('enforce');
    const run = await standing.alert();
    const dead = { ...standing.engine.bus, run: () => Promise.reject(new Error('dead')) };
    await expect(undo({ ...standing.engine, bus: dead }, run.id, 'was needed', approver)).rejects.toThrow();
    expect(await mode(standing)).toMatchObject({ earned: 'enforce' });
    await nextDue(standing.stack, standing.engine);
    expect(await mode(standing)).toMatchObject({ earned: 'approve' });
  });

  test('after somebody came back in the month between', async () => {
    const standing = await earned('enforce');
    const run = await standing.alert();
    const id = run.opened.identity.id;
    standing.stack.clock.move(29 * day);
    standing.stack.far.change((state) => {
      const user = state.live[id];
      if (user) user.signIns = { successful: standing.stack.clock.now(), interactive: null, nonInteractive: null };
    });
    for (let looks = 0; (await runOf(standing.stack, id)).ended === null && looks < 20; looks += 1)
      await nextDue(standing.stack, standing.engine);
    expect((await runOf(standing.stack, id)).ended?.outcome).toBe('not-confirmed');
    expect(await mode(standing)).toMatchObject({ earned: 'approve' });
  });

  test('after a rejection of what it had asked before it was allowed to act', async () => {
    const standing = await earned('approve');
    const asked = await standing.alert();
    for (let count = 0; count < 3; count += 1) await standing.approve(await standing.alert());
    standing.stack.clock.move(minute);
    await standing.set('enforce');
    standing.stack.clock.move(minute);
    await decide(standing.engine, asked.id, { choice: null, digest: null, reason: 'no' }, approver);
    await quiet(standing.stack, standing.engine);
    expect(await mode(standing)).toMatchObject({ earned: 'approve' });
  });

  test('once, and not for what lies before it was allowed', async () => {
    const standing = await earned('enforce');
    const run = await standing.alert();
    await undo(standing.engine, run.id, 'was needed', approver);
    await quiet(standing.stack, standing.engine);
    for (let count = 0; count < 3; count += 1) await standing.approve(await standing.alert());
    standing.stack.clock.move(minute);
    await standing.set('enforce');
    await advance(standing.engine, run.id);
    expect(await mode(standing)).toMatchObject({ earned: 'enforce' });
  });

  test('where it had been opened before, and had not acted yet', async () => {
    const standing = await earned('enforce');
    const other = await standing.alert();
    const id = userId(2);
    await raise(standing.engine, claims({ nominations: [{ kind: 'user', by: 'id', value: id }] }));
    const begun = await beginOnly(standing.stack, standing.engine);
    await undo(standing.engine, other.id, 'was needed', approver);
    await advance(standing.engine, other.id);
    await advance(standing.engine, begun);
    const run = await runOf(standing.stack, id);
    expect([run.opened.mode, run.mode, run.asked?.choices]).toEqual(['enforce', 'approve', ['remove']]);
    expect(standing.stack.far.state.live[id]?.enabled).toBe(true);
  });
});

test('a playbook that asks goes on asking after a rejection, and begins to count anew', async () => {
  const standing = await earned('approve');
  for (let count = 0; count < 2; count += 1) await standing.approve(await standing.alert());
  await decide(standing.engine, (await standing.alert()).id, { choice: null, digest: null, reason: 'no' }, approver);
  await quiet(standing.stack, standing.engine);
  standing.stack.clock.move(minute);
  await standing.approve(await standing.alert());
  expect(await mode(standing)).toMatchObject({ mode: 'approve', measured: { approved: 1, vetoes: 1 } });
  await expect(standing.set('enforce')).rejects.toThrow('1 approved by people');
});

describe('how far a version may go now', () => {
  const shipped = playbook('inactive-user-delete');
  const now = (stack: Stack, autonomy: 'given' | 'earned') =>
    modeNow({ ...stack.engine, limits: { ...stack.engine.limits, autonomy } }, shipped);

  test('is what the settings say, and that it is they who say it', async () => {
    expect(await now(stackOf([shipped], 'enforce'), 'given')).toEqual({
      ...{ mode: 'enforce', modeNote: `enforce by the settings; the playbook itself says ${shipped.mode}` },
    });
    expect(await now(stackOf([shipped]), 'given')).toEqual({ mode: shipped.mode, modeNote: null });
    expect(await now(stackOf([shipped], shipped.mode), 'given')).toEqual({ mode: shipped.mode, modeNote: null });
  });

  test('is what it has earned, where that is less', async () => {
    expect(await now(stackOf([shipped], 'approve'), 'earned')).toEqual({
      ...{ mode: 'observe', modeNote: 'may go as far as approve, and has earned observe' },
    });
    const standing = await earned('enforce');
    expect(await modeNow(standing.engine, shipped)).toEqual({
      ...{ mode: 'enforce', modeNote: `enforce by the settings; the playbook itself says ${shipped.mode}` },
    });
  });
});

describe('what is measured', () => {
  test('is of each version by itself, however many runs there are, and not of those that were never begun', async () => {
    const standing = await earned('approve');
    const review = playbook('inactive-user-review');
    const index = {
      ...standing.engine.index,
      // Two dozen times the same, and one that is listed and was never opened.
      runs: async (query: Parameters<typeof standing.engine.index.runs>[0]) => {
        const listed = await standing.engine.index.runs(query);
        const [one] = listed;
        const never = one ? [{ ...one, run: 'run-never' }] : [];
        return [...Array.from({ length: 15 }, () => listed).flat(), ...never];
      },
    };
    const engine: Engine = { ...standing.engine, index, playbooks: () => [review, playbook('inactive-user-delete')] };
    const told = Object(await readAutonomy(engine));
    expect(told).toMatchObject({ given: false, after: 3, break: null });
    expect(told.playbooks).toMatchObject([
      { playbook: `${review.name}@1`, earned: 'observe', ceiling: review.mode, measured: { observed: 0 } },
      { playbook: name, earned: 'approve', ceiling: 'enforce' },
    ]);
    const before = { ...standing.engine, index, ledger: { ...standing.engine.ledger } };
    before.ledger.read = async (journal) => (journal === 'autonomy' ? [] : standing.engine.ledger.read(journal));
    expect(Object(await readAutonomy(before)).playbooks).toMatchObject([{ measured: { observed: 45 } }]);
    const set = await setAutonomy(before, { playbook: name, to: 'approve', reason: 'x' }, administrator).catch(
      (e) => e,
    );
    expect(set).toMatchObject({ code: 'autonomy-moved', message: expect.stringContaining('look again') });
  });

  test('of one of several playbooks is not of the others', async () => {
    const standing = await earned('approve');
    const review = playbook('inactive-user-review');
    const engine: Engine = { ...standing.engine, playbooks: () => [review, playbook('inactive-user-delete')] };
    const set = (of: string) => setAutonomy(engine, { playbook: of, to: 'approve', reason: 'x' }, administrator);
    await expect(set(`${review.name}@1`)).rejects.toThrow(`${review.name}@1 does not come to approve: 0 observed`);
    await expect(set('inactive-user-delete@2')).rejects.toMatchObject({
      ...{ disposition: 'reject', status: 404, message: 'No playbook inactive-user-delete@2 is deployed.' },
    });
  });

  test('says so where everything is given, and is not told from a journal that holds something else', async () => {
    const { engine } = stackOf([playbook('inactive-user-delete')], 'enforce');
    expect(await readAutonomy(engine)).toMatchObject({
      given: true,
      playbooks: [{ mode: 'enforce', earned: 'observe' }],
    });
    await engine.ledger.append('autonomy', null, {
      ...{ time: engine.clock(), type: 'something', actor: 'quell', data: {} },
    });
    await expect(readAutonomy(engine)).rejects.toMatchObject({ disposition: 'halt' });
  });
});

describe('taking back is written down', () => {
  const written = async ({ engine }: { engine: Engine }) => engine.ledger.read('autonomy');

  test('with the reason, cut where somebody writes a book', async () => {
    const standing = await earned('enforce');
    const run = await standing.alert();
    await undo(standing.engine, run.id, 'x'.repeat(900), approver);
    await quiet(standing.stack, standing.engine);
    const last = (await written(standing)).at(-1);
    expect(last).toMatchObject({
      actor: 'quell',
      data: { playbook: name, from: 'enforce', to: 'approve', byName: 'Quell', measured: null, run: run.id },
    });
    expect(last?.data.reason).toMatch(new RegExp(`^${run.id}: .*x$`));
    expect(String(last?.data.reason)).toHaveLength(600);
  });

  test('not where it asks anyway, nor where everything is given', async () => {
    const standing = await earned('approve');
    const before = (await written(standing)).length;
    const asked = await standing.alert();
    await decide(standing.engine, asked.id, { choice: null, digest: null, reason: 'no' }, approver);
    await quiet(standing.stack, standing.engine);
    expect(await written(standing)).toHaveLength(before);
    const given = stackOf([playbook('inactive-user-delete')], 'enforce');
    await raise(given.engine);
    await quiet(given);
    const [run] = await runs(given);
    await undo(given.engine, run?.id ?? '', 'was needed', approver);
    await quiet(given);
    expect(await written(given)).toEqual([]);
    const acting = await earned('enforce');
    const wrong = await acting.alert();
    const trial: Engine = { ...acting.engine, limits: { ...acting.engine.limits, autonomy: 'given' } };
    const count = (await written(acting)).length;
    await undo(trial, wrong.id, 'was needed', approver);
    await quiet(acting.stack, trial);
    expect(await written(acting)).toHaveLength(count);
  });

  test('who sets it is named, and a ledger that is down is not somebody who was faster', async () => {
    const standing = await earned('approve');
    expect((await written(standing)).at(-1)).toMatchObject({
      actor: `person:${administrator.id}`,
      data: { byName: 'Gil', reason: 'looked at', run: null },
    });
    const append = () => Promise.reject(new Fault('retry', 'storage-down', 'x'));
    const down = { ...standing.engine, ledger: { ...standing.engine.ledger, append } };
    const set = setAutonomy(down, { playbook: name, to: 'observe', reason: 'x' }, administrator);
    await expect(set).rejects.toMatchObject({ code: 'storage-down' });
  });
});
