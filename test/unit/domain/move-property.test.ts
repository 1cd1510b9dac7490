import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { later } from '../../../shared/domain/duration.ts';
import { type Move, maxAttempts, mustProve, next } from '../../../shared/domain/move.ts';
import { changesAccess } from '../../../shared/domain/plan.ts';
import { chosenPlan, type Run } from '../../../shared/domain/run.ts';
import { summaryOf } from '../../../shared/domain/summary.ts';
import { runTimeline } from '../../../shared/domain/timeline.ts';
import { undoPlan } from '../../../shared/domain/undo.ts';
import {
  applied,
  asked,
  decided,
  deferred,
  ended,
  failed,
  guarded,
  intended,
  journalOf,
  keepPlan,
  opened,
  planned,
  proved,
  removePlan,
  runFrom,
  type Told,
  undoDecided,
  undoEnded,
  undoReopened,
  verified,
  voided,
  waiting,
} from '../../support/domain-run.ts';
import { day, minute, t0 } from '../../support/domain-time.ts';

/** What the world and the people may do when it is a run's turn; a number from 0 to 99 each time. */
interface Turn {
  readonly luck: number;
  readonly pause: number;
}

const turns = fc.array(
  fc.record({ luck: fc.nat(99), pause: fc.constantFrom(0, 1, 1000, minute, 16 * minute, day, 31 * day) }),
  { minLength: 1, maxLength: 60 },
);
const modes = fc.constantFrom('observe' as const, 'approve' as const, 'enforce' as const);

interface Played {
  readonly told: readonly Told[];
  /** Every move that was offered, with the run and the time it was offered at. */
  readonly offered: readonly { readonly move: Move; readonly run: Run; readonly now: string }[];
}

/** Plays a run: takes what `next` offers and answers as the engine and the world might. */
function play(mode: 'observe' | 'approve' | 'enforce', choices: number, story: readonly Turn[]): Played {
  const told: Told[] = [opened(mode)];
  const offered: { move: Move; run: Run; now: string }[] = [];
  let now = t0;
  for (const { luck, pause } of story) {
    now = later(now, pause);
    const run = runFrom(...told);
    const move = next(run, now);
    offered.push({ move, run, now });
    const takenBack = luck === 99 && !run.undo;
    told.push(...(takenBack ? [undoDecided(now)] : answer(move, run, now, { luck, choices })));
  }
  return { told, offered };
}

function answer(
  move: Move,
  run: Run,
  now: string,
  { luck, choices }: { luck: number; choices: number },
): readonly Told[] {
  const plansOf = (number: number) => [removePlan(number), keepPlan(number)].slice(0, choices);
  switch (move.move) {
    case 'none':
      return [];
    case 'undo-end':
      return luck < 20 && move.steps[0] ? [undoReopened(move.steps[0].key, now)] : [undoEnded(move.outcome, now)];
    case 'prove':
      return [proved(luck < 90 ? 'true' : luck < 95 ? 'false' : 'unknown', now, move.before)];
    case 'plan':
      return [planned(plansOf(run.planNumber + 1), now)];
    case 'guard':
      return [guarded(run.plans ?? [], luck < 80 ? {} : { remove: 'is Owner' }, now)];
    case 'ask':
      return [asked(move.choices, move.expiresAt)];
    case 'canary':
      return [];
    case 'choose':
      return [decided(move.plan, now)];
    case 'wait':
      return [waiting(move.step, move.until, now)];
    case 'rest':
      return run.asked && !run.decision ? person(run, now, luck) : [];
    case 'act':
      return acting(move, run, now, luck);
    case 'verify':
      return verifying(move, now, luck);
    case 'end':
      return [ended(move.outcome, now)];
  }
}

function person(run: Run, now: string, luck: number): readonly Told[] {
  if (luck < 20) return [];
  if (luck < 25) return [decided(null, now, 'no')];
  const choice = run.asked?.choices[luck % (run.asked.choices.length || 1)];
  return (run.plans ?? []).filter((plan) => plan.choice === choice).map((plan) => decided(plan, now));
}

function acting(
  { step, attempt }: Extract<Move, { move: 'act' }>,
  run: Run,
  now: string,
  luck: number,
): readonly Told[] {
  const intent = intended(step.key, attempt, later(now, 20_000), now);
  const chosen = chosenPlan(run);
  if (luck < 5) return [verified(step.key, now)];
  if (mustProve(run, step, now)) return [proved(luck < 90 ? 'true' : 'unknown', now, step.key)];
  if (run.undo) return luck < 30 ? [intent] : [intent, applied(step.key, now)];
  if (luck < 10 && chosen) return [guarded([chosen], { [chosen.choice]: 'is Owner now' }, now)];
  if (luck < 20) return [voided('drift', now)];
  if (luck < 30) return [intent];
  if (luck < 40) return [intent, deferred(step.key, attempt, later(now, minute), now)];
  return luck < 45 ? [intent, failed(step.key, now)] : [intent, applied(step.key, now)];
}

function verifying({ step, attempt }: Extract<Move, { move: 'verify' }>, now: string, luck: number): readonly Told[] {
  if (luck < 80) return [verified(step.key, now)];
  return attempt >= maxAttempts ? [failed(step.key, now)] : [deferred(step.key, attempt + 1, later(now, minute), now)];
}

