import { expect, test } from 'vitest';
import { Fault } from '../../../shared/domain/fault.ts';
import { setAutonomy } from '../../../shared/engine/autonomy.ts';
import { quarantine, setControl } from '../../../shared/engine/control.ts';
import { decide } from '../../../shared/engine/decide.ts';
import type { Engine } from '../../../shared/engine/engine.ts';
import { ingest } from '../../../shared/engine/ingest.ts';
import { redrive } from '../../../shared/engine/redrive.ts';
import { undo } from '../../../shared/engine/undo.ts';
import type { Caller } from '../../../shared/ports.ts';
import {
  approver,
  claims,
  digestOf,
  notification,
  onlyRun,
  plainSource,
  playbook,
  quiet,
  raise,
  type Stack,
  stackOf,
  untilEnd,
} from '../../support/engine.ts';
import { userId } from '../../support/world-state.ts';

const head: Caller = { ...approver, roles: ['Quell.Administrator', ...approver.roles] };
const name = 'inactive-user-delete';
const steps = [{ action: 'disable-user', with: {} }];

/** An engine whose log is kept: alarms are set on what it says, and to which level. */
function logged(mode: 'approve' | 'enforce') {
  const stack = stackOf([playbook(name, { choices: { only: { label: 'Only', steps } } })], mode);
  const lines: [string, string, object][] = [];
  const at = (level: string) => (about: object, text: string) => void lines.push([level, text, about]);
  const log = { info: at('info'), warn: at('warn'), error: at('error') };
  const engine: Engine = { ...stack.engine, log };
  return { stack, engine, lines: () => lines.splice(0) };
}

const runOf = async (stack: Stack) => (await onlyRun(stack)).id;

test('a run says when its alert comes, when somebody decides, when it ends, and when it is taken back', async () => {
  const { stack, engine, lines } = logged('approve');
  const { alert } = Object(await raise(engine));
  expect(lines()).toEqual([
    ['info', 'alert received', { alert, source: 'plain', rule: 'inactive-users', known: false }],
  ]);
  await quiet(stack, engine);
  const run = await runOf(stack);
  const digest = digestOf(await onlyRun(stack), 'only');
  await decide(engine, run, { choice: 'only', digest, reason: null }, approver);
  await quiet(stack, engine);
  await undo(engine, run, 'was needed', approver);
  stack.clock.move(120_000);
  await untilEnd(stack, engine);
  expect(lines().filter(([, text]) => text !== 'tick')).toEqual([
    ['info', 'decided', { run, by: approver.id, choice: 'only', channel: 'api' }],
    ['info', 'run ended', { run, playbook: name, outcome: 'done' }],
    ['info', 'undo decided', { run, by: approver.id }],
    ['info', 'undo ended', { run, outcome: 'undone' }],
  ]);
});

test('a guard that refuses, and a call that does not succeed, are said', async () => {
  const guarded = logged('enforce');
  guarded.stack.far.change(({ live }) => Object.assign(live[userId(1)] ?? {}, { excludeMark: 'on leave' }));
  await raise(guarded.engine);
  await quiet(guarded.stack, guarded.engine);
  const run = await runOf(guarded.stack);
  expect(guarded.lines()).toContainEqual(['info', 'refused', { run, guard: 'excluded', action: 'disable-user' }]);
  const failing = logged('enforce');
  const cause = new Error('socket');
  const fault = new Fault('refuse', 'forbidden', 'no', { cause });
  failing.stack.far.trouble = () => ({ when: 'before', fault });
  await raise(failing.engine);
  await quiet(failing.stack, failing.engine);
  expect(failing.lines()).toContainEqual([
    ...['warn', 'a call did not succeed'],
    { run, step: '1.1', disposition: 'refuse', code: 'forbidden', cause },
  ]);
});

test('what is stopped, released, quarantined or set is said louder', async () => {
  const { engine, lines } = logged('enforce');
  const all = { scope: 'all', name: null, reason: 'wrong people' } as const;
  await setControl(engine, { ...all, stopped: true }, head);
  await setControl(engine, { ...all, stopped: false }, head);
  await quarantine(engine, name, 'too many');
  expect(lines()).toEqual([
    ['warn', 'stopped', { ...all, stopped: true, by: head.id, changed: true }],
    ['warn', 'released', { ...all, stopped: false, by: head.id, changed: true }],
    ['error', 'playbook quarantined', { playbook: name, reason: 'too many' }],
  ]);
});

test('that a version comes further, and that it is taken back, is said', async () => {
  const { stack, engine: given, lines } = logged('enforce');
  const engine: Engine = { ...given, limits: { ...given.limits, autonomy: 'earned', promotionAfter: 0 } };
  for (const to of ['approve', 'enforce'] as const) {
    await setAutonomy(engine, { playbook: `${name}@1`, to, reason: 'x' }, head);
    stack.clock.move(1000);
  }
  await raise(engine);
  await quiet(stack, engine);
  const run = await runOf(stack);
  await undo(engine, run, 'was needed', approver);
  await quiet(stack, engine);
  const about = { playbook: `${name}@1`, by: head.id };
  const said = lines();
  expect(said).toContainEqual(['warn', 'autonomy set', { ...about, from: 'observe', to: 'approve' }]);
  expect(said).toContainEqual(['warn', 'autonomy set', { ...about, from: 'approve', to: 'enforce' }]);
  expect(said).toContainEqual(['warn', 'autonomy taken back', { playbook: `${name}@1`, run }]);
});

test('a notification that cannot be read, and whoever is refused, are said', async () => {
  const { stack, engine, lines } = logged('approve');
  const { quarantined } = Object(await ingest(engine, { ...plainSource, badInput: 'quarantine' }, notification('bad')));
  expect(lines()).toEqual([
    ['warn', 'notification refused', { refused: quarantined, source: 'plain', code: 'unreadable' }],
  ]);
  await raise(engine);
  await quiet(stack, engine);
  lines();
  const run = await runOf(stack);
  const nobody: Caller = { ...approver, roles: ['Quell.Reader'] };
  await decide(engine, run, { choice: null, digest: null, reason: 'x' }, nobody).catch(() => undefined);
  expect(lines()).toMatchObject([
    ['warn', 'audit: refused', { what: 'decision', run, by: approver.id, code: 'role-missing' }],
  ]);
});

test('that something is let go on is told, with who wants it', async () => {
  const { stack, engine, lines } = logged('enforce');
  const caller: Caller = { id: userId(903), name: 'Rae', roles: ['Quell.Responder'] };
  stack.far.trouble = () => ({ fault: new Fault('refuse', 'forbidden', 'Not allowed.'), when: 'before' });
  await raise(stack.engine);
  await untilEnd(stack);
  const run = await runOf(stack);
  await redrive(engine, { journal: run, reason: 'the permission is there now', caller });
  expect(lines()).toEqual([['info', 'redriven', { run, by: caller.id }]]);
  expect(stack.bus.take()?.body).toEqual({ run });
  const { alert } = Object(await ingest(engine, plainSource, notification(claims({ rule: 'nothing-answers-this' }))));
  await quiet(stack);
  lines();
  await redrive(engine, { journal: alert, reason: 'there is a playbook now', caller });
  expect(lines()).toEqual([['info', 'redriven', { alert, by: caller.id }]]);
});
