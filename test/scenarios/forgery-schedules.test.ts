import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toFault } from '../../shared/domain/fault.ts';
import { type Run, runOf } from '../../shared/domain/run.ts';
import { runEntryOf } from '../../shared/domain/run-entry.ts';
import { advance } from '../../shared/engine/advance.ts';
import { decide } from '../../shared/engine/decide.ts';
import type { Engine } from '../../shared/engine/engine.ts';
import { undo } from '../../shared/engine/undo.ts';
import { approver, onlyRun, other, untilEnd } from '../support/engine.ts';
import { expectWhole } from '../support/engine-invariants.ts';
import { type Asking, asking, audited, person, removed } from '../support/forgery.ts';

/* Several people and the clock at the same moment, every step of each forced into every order that chance finds. */

type Deed = (asked: Asking, engine: Engine) => Promise<unknown>;

const approve =
  (caller: typeof approver, choice: string): Deed =>
  ({ run, answer }, engine) =>
    decide(engine, run.id, answer(choice), caller);

const reject =
  (caller: typeof approver): Deed =>
  ({ run }, engine) =>
    decide(engine, run.id, { choice: null, digest: null, reason: 'no' }, caller);

const deeds: Readonly<Record<string, Deed>> = {
  'Ada approves remove': approve(approver, 'remove'),
  'Bob approves remove': approve(other, 'remove'),
  'Ada approves needed': approve(approver, 'needed'),
  'Bob approves not-needed': approve(other, 'not-needed'),
  'Ada rejects': reject(approver),
  'Bob rejects': reject(other),
  'a stranger approves': (asked, engine) =>
    approve(person(asked.stack, 70, { member: false }), 'needed')(asked, engine),
  'it expires': async ({ stack, run }, engine) => {
    stack.clock.moveTo(run.asked?.expiresAt ?? '');
    await advance(engine, run.id);
  },
  'it is taken back': ({ run }, engine) => undo(engine, run.id, 'was wrong', other),
  'the message comes': ({ run }, engine) => advance(engine, run.id),
  'Bob leaves the group': async ({ stack }) => removed(stack, other.id),
};

/** The engine with every call that others could come between as a step of the schedule. */
function scheduled({ engine }: Asking['stack'], scheduler: fc.Scheduler): Engine {
  const { ledger, world } = engine;
  const at = <A extends unknown[], R>(call: (...given: A) => Promise<R>) => scheduler.scheduleFunction(call);
  return {
    ...engine,
    ledger: { ...ledger, read: at(ledger.read), append: at(ledger.append), appendAll: at(ledger.appendAll) },
    world: { ...world, directory: { ...world.directory, groupsAmong: at(world.directory.groupsAmong) } },
  };
}

/** Every word that was written counted when it was written: nothing was final before it, and no person spoke twice. */
function expectOneDecision(final: Run, entries: Parameters<typeof runOf>[1]): void {
  for (const [index, entry] of entries.entries()) {
    const told = runEntryOf(entry);
    if (told.type !== 'decided') continue;
    const before = runOf(final.id, entries.slice(0, index));
    const after = runOf(final.id, entries.slice(0, index + 1));
    expect([before.decision, before.undo, before.ended]).toEqual([null, null, null]);
    expect(after.decision !== null || after.approvals.length === before.approvals.length + 1).toBe(true);
  }
}

async function schedule(names: readonly string[], scheduler: fc.Scheduler): Promise<void> {
  const asked = await asking();
  const { stack, run } = asked;
  const engine = scheduled(stack, scheduler);
  const ends = names.map((name) =>
    Promise.resolve(deeds[name]?.(asked, engine)).then(
      () => null,
      (error: unknown) => toFault(error),
    ),
  );
  await scheduler.waitFor(Promise.all(ends));
  const faults = (await Promise.all(ends)).flatMap((fault, index) =>
    fault ? [{ fault, name: names[index] ?? '' }] : [],
  );
  const refusals = faults.filter(({ name }) => !['it expires', 'the message comes'].includes(name));
  expect(refusals.filter(({ fault }) => fault.code === 'unforeseen')).toEqual([]);
  const attempts = (await audited(stack)).filter(({ what, code }) => what !== 'execution' && code !== 'same-person');
  expect(attempts.map(({ code }) => code).sort()).toEqual(refusals.map(({ fault }) => fault.code).sort());

  await untilEnd(stack);
  const entries = await stack.engine.ledger.read(run.id);
  const final = await onlyRun(stack);
  expectOneDecision(final, entries);
  expect(entries.filter(({ type }) => type === 'run-ended').length).toBeLessThanOrEqual(1);
  expect(final.ended !== null || final.undo?.ended !== null).toBe(true);
  const chosen = final.plans?.find(({ choice }) => choice === final.decision?.choice);
  if (stack.far.sent.length > 0) {
    expect(chosen).toBeDefined();
    const people = new Set(final.approvals.filter(({ digest }) => digest === chosen?.digest).map(({ by }) => by));
    expect(people.size).toBeGreaterThanOrEqual(chosen?.people ?? 99);
  }
  await expectWhole(stack);
}

test('2,000 schedules of approving, rejecting, expiring and taking back: one decision each', async () => {
  const names = fc.array(fc.constantFrom(...Object.keys(deeds)), { minLength: 2, maxLength: 6 });
  const runs = 2000;
  let done = 0;
  await fc.assert(
    fc.asyncProperty(names, fc.scheduler(), async (some, scheduler) => {
      await schedule(some, scheduler);
      done += 1;
    }),
    { numRuns: runs, seed: 20261128 },
  );
  expect(done).toBe(runs);
}, 120_000);
