import { describe, expect, test } from 'vitest';
import { cursorOf, placeOf } from '../../../shared/domain/page.ts';
import { selectionInWords, selectionOf, selects, timeOf } from '../../../shared/domain/selection.ts';
import type { Summary } from '../../../shared/domain/summary.ts';
import { t0 } from '../../support/domain-time.ts';

describe('a selection', () => {
  test('is read as it is written, and comes back as it was', () => {
    const selection = selectionOf('playbook=x and outcome = failed AND since=7d', t0);
    expect(selection).toEqual({ playbook: 'x', outcome: 'failed', since: '2026-02-22T08:00:00.000Z' });
    if (typeof selection === 'string') throw new Error(selection);
    expect(selectionOf(selectionInWords(selection), t0)).toEqual(selection);
  });

  test('takes values with = and quotes in them', () => {
    expect(selectionOf('identity="a=b@example.com"', t0)).toEqual({ identity: 'a=b@example.com' });
    expect(selectionOf('', t0)).toEqual({});
  });

  test.each([
    ['playbok=x', /write name=value, with since, until/],
    ['playbook', /too small|expected|>=1/i],
    ['since=soon', /write a time as 90d/],
    ['playbook=x or outcome=failed', /./],
  ])('%s is not one, or means what it says', (where, problem) => {
    const selection = selectionOf(where, t0);
    expect(typeof selection === 'string' ? selection : selectionInWords(selection)).toMatch(problem);
  });

  test.each([
    ['90m', '2026-03-01T06:30:00.000Z'],
    ['2h', '2026-03-01T06:00:00.000Z'],
    ['90d', '2025-12-01T08:00:00.000Z'],
    ['1w', '2026-02-22T08:00:00.000Z'],
    ['2026-01-05', '2026-01-05T00:00:00.000Z'],
    ['2026-01-05T10:00:00+02:00', '2026-01-05T08:00:00.000Z'],
    ['yesterday', null],
    ['-3d', null],
    ['2026-13-45', null],
  ])('%s is the time %s', (written, time) => {
    expect(timeOf(written, t0)).toBe(time);
  });
});

test('a cursor is a place, and nothing else is', () => {
  const place = { receivedAt: t0, run: `run-${'a'.repeat(32)}` };
  expect(placeOf(cursorOf(place))).toEqual(place);
  for (const wrong of ['', '~', 'x~run-1', t0]) expect(placeOf(wrong)).toBeNull();
});

describe('what is meant', () => {
  const run = {
    ...{ source: 'generic', rule: 'inactive-users', playbook: 'review', state: 'failed' },
    identity: { id: 'ID-1', userPrincipalName: 'Dana@example.com', displayName: 'Dana' },
  } as unknown as Summary;

  test('is everything where nothing is said, and what fits all of what is', () => {
    expect(selects({}, run)).toBe(true);
    const all = { source: 'generic', rule: 'inactive-users', playbook: 'review', outcome: 'failed' };
    expect(selects({ ...all, identity: 'id-1' }, run)).toBe(true);
    expect(selects({ ...all, identity: 'dana@EXAMPLE.com' }, run)).toBe(true);
  });

  test.each(['source', 'rule', 'playbook', 'outcome', 'identity'])('is not what differs in its %s', (name) => {
    expect(selects({ [name]: 'other' }, run)).toBe(false);
  });
});

describe('a time', () => {
  const now = '2026-03-10T12:00:00.000Z';

  test.each([
    ['30m', '2026-03-10T11:30:00.000Z'],
    ['12h', '2026-03-10T00:00:00.000Z'],
    ['3d', '2026-03-07T12:00:00.000Z'],
    ['1w', '2026-03-03T12:00:00.000Z'],
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['2026-03-01T08:00:00+01:00', '2026-03-01T07:00:00.000Z'],
  ])('%s is %s', (written, time) => {
    expect(timeOf(written, now)).toBe(time);
  });

  test.each([
    '',
    '3',
    'd',
    '3x',
    '3d ',
    'x3d',
    '3days',
    '123456d',
    '2026-3-1',
    'on 2026-03-01',
    '2026-03-0',
    '2026-13-01',
  ])('%j is none', (written) => {
    expect(timeOf(written, now)).toBeNull();
  });
});

describe('a selection that is written', () => {
  const now = '2026-03-10T12:00:00.000Z';

  test('has any spaces around its words, and quotes around a whole value only', () => {
    expect(selectionOf('  rule = x   AND  playbook=y ', now)).toEqual({ rule: 'x', playbook: 'y' });
    expect(selectionOf('rule="x y"', now)).toEqual({ rule: 'x y' });
    expect(selectionOf(`rule=it's`, now)).toEqual({ rule: "it's" });
    expect(selectionOf('rule="x"y', now)).toEqual({ rule: '"x"y' });
    expect(selectionOf('rule=x"y"', now)).toEqual({ rule: 'x"y"' });
    expect(selectionOf('since=1d and until=12h', now)).toEqual({
      ...{ since: '2026-03-09T12:00:00.000Z', until: '2026-03-10T00:00:00.000Z' },
    });
    expect(selectionOf('until=soon', now)).toBe('until=soon: write a time as 90d, 12h or 2026-03-01');
  });
});