/** Is there a true proof, taken after the decision and not older than 15 minutes? Written down once more, in other words. */
function provedWell({ proof, decision }: Run, now: string): boolean {
  if (proof?.verdict !== 'true' || !decision) return false;
  const [at, decidedAt, here] = [proof.at, decision.at, now].map((time) => Date.parse(time));
  return (
    at !== undefined && decidedAt !== undefined && here !== undefined && at >= decidedAt && here - at <= 15 * minute
  );
}

const story = (rule: (played: Played) => void) =>
  fc.assert(
    fc.property(modes, fc.constantFrom(1, 2), turns, (mode, choices, list) => {
      rule(play(mode, choices, list));
    }),
    { numRuns: 300 },
  );

describe('however a run goes', () => {
  test('nothing is done before a decision on this very plan, whose guards have passed', () =>
    story(({ offered }) => {
      for (const { move, run } of offered) {
        if (run.undo || !['act', 'verify', 'wait'].includes(move.move)) continue;
        const plan = chosenPlan(run);
        expect(plan?.digest).toBe(run.decision?.digest);
        expect(run.guarded?.find(({ choice }) => choice === plan?.choice)?.refusals).toEqual([]);
      }
    }));

  test('a first attempt to change access has a true proof, taken after the decision, not older than 15 minutes', () =>
    story(({ offered }) => {
      for (const { move, run, now } of offered)
        if (move.move === 'act' && !run.undo && move.before === null && changesAccess(move.step.risk))
          expect(provedWell(run, now)).toBe(true);
    }));

  test('a later attempt has one too, or has to look first and then prove again', () =>
    story(({ offered }) => {
      for (const { move, run, now } of offered)
        if (move.move === 'act' && !run.undo)
          expect(mustProve(run, move.step, now)).toBe(changesAccess(move.step.risk) && !provedWell(run, now));
    }));

  test('steps are taken in order: each only when all before it are behind us', () =>
    story(({ offered }) => {
      for (const { move, run, now } of offered) {
        if (move.move !== 'act' || run.undo) continue;
        const steps = chosenPlan(run)?.steps ?? [];
        const earlier = steps.slice(
          0,
          steps.findIndex(({ key }) => key === move.step.key),
        );
        for (const { key } of earlier) {
          const state = run.steps.get(key);
          expect(state?.state === 'verified' || (state?.state === 'waiting' && state.until <= now)).toBe(true);
        }
      }
    }));

  test('observe never acts, and approve never chooses', () =>
    story(({ offered }) => {
      for (const { move, run } of offered) {
        const { mode } = run.opened;
        if (mode === 'observe') expect(['act', 'ask', 'choose', 'verify', 'wait']).not.toContain(move.move);
        if (mode === 'approve') expect(move.move).not.toBe('choose');
      }
    }));

  test('attempts of a step only rise', () =>
    story(({ offered }) => {
      for (const { move, run } of offered) {
        if (move.move !== 'act') continue;
        const state = run.steps.get(move.step.key);
        expect(move.attempt).toBe(state && 'attempt' in state ? state.attempt + 1 : 1);
      }
    }));

  test('nobody acts within the lease of another', () =>
    story(({ offered }) => {
      for (const { move, now } of offered)
        if (move.move === 'act' && move.before?.state === 'intended')
          expect(Date.parse(now)).toBeGreaterThanOrEqual(Date.parse(move.before.leaseUntil));
    }));

  test('once it is taken back, only undoing is done, in the reverse order of what was done', () =>
    story(({ offered }) => {
      for (const { move, run } of offered) {
        if (!run.undo) continue;
        expect(['act', 'verify', 'rest', 'undo-end', 'none']).toContain(move.move);
        if (move.move !== 'act') continue;
        const keys = undoPlan(run).steps.map(({ key }) => key);
        const later = keys.slice(0, keys.indexOf(move.step.key));
        expect(keys).toContain(move.step.key);
        expect(later.every((key) => run.steps.get(key)?.state === 'verified')).toBe(true);
      }
    }));

  test('what was sent is never sent again, only looked at', () =>
    story(({ offered }) => {
      for (const { move, run } of offered) {
        const state = move.move === 'act' ? run.steps.get(move.step.key) : undefined;
        expect(state?.state === 'applied' || (state?.state === 'deferred' && state.applied)).toBe(false);
      }
    }));

  test('a rest always ends later than now, and after the end there is nothing', () =>
    story(({ offered }) => {
      for (const { move, run, now } of offered) {
        if (move.move === 'rest') expect(Date.parse(move.until)).toBeGreaterThan(Date.parse(now));
        expect(move.move === 'none').toBe(run.undo ? run.undo.ended !== null : run.ended !== null);
      }
    }));

  test('its timeline and its summary can be told at any moment', () =>
    story(({ told, offered }) => {
      expect(runTimeline(journalOf(told))).toHaveLength(told.length);
      for (const { run, now } of offered) expect(summaryOf(run, now).because).not.toBe('');
    }));

  test('and the stories tried here do reach the last step', () => {
    const pauses = Array.from({ length: 13 }, (_, index) => (index === 9 ? 31 * day : 1));
    const luckily = play(
      'approve',
      1,
      pauses.map((pause) => ({ luck: 70, pause })),
    );
    expect(luckily.told.at(-1)).toMatchObject({ type: 'run-ended', data: { outcome: 'done' } });
  });
});
