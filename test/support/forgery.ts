import { expect } from 'vitest';
import { auditEntryOf } from '../../shared/domain/audit-entry.ts';
import type { User } from '../../shared/domain/identity.ts';
import type { Entry } from '../../shared/domain/ledger.ts';
import type { Playbook } from '../../shared/domain/playbook.ts';
import type { Run } from '../../shared/domain/run.ts';
import { readAudit } from '../../shared/engine/audit.ts';
import { type Answer, decide } from '../../shared/engine/decide.ts';
import { ingest } from '../../shared/engine/ingest.ts';
import type { Caller } from '../../shared/ports.ts';
import {
  claims,
  digestOf,
  notification,
  onlyRun,
  plainSource,
  playbook,
  quiet,
  type Stack,
  stackOf,
} from './engine.ts';
import { approverGroup, someUser, userId } from './world-state.ts';

/** A run that asks whether to remove somebody, for which two people have to approve. */
export interface Asking {
  readonly stack: Stack;
  readonly run: Run;
  readonly answer: (choice?: string) => Answer;
}

/** Whose run it is: user 1. Raised by a program, unless said otherwise. */
export async function asking(change: Partial<Playbook> = {}, sender = 'app:tester'): Promise<Asking> {
  const stack = stackOf([playbook('inactive-user-review', change)], 'approve');
  await ingest(stack.engine, { ...plainSource, authenticate: async () => sender }, notification(claims()));
  await quiet(stack);
  const run = await onlyRun(stack);
  return { stack, run, answer: (choice = 'remove') => ({ choice, digest: digestOf(run, choice), reason: null }) };
}

/** Somebody of the directory; a member of the approver group unless said otherwise. */
export function person(
  stack: Stack,
  n: number,
  { member = true, ...differs }: Partial<User> & { member?: boolean } = {},
): Caller {
  stack.far.change(({ live, groups }) => {
    live[userId(n)] = { ...someUser(n, stack.clock.now(), 0), ...differs };
    if (member) groups[approverGroup]?.push(userId(n));
  });
  return { id: userId(n), name: `User ${n}`, roles: ['Quell.Approver'] };
}

/** Takes somebody out of the approver group. */
export function removed(stack: Stack, id: string): void {
  stack.far.change(({ groups }) => {
    groups[approverGroup] = (groups[approverGroup] ?? []).filter((one) => one !== id);
  });
}

export const audited = async ({ engine, clock }: Stack) => {
  const { entries, breaks } = await readAudit(engine, clock.now().slice(0, 10));
  expect(breaks).toEqual([]);
  const all: readonly Entry[] = JSON.parse(JSON.stringify(entries));
  return all.map((entry) => auditEntryOf(entry).data);
};

/** What an attempt comes to: the code it is refused with, or what it gave. */
export async function tried(stack: Stack, run: Run, answer: Answer, caller: Caller): Promise<string> {
  return decide(stack.engine, run.id, answer, caller).then(
    () => 'taken',
    (error: unknown) => String(Reflect.get(Object(error), 'code')),
  );
}

/** Nobody was touched, and nothing decided. */
export async function expectUntouched(stack: Stack): Promise<void> {
  expect(stack.far.sent).toEqual([]);
  const after = await onlyRun(stack).catch(() => null);
  if (after) expect(after.decision).toBeNull();
}
