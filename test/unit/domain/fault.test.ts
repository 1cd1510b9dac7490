import { describe, expect, test } from 'vitest';
import { type Disposition, dispositions, Fault, toFault } from '../../../shared/domain/fault.ts';

const table: Readonly<Record<Disposition, readonly [string, number]>> = {
  reject: ['complete', 400],
  refuse: ['complete', 403],
  conflict: ['give-back', 409],
  retry: ['schedule', 503],
  uncertain: ['give-back', 503],
  halt: ['dead-letter', 500],
};

test('the table is this one and no other', () => {
  expect(
    Object.fromEntries(Object.entries(dispositions).map(([name, { queue, status }]) => [name, [queue, status]])),
  ).toEqual(table);
});

describe('a fault', () => {
  test('has the status of its disposition', () => {
    expect(new Fault('retry', 'busy', 'Not now.')).toMatchObject({
      name: 'Fault',
      status: 503,
      code: 'busy',
      message: 'Not now.',
      detail: undefined,
      retryAfterMs: undefined,
    });
  });

  test('or a more exact one, and its cause', () => {
    const cause = new Error('inner');
    const fault = new Fault('reject', 'x', 'X.', { status: 404, cause, detail: { a: 1 }, retryAfterMs: 5 });
    expect(fault).toMatchObject({ status: 404, detail: { a: 1 }, retryAfterMs: 5 });
    expect(fault.cause).toBe(cause);
  });
});

describe('anything thrown', () => {
  test('that is a fault stays it', () => {
    const fault = new Fault('refuse', 'x', 'X.');
    expect(toFault(fault)).toBe(fault);
  });

  test.each([[new Error('password=1')], ['password=1'], [undefined], [{ disposition: 'reject' }]])(
    'else halts, and what it said stays inside: %s',
    (thrown) => {
      const fault = toFault(thrown);
      expect(fault).toMatchObject({
        ...{ disposition: 'halt', code: 'unforeseen', status: 500 },
        message: 'Something unforeseen went wrong; it was logged and a person is needed.',
      });
      expect(fault.message).not.toContain('password');
      expect(fault.cause).toBe(thrown);
    },
  );
});
