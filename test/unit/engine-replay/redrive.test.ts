import { describe, expect, test } from 'vitest';
import { actions } from '../../../shared/actions/catalog.ts';
import { Fault } from '../../../shared/domain/fault.ts';
import type { Run } from '../../../shared/domain/run.ts';
import { runTimeline } from '../../../shared/domain/timeline.ts';
import { decide } from '../../../shared/engine/decide.ts';
import { explainAlert, explainRun } from '../../../shared/engine/explain.ts';
import { ingest } from '../../../shared/engine/ingest.ts';
import { redrive } from '../../../shared/engine/redrive.ts';
import { undo } from '../../../shared/engine/undo.ts';
import type { Caller } from '../../../shared/ports.ts';
import { expectFault } from '../../support/adapters-storage.ts';
import {
  approver,
  beginOnly,
  claims,
  digestOf,
  notification,
  onlyRun,
  other,
  plainSource,
  playbook,
  quiet,
  raise,
  type Stack,
  stackOf,
  types,
  untilEnd,
} from '../../support/engine.ts';
import { expectOnce } from '../../support/engine-invariants.ts';
import { userId } from '../../support/world-state.ts';

const responder: Caller = { id: userId(903), name: 'Rae', roles: ['Quell.Responder'] };
const again = (stack: Stack, journal: string, caller: Caller = responder) =>
  redrive(stack.engine, { journal, reason: 'the permission is there now', caller });

const forbidden = { fault: new Fault('refuse', 'forbidden', 'Not allowed.'), when: 'before' } as const;

/** Disabled, sessions ended, waited 30 days, and then not allowed to delete. */
async function failedAtDelete(mode: 'enforce' | 'approve' = 'enforce'): Promise<{ stack: Stack; run: Run }> {
  const stack = stackOf([playbook('inactive-user-delete')], mode);
  stack.far.trouble = (call) => (call.method === 'DELETE' ? forbidden : null);
  await raise(stack.engine);
  await quiet(stack);
  if (mode === 'approve') await approve(stack);
  await untilEnd(stack);
  const run = await onlyRun(stack);
  expect(run.ended?.outcome).toBe('failed');
  stack.far.trouble = () => null;
  return { stack, run };
}

/** Deleting needs two people. */
async function approve(stack: Stack): Promise<void> {
  const run = await onlyRun(stack);
  const yes = { choice: 'remove', digest: digestOf(run, 'remove'), reason: null };
  for (const person of [approver, other]) await decide(stack.engine, run.id, yes, person);
}

