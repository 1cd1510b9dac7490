import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { tokenOf } from '../../../shared/systems/token.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function credential(failures = 0) {
  const asked: unknown[] = [];
  const getToken = async (_scope: string | string[], options?: { claims?: string }) => {
    asked.push(options?.claims ?? null);
    if (asked.length <= failures) throw new Error('endpoint down');
    return { token: `token-${asked.length}`, expiresOnTimestamp: 0 };
  };
  return { asked, getToken };
}

test('a token is asked for once a minute, however many calls there are', async () => {
  const given = credential();
  const token = tokenOf(given, 'https://far', 1_000);
  expect(await Promise.all([token(), token(), token()])).toEqual(['token-1', 'token-1', 'token-1']);
  await vi.advanceTimersByTimeAsync(59_999);
  expect(await token()).toBe('token-1');
  await vi.advanceTimersByTimeAsync(1);
  expect(await token()).toBe('token-2');
});

test('one that was refused is not given again, and its challenge goes along', async () => {
  const given = credential();
  const token = tokenOf(given, 'https://far', 1_000);
  await token();
  expect(await token({ claims: undefined })).toBe('token-2');
  expect(await token({ claims: 'more' })).toBe('token-3');
  expect(await token()).toBe('token-3');
  expect(given.asked).toEqual([null, null, 'more']);
});

test('one that could not be had is asked for again', async () => {
  const token = tokenOf(credential(1), 'https://far', 1_000);
  await expect(token()).rejects.toMatchObject({ disposition: 'retry', code: 'no-token' });
  expect(await token()).toBe('token-2');
});

test('the minute of an older token does not end that of a newer one', async () => {
  const given = credential();
  const token = tokenOf(given, 'https://far', 1_000);
  await token();
  await vi.advanceTimersByTimeAsync(30_000);
  await token({ claims: undefined });
  await vi.advanceTimersByTimeAsync(31_000);
  expect(await token()).toBe('token-2');
});
