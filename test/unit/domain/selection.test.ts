import { describe, expect, test } from 'vitest';
import { cursorOf, placeOf } from '../../../shared/domain/page.ts';
import { selectionInWords, selectionOf, timeOf } from '../../../shared/domain/selection.ts';
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