describe('redriving a failed run', () => {
  test('goes on from the failed step: what was done is not done again, and what was waited for not waited for', async () => {
    const { stack, run } = await failedAtDelete();
    const [sent, time] = [stack.far.sent.length, stack.clock.now()];
    await again(stack, run.id);
    await quiet(stack);
    expect((await onlyRun(stack)).ended?.outcome).toBe('done');
    expect(stack.far.sent.slice(sent).map(({ call }) => `${call.method} ${call.path}`)).toEqual([
      `DELETE /users/${userId(1)}`,
    ]);
    expect(Date.parse(stack.clock.now()) - Date.parse(time)).toBeLessThan(60_000);
    expectOnce(stack.far.sent);
  });

  test('goes on although the message is lost, and whoever redrives dies once it is written', async () => {
    const { stack, run } = await failedAtDelete();
    const bus = { ...stack.engine.bus, run: () => Promise.reject(new Fault('retry', 'died', 'x')) };
    const dies = redrive({ ...stack.engine, bus }, { journal: run.id, reason: 'is mended', caller: responder });
    await expectFault(dies, 'retry', 'died');
    await untilEnd(stack);
    expect((await onlyRun(stack)).ended?.outcome).toBe('done');
  });

  test('is proved, planned and guarded again, and says who and why', async () => {
    const { stack, run } = await failedAtDelete();
    await again(stack, run.id);
    await quiet(stack);
    const entries = await types(stack, run.id);
    const begun = entries.indexOf('redriven');
    expect(entries.slice(begun, begun + 5)).toEqual(['redriven', 'proved', 'planned', 'guarded', 'decided']);
    const story = runTimeline(await stack.engine.ledger.read(run.id));
    expect(story.find(({ stage }) => stage === 'redrive')?.text).toBe('Rae lets it go on: the permission is there now');
  });

  test('somebody who has come back is not deleted', async () => {
    const { stack, run } = await failedAtDelete();
    stack.far.change(({ live }) => {
      const user = live[userId(1)];
      if (user) user.signIns = { successful: stack.clock.now(), interactive: null, nonInteractive: null };
    });
    await again(stack, run.id);
    await quiet(stack);
    expect((await onlyRun(stack)).ended?.outcome).toBe('not-confirmed');
  });

  test('who was enabled meanwhile is disabled and waited for again', async () => {
    const { stack, run } = await failedAtDelete();
    stack.far.change(({ live }) => {
      const user = live[userId(1)];
      if (user) user.enabled = true;
    });
    await again(stack, run.id);
    await quiet(stack);
    const resting = await onlyRun(stack);
    expect(resting.ended).toBeNull();
    expect(resting.steps.get('2.3')).toMatchObject({ state: 'waiting' });
    expect(stack.far.state.live[userId(1)]?.enabled).toBe(false);
  });

  test('is asked again where a person has to say so: the old yes was for another plan', async () => {
    const { stack, run } = await failedAtDelete('approve');
    await again(stack, run.id);
    await quiet(stack);
    const asked = await onlyRun(stack);
    expect(asked).toMatchObject({ ended: null, decision: null });
    expect(digestOf(asked, 'remove')).not.toBe(digestOf(run, 'remove'));
    await approve(stack);
    await quiet(stack);
    expect((await onlyRun(stack)).ended?.outcome).toBe('done');
  });

  test('can be done more than once, and taken back as a whole', async () => {
    const { stack, run } = await failedAtDelete();
    stack.far.trouble = (call) => (call.method === 'DELETE' ? forbidden : null);
    for (let count = 0; count < 5; count += 1) {
      await again(stack, run.id);
      await quiet(stack);
      expect((await onlyRun(stack)).ended?.outcome).toBe('failed');
    }
    stack.far.trouble = () => null;
    await again(stack, run.id);
    await quiet(stack);
    expect((await onlyRun(stack)).ended?.outcome).toBe('done');
    await undo(stack.engine, run.id, 'was wrong', approver);
    await untilEnd(stack);
    expect((await onlyRun(stack)).undo?.ended?.outcome).toBe('undone');
    expect(stack.far.state.live[userId(1)]?.enabled).toBe(true);
  });

  test('what it left half done and did again is taken back to before the first time, and that is the end', async () => {
    const steps = [{ action: 'exclude-from-reports', with: { expires: 'P90D', reason: 'inactive' } }];
    const one = playbook('inactive-user-delete', { choices: { only: { label: 'Only', steps } } });
    const stack = stackOf([one], 'enforce');
    // The row is written, and the mark is not allowed: the second time the row of the first is what is found.
    stack.far.trouble = (call) => (call.method === 'PATCH' ? forbidden : null);
    await raise(stack.engine);
    await untilEnd(stack);
    const run = await onlyRun(stack);
    expect([run.ended?.outcome, Object.keys(stack.far.state.exclusions)]).toEqual(['failed', [expect.anything()]]);
    stack.far.trouble = () => null;
    stack.clock.move(86_400_000);
    await again(stack, run.id);
    await untilEnd(stack);
    expect((await onlyRun(stack)).ended?.outcome).toBe('done');
    await undo(stack.engine, run.id, 'was wrong', approver);
    await untilEnd(stack);
    expect((await onlyRun(stack)).undo?.ended).toMatchObject({
      outcome: 'undone',
      reason: 'as it was before: exclude-from-reports',
    });
    expect(stack.far.state.exclusions).toEqual({});
    expect(stack.far.state.live[userId(1)]?.excludeMark).toBeNull();
    expect(await types(stack, run.id)).not.toContain('undo-reopened');
  });

  test('word that was sent is not sent again', async () => {
    const steps = [
      { action: 'notify', with: { text: 'begins' } },
      { action: 'disable-user', with: {} },
    ];
    const change = { mode: 'enforce', choices: { tell: { label: 'Tell', steps } } } as const;
    const stack = stackOf([playbook('inactive-user-delete', change)]);
    stack.far.trouble = (call) => (call.method === 'PATCH' ? forbidden : null);
    await raise(stack.engine);
    await untilEnd(stack);
    stack.far.trouble = () => null;
    const run = await onlyRun(stack);
    await again(stack, run.id);
    await untilEnd(stack);
    expect((await onlyRun(stack)).ended?.outcome).toBe('done');
    expect(Object.keys(stack.far.state.word)).toHaveLength(1);
  });

  test('is decided the same again', async () => {
    const { stack, run } = await failedAtDelete();
    await again(stack, run.id);
    await quiet(stack);
    expect(await explainRun({ ...stack.engine, actions }, run.id)).toMatchObject({ verdict: 'same' });
  });

  test('what did not fail stays as it is', async () => {
    const stack = stackOf([playbook('inactive-user-delete')], 'observe');
    await raise(stack.engine);
    await untilEnd(stack);
    const run = await onlyRun(stack);
    await expect(again(stack, run.id)).rejects.toMatchObject({
      ...{ disposition: 'conflict', code: 'not-failed' },
      message: `${run.id} cannot be redriven: it ended as observed, and that stays so.`,
    });
    expect(await types(stack, run.id)).not.toContain('redriven');
    await expectFault(again(stack, `run-${'0'.repeat(32)}`), 'reject', 'unknown-run');
  });

  test('needs the right, and nobody redrives what is about themselves', async () => {
    const { stack, run } = await failedAtDelete();
    await expectFault(again(stack, run.id, approver), 'refuse', 'role-missing');
    await expectFault(again(stack, run.id, { ...responder, id: userId(1) }), 'refuse', 'own-case');
  });

  test('what is taken back is not let go on', async () => {
    const { stack, run } = await failedAtDelete();
    await undo(stack.engine, run.id, 'was wrong', approver);
    await expect(again(stack, run.id)).rejects.toMatchObject({
      ...{ code: 'not-failed', message: `${run.id} cannot be redriven: it is taken back.` },
    });
  });

  test('a run whose message was lost is only woken', async () => {
    const stack = stackOf([playbook('inactive-user-delete')], 'enforce');
    await raise(stack.engine);
    await beginOnly(stack);
    const run = await onlyRun(stack);
    expect(await types(stack, run.id)).toEqual(['run-opened']);
    await again(stack, run.id);
    await quiet(stack);
    expect(await types(stack, run.id)).not.toContain('redriven');
    expect((await types(stack, run.id)).length).toBeGreaterThan(3);
  });
});

