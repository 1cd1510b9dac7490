import { describe, expect, test } from 'vitest';
import { canaryOf, signedInSince } from '../../../shared/domain/canary.ts';
import type { SignIns } from '../../../shared/domain/identity.ts';
import type { Run } from '../../../shared/domain/run.ts';
import {
  decided,
  ended,
  guarded,
  opened,
  planFor,
  planned,
  proved,
  runFrom,
  stepOf,
  type Told,
  undoDecided,
  verified,
  waiting,
} from '../../support/domain-run.ts';
import { at, day, minute, t0 } from '../../support/domain-time.ts';
import { absent, deleted, live } from '../../support/domain-users.ts';

const start: readonly Told[] = [opened('enforce'), proved(), planned(), guarded(), decided()];
const standing = (time = t0): Run => runFrom(...start, verified('1.1', time));
const pending = runFrom(...start);
const untouched = runFrom(opened('enforce'), proved(), ended('refused'));
const soak = day;
const verdict = (earlier: readonly Run[], now: string) => canaryOf(earlier, now, soak, false);
const many = (count: number, run: Run): readonly Run[] => Array.from({ length: count }, () => run);

describe('after those before', () => {
  test('the first goes', () => {
    expect(verdict([], t0)).toEqual({ verdict: 'go', reason: '0 of the same alert stand' });
  });

  test('the second waits for the first, and then until it has stood', () => {
    expect(verdict([pending], at(9 * day))).toEqual({
      verdict: 'wait',
      reason: 'waits for Dana Quiet, of the same alert',
      until: null,
    });
    expect(verdict([standing()], at(day - 1))).toEqual({
      verdict: 'wait',
      reason: 'waits whether what was done to 1 of the same alert stands',
      until: at(day),
    });
    expect(verdict([standing()], at(day))).toEqual({ verdict: 'go', reason: '1 of the same alert stand' });
  });

  test.each([1, 2, 3, 4, 5])('of the next five, number %i waits for the first alone', (position) => {
    const earlier = [standing(), ...many(position - 1, pending)];
    expect(verdict(earlier, at(day)).verdict).toBe('go');
  });

  test.each([6, 7, 20])('number %i waits for the first six, whoever of them is the last', (position) => {
    const rest = many(position - 6, pending);
    expect(verdict([...many(5, standing()), pending, ...rest], at(9 * day))).toMatchObject({
      verdict: 'wait',
      until: null,
    });
    const late = [standing(at(minute)), standing(at(2 * minute)), ...many(4, standing()), ...rest];
    expect(verdict(late, at(day + minute))).toMatchObject({ verdict: 'wait', until: at(day + 2 * minute) });
    expect(verdict(late, at(day + 2 * minute))).toEqual({ verdict: 'go', reason: '6 of the same alert stand' });
  });

  test('whoever ended untouched is not counted', () => {
    expect(verdict(many(9, untouched), t0).verdict).toBe('go');
    expect(verdict([untouched, standing(), ...many(4, pending)], at(day)).verdict).toBe('go');
    expect(verdict([untouched, pending], t0).verdict).toBe('wait');
    const touched = runFrom(...start, verified('1.1'), ended('done'));
    expect(verdict([touched], t0).verdict).toBe('wait');
  });

  test('whoever was so already is not counted: nothing was done to them that could stand', () => {
    const already = runFrom(...start, verified('1.1', t0, 'already so'));
    expect(verdict([already], t0)).toEqual({ verdict: 'go', reason: '0 of the same alert stand' });
    expect(verdict([already, standing()], at(day - 1)).verdict).toBe('wait');
    expect(verdict([already, standing()], at(day)).verdict).toBe('go');
  });

  test('past a wait, whoever found all done and still waits is counted: both begin to act about now', () => {
    const already = runFrom(...start, verified('1.1', t0, 'already so'), waiting('1.2', at(day)));
    const past = (earlier: readonly Run[], now: string) => canaryOf(earlier, now, soak, true);
    expect(past([already], at(day))).toMatchObject({ verdict: 'wait', until: null });
    expect(past([untouched], at(day)).verdict).toBe('go');
    const removed = runFrom(
      ...start,
      verified('1.1', t0, 'already so'),
      waiting('1.2', at(day)),
      verified('1.4', at(day)),
    );
    expect(past([removed], at(2 * day - 1))).toMatchObject({ verdict: 'wait', until: at(2 * day) });
    expect(past([removed], at(2 * day)).verdict).toBe('go');
    expect(verdict([removed], at(2 * day - 1)).verdict).toBe('wait');
  });

  test('whoever ended half done is not waited for: a person has to look', () => {
    const [one, two] = [stepOf('1.1', 'disable-user', 'reversible'), stepOf('1.2', 'revoke-sessions', 'reversible')];
    const plan = planFor('both', [one, two]);
    const half = runFrom(
      opened('enforce'),
      proved(),
      planned([plan]),
      guarded([plan]),
      decided(plan),
      verified('1.1'),
      ended('refused'),
    );
    expect(verdict([half], t0)).toEqual({
      verdict: 'stop',
      reason: 'Dana Quiet, of the same alert, ended half done, refused: because',
    });
  });

  test('anything against any of them stops, wherever it stands', () => {
    const takenBack = runFrom(...start, verified('1.1'), undoDecided());
    expect(verdict([...many(7, standing()), takenBack], at(9 * day))).toEqual({
      verdict: 'stop',
      reason: 'Dana Quiet, of the same alert: Ria took it back: was needed',
    });
  });
});

describe('a sign-in', () => {
  const seen = (signIns: SignIns | null) => live({ signIns });
  const none: SignIns = { successful: null, interactive: null, nonInteractive: null };

  test.each(['successful', 'interactive', 'nonInteractive'] as const)(
    'counts where it is %s, after the first stage',
    (kind) => {
      expect(signedInSince(standing(), seen({ ...none, [kind]: at(1) }))).toBe(at(1));
      expect(signedInSince(standing(), seen({ ...none, [kind]: t0 }))).toBeNull();
    },
  );

  test('counts for nothing before anything was done, or of somebody who is not there', () => {
    expect(signedInSince(pending, seen({ ...none, interactive: at(day) }))).toBeNull();
    expect(signedInSince(standing(), seen(null))).toBeNull();
    for (const gone of [absent, deleted({ signIns: { ...none, interactive: at(day) } })])
      expect(signedInSince(standing(), gone)).toBeNull();
  });
});
