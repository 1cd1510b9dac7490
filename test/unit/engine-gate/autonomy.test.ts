import { describe, expect, test } from 'vitest';
import type { Mode } from '../../../shared/domain/mode.ts';
import type { Run } from '../../../shared/domain/run.ts';
import { advance } from '../../../shared/engine/advance.ts';
import { readAutonomy, setAutonomy } from '../../../shared/engine/autonomy.ts';
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
