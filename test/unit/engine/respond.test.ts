import { describe, expect, test } from 'vitest';
import { alertEntryOf } from '../../../shared/domain/alert-entry.ts';
import { Fault } from '../../../shared/domain/fault.ts';
import type { Engine } from '../../../shared/engine/engine.ts';
import { ingest } from '../../../shared/engine/ingest.ts';
import { openedFor } from '../../../shared/engine/opening.ts';
import { respond } from '../../../shared/engine/respond.ts';
import {
  claims,
  notification,
  onlyRun,
  plainSource,
  playbook,
  quiet,
  raise,
  runs,
  type Stack,
  stackOf,
  types,
} from '../../support/engine.ts';
import { userId } from '../../support/world-state.ts';

const stack = () => stackOf([playbook('inactive-user-delete')], 'observe');
const alertOf = ({ journals }: Stack) => [...journals].find((one) => one.startsWith('alert-')) ?? '';

async function answered(running: Stack, engine: Engine = running.engine) {
  await respond(engine, alertOf(running));
  const entries = await running.engine.ledger.read(alertOf(running));
  const last = entries.map(alertEntryOf).at(-1);
  return last?.type === 'alert-answered' ? last.data : null;
}

describe('an alert that is none', () => {
  test('is refused with 404 where nobody has heard of it', async () => {
    await expect(respond(stack().engine, 'alert-none')).rejects.toMatchObject({
      ...{ disposition: 'reject', code: 'unknown-alert', status: 404, message: 'There is no alert alert-none.' },
    });
  });

  test('is not answered where it was refused', async () => {
    const running = stack();
    await ingest(running.engine, plainSource, notification('bad')).catch(() => undefined);
    const id = [...running.journals][0] ?? '';
    await expect(respond(running.engine, id)).rejects.toMatchObject({
      ...{ disposition: 'reject', code: 'not-an-alert', message: `${id} was refused, not received.` },
    });
  });
});

describe('why nothing is done', () => {
  test('is said where the system is not there, or nobody is connected to it', async () => {
    const running = stack();
    await raise(running.engine, claims({ system: { type: 'azure', id: 'another' } }));
    expect(await answered(running)).toMatchObject({
      ...{ playbook: null, considered: [], runs: [], left: [] },
      summary: 'azure another does not exist, or Quell may not see it',
    });
    const blind = stack();
    await raise(blind.engine);
    const world = { ...blind.engine.world, accessControl: {} };
    expect((await answered(blind, { ...blind.engine, world }))?.summary).toContain('does not exist');
  });

  test('is said where no playbook fits, with each and why not', async () => {
    const running = stackOf([playbook('inactive-user-delete', { when: 'alert.title == "another"' })], 'observe');
    await raise(running.engine);
    const said = await answered(running);
    expect(said).toMatchObject({ playbook: null, summary: 'no playbook answers it' });
    expect(said?.considered).toMatchObject([{ playbook: 'inactive-user-delete', against: [expect.any(String)] }]);
  });

  test('is said where more are meant than one alert may touch; exactly as many are not more', async () => {
    const nominations = [1, 2, 3].map((n) => ({ kind: 'user', by: 'id', value: userId(n) }) as const);
    const limited = async (runsPerAlert: number) => {
      const running = stack();
      await raise(running.engine, claims({ nominations, identityCount: 3 }));
      return answered(running, { ...running.engine, limits: { ...running.engine.limits, runsPerAlert } });
    };
    expect(await limited(2)).toMatchObject({
      ...{ playbook: 'inactive-user-delete', runs: [] },
      summary: '3 identities are more than one alert may touch (2): a person has to look',
    });
    expect((await limited(3))?.summary).toMatch(/^inactive-user-delete answers with 3 runs; /);
  });
});

describe('who is meant', () => {
  test('and could not be found is said in the answer', async () => {
    const running = stack();
    const nobody = { kind: 'user', by: 'id', value: userId(77) } as const;
    await raise(running.engine, claims({ nominations: [nobody] }));
    expect(await answered(running)).toMatchObject({
      ...{ runs: [], left: [{ who: userId(77), reason: 'does not exist in the directory' }] },
      summary: 'inactive-user-delete answers with 0 runs; the alert names 1',
    });
  });

  test('by a name that anybody can have is asked about, though the playbook may act', async () => {
    const name = { kind: 'user', by: 'displayName', value: 'User 1' } as const;
    const opened = async (mode: 'enforce' | 'observe') => {
      const running = stackOf([playbook('inactive-user-delete')], mode);
      await raise(running.engine, claims({ nominations: [name] }));
      await quiet(running);
      return (await onlyRun(running)).opened;
    };
    expect(await opened('enforce')).toMatchObject({
      mode: 'approve',
      modeNote: 'asks although it may act: the alert gives a display name, and anybody can have it',
    });
    expect(await opened('observe')).toMatchObject({ mode: 'observe', modeNote: null });
  });
});

describe('answering', () => {
  test('twice is once, and closes what is open', async () => {
    const running = stack();
    await raise(running.engine);
    expect((await answered(running))?.summary).toMatch(/^inactive-user-delete answers with one run; /);
    await respond(running.engine, alertOf(running));
    expect(await types(running, alertOf(running))).toEqual(['alert-received', 'alert-answered']);
    expect(await running.engine.index.due('9999', 10)).toEqual([]);
  });

  test('goes on where a run was opened and then it died', async () => {
    const running = stack();
    await raise(running.engine);
    await answered(running);
    const again = { ...running.engine, ledger: { ...running.engine.ledger } };
    // As it was before the answer was written: the run is there, the answer is not.
    again.ledger.read = async (journal) => {
      const entries = await running.engine.ledger.read(journal);
      return journal === alertOf(running) ? entries.slice(0, 1) : entries;
    };
    again.ledger.append = async (journal, ...rest) => {
      if (journal === alertOf(running)) throw new Fault('conflict', 'entry-exists', 'x');
      return running.engine.ledger.append(journal, ...rest);
    };
    await expect(respond(again, alertOf(running))).rejects.toMatchObject({ code: 'entry-exists' });
    expect(await runs(running)).toHaveLength(1);
  });

  test('does not take a ledger that is down for a run that is open', async () => {
    const running = stack();
    await raise(running.engine);
    const append = () => Promise.reject(new Fault('retry', 'storage-down', 'x'));
    const down = { ...running.engine, ledger: { ...running.engine.ledger, append } };
    await expect(respond(down, alertOf(running))).rejects.toMatchObject({ code: 'storage-down' });
  });
});

test('a run that is opened knows what it was opened for', async () => {
  const running = stack();
  await raise(running.engine);
  await quiet(running);
  const { opened } = await onlyRun(running);
  expect(opened).toMatchObject({
    ...{ rule: 'inactive-users', source: 'plain', requestedBy: 'app:tester', title: 'Users inactive for 90 days' },
    ...{ mode: 'observe', localWaitMs: null, identity: { id: userId(1) } },
    system: { type: 'azure', name: 'Sandbox' },
  });
  expect(opened.earlier).toBeUndefined();
  const { alert, playbook: named, mode, modeNote } = opened;
  const answering = {
    alert: { id: alert },
    matched: { playbook: null, considered: [] },
    ...{ system: { ...opened.system, tags: {} }, mode: { mode, modeNote }, earlier: [] },
  } as never;
  expect(() => openedFor(running.engine, answering, opened.identity)).toThrow(
    expect.objectContaining({ disposition: 'halt', code: 'no-playbook' }),
  );
  expect(named.name).toBe('inactive-user-delete');
});