describe('redriving an alert', () => {
  test('that nothing came of is answered again, with the playbooks of now, and both answers are kept', async () => {
    const playbooks = [playbook('super-user-notify')];
    const stack = stackOf(playbooks, 'observe');
    await raise(stack.engine, claims());
    await quiet(stack);
    const [alert = ''] = stack.journals;
    playbooks.push(playbook('inactive-user-review'));
    stack.engine = { ...stack.engine, playbooks: () => [...playbooks] };
    await again(stack, alert);
    await untilEnd(stack);
    expect(await types(stack, alert)).toEqual(['alert-received', 'alert-answered', 'alert-redriven', 'alert-answered']);
    expect((await onlyRun(stack)).opened.playbook.name).toBe('inactive-user-review');
    expect(await explainAlert({ ...stack.engine, actions }, alert)).toMatchObject({ verdict: 'same' });
  });

  test('that was refused is to be sent again, and one that is not there is 404', async () => {
    const stack = stackOf([playbook('inactive-user-review')], 'observe');
    await ingest(stack.engine, plainSource, notification('bad')).catch(() => undefined);
    const [refused = ''] = stack.journals;
    await expect(again(stack, refused)).rejects.toMatchObject({
      ...{ code: 'not-failed', message: `${refused} cannot be redriven: it was refused; send it again.` },
    });
    await expect(again(stack, 'alert-none')).rejects.toMatchObject({
      ...{ disposition: 'reject', code: 'unknown-alert', status: 404, message: 'There is no alert alert-none.' },
    });
  });

  test('that is not answered yet is only woken', async () => {
    const stack = stackOf([playbook('inactive-user-review')], 'observe');
    const { alert } = Object(await raise(stack.engine));
    stack.bus.take();
    await again(stack, alert);
    expect(await types(stack, alert)).toEqual(['alert-received']);
    expect(stack.bus.take()?.body).toMatchObject({ alert });
  });

  test('that somebody else moved, or that cannot be written, says so', async () => {
    const stack = stackOf([playbook('super-user-notify')], 'observe');
    const { alert } = Object(await raise(stack.engine));
    await quiet(stack);
    const failing = (fault: Fault) => {
      const ledger = { ...stack.engine.ledger, append: () => Promise.reject(fault) };
      return redrive({ ...stack.engine, ledger }, { journal: alert, reason: 'x', caller: responder });
    };
    await expect(failing(new Fault('conflict', 'entry-exists', 'x'))).rejects.toMatchObject({
      ...{ disposition: 'conflict', code: 'run-moved' },
      message: `${alert} moved while you decided; look at it again.`,
    });
    await expect(failing(new Fault('retry', 'storage-down', 'x'))).rejects.toMatchObject({ code: 'storage-down' });
  });

  test('is written down with who and why', async () => {
    const stack = stackOf([playbook('super-user-notify')], 'observe');
    const { alert } = Object(await raise(stack.engine));
    await quiet(stack);
    await again(stack, alert);
    expect((await stack.engine.ledger.read(alert)).at(-1)).toMatchObject({
      ...{ type: 'alert-redriven', actor: `person:${responder.id}` },
      data: { by: responder.id, byName: 'Rae', reason: 'the permission is there now' },
    });
  });

  test('that has runs is left to them', async () => {
    const stack = stackOf([playbook('inactive-user-review')], 'observe');
    await raise(stack.engine);
    await untilEnd(stack);
    const [alert = ''] = stack.journals;
    await expect(again(stack, alert)).rejects.toMatchObject({
      ...{ disposition: 'conflict', code: 'not-failed' },
      message: `${alert} cannot be redriven: it has runs; redrive those.`,
    });
  });
});
