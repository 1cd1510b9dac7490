import { describe, expect, test } from 'vitest';
import { callEntry, callEntryOf, callJournal, pathOf } from '../../../shared/domain/call-entry.ts';
import { toJson } from '../../../shared/domain/json.ts';
import { entryAfter } from '../../../shared/domain/ledger.ts';
import { t0 } from '../../support/domain-time.ts';

const call = { by: 'id-1', byName: 'Ada', right: 'decide', method: 'POST', path: '/api/decisions' } as const;
const { by: _by, ...about } = call;

describe('a call', () => {
  test('that begins is written down as that', () => {
    expect(callEntry(call, null)).toEqual({ type: 'call-begun', data: { ...about, summary: 'POST /api/decisions' } });
  });

  test.each([
    [200, 'success'],
    [399, 'success'],
    [400, 'refused'],
    [401, 'authorization-failure'],
    [402, 'refused'],
    [403, 'authorization-failure'],
    [404, 'refused'],
    [499, 'refused'],
    [500, 'error'],
    [503, 'error'],
  ] as const)('that ended with %i is a %s', (status, outcome) => {
    expect(callEntry(call, status)).toEqual({
      ...{ type: 'call-ended', data: { ...about, summary: `${status} POST /api/decisions`, status, outcome } },
    });
  });

  test('is written down without secrets, and not at any length', () => {
    expect(pathOf('https://quell.example/api/runs?limit=5&code=abc&x=1&access_token=def')).toBe(
      '/api/runs?limit=5&code=…&x=1&access_token=…',
    );
    expect(pathOf(`/api/${'x'.repeat(400)}`)).toHaveLength(300);
  });

  test('is of the hour and the process', () => {
    expect(callJournal('2026-03-01T12:34:56.789Z', 'worker-0123456789')).toBe('calls-2026-03-01T12-worker-0');
  });
});

describe('an entry of a journal of calls', () => {
  const entryOf = (type: string, data: object) =>
    entryAfter('calls-x', null, { time: t0, type, actor: 'person:id-1', data: Object(toJson(data)) });

  test('is read as it was written, and nothing else is one', () => {
    const ended = callEntry(call, 200);
    expect(callEntryOf(entryOf(ended.type, ended.data))).toEqual(ended);
    expect(() => callEntryOf(entryOf('call-ended', about))).toThrow(
      expect.objectContaining({
        ...{ disposition: 'halt', code: 'ledger-unreadable' },
        message: 'Entry 1 of calls-x is not one a journal of calls can have.',
      }),
    );
  });
});
