import { describe, expect, it } from 'vitest';
import { Fault } from '../../../shared/domain/fault.ts';
import { faultOf, guid, type Refused, retryAfterMs, silence } from '../../../shared/systems/far-side.ts';

const refused = (more: Partial<Refused>): Fault =>
  faultOf({
    what: 'PUT azure/x',
    status: 500,
    code: 'unknown',
    message: 'no',
    retryAfter: null,
    date: null,
    writes: true,
    ...more,
  });

describe('a refusal of the far side', () => {
  it.each([
    [400, 'reject', 'far-side-rejects'],
    [401, 'retry', 'not-authenticated'],
    [403, 'refuse', 'forbidden'],
    [404, 'halt', 'not-found'],
    [405, 'halt', 'unexpected-status'],
    [408, 'uncertain', 'far-side-failed'],
    [409, 'conflict', 'far-side-conflict'],
    [410, 'halt', 'unexpected-status'],
    [412, 'refuse', 'forbidden'],
    [423, 'retry', 'busy'],
    [429, 'retry', 'busy'],
    [302, 'halt', 'unexpected-status'],
    [500, 'uncertain', 'far-side-failed'],
    [502, 'uncertain', 'far-side-failed'],
    [503, 'uncertain', 'far-side-failed'],
    [504, 'uncertain', 'far-side-failed'],
  ] as const)('%i to a write means %s', (status, disposition, code) => {
    expect(refused({ status })).toMatchObject({ disposition, code });
  });

  it.each([
    [408, 'far-side-failed'],
    [500, 'far-side-failed'],
    [503, 'busy'],
    [504, 'far-side-failed'],
  ] as const)('%i to a read means to come again', (status, code) => {
    expect(refused({ status, writes: false })).toMatchObject({ disposition: 'retry', code, retryAfterMs: 5000 });
  });

  it('has not begun where a write that is unavailable names a time', () => {
    const fault = refused({ status: 503, retryAfter: '7' });
    expect(fault).toMatchObject({ disposition: 'retry', code: 'busy', retryAfterMs: 7000 });
    expect(refused({ status: 504, retryAfter: '7' })).toMatchObject({ disposition: 'uncertain', retryAfterMs: 7000 });
    expect(refused({ status: 504 }).retryAfterMs).toBeUndefined();
  });

  it('names the rule that stands against the call, with whatever status it comes', () => {
    expect(refused({ status: 403, code: 'Authorization_RequestDenied' })).toMatchObject({
      disposition: 'refuse',
      code: 'Authorization_RequestDenied',
    });
    for (const code of ['ScopeLocked', 'RoleAssignmentLimitExceeded', 'RoleAssignmentUpdateNotPermitted'])
      expect(refused({ status: 409, code })).toMatchObject({ disposition: 'refuse', code });
  });

  it('never blames whoever called us for what we sent', () => {
    expect(refused({ status: 400 }).status).toBe(500);
    expect(refused({ status: 403 }).status).toBe(403);
  });

  it('waits a minute for another token, and as long as it is told for anything else', () => {
    expect(refused({ status: 401 }).retryAfterMs).toBe(60_000);
    expect(refused({ status: 429 }).retryAfterMs).toBe(5000);
    expect(refused({ status: 429, retryAfter: '40' }).retryAfterMs).toBe(40_000);
    expect(refused({ status: 409, retryAfter: '40' }).retryAfterMs).toBeUndefined();
  });

  it('says what was asked and what was said, and not a whole page of it', () => {
    const fault = refused({ status: 400, code: 'InvalidFilter', message: 'x'.repeat(5000) });
    expect(fault.message).toContain('PUT azure/x answered 400 InvalidFilter: xxx');
    expect(fault.message.length).toBeLessThan(400);
    expect(fault.detail).toEqual({ what: 'PUT azure/x', status: 400, code: 'InvalidFilter' });
  });
});

describe('no answer', () => {
  const socket = (code: string): Error =>
    new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });

  it.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT', 'CERT_HAS_EXPIRED'])(
    '%s: nothing was sent, so it can be sent again',
    (code) => {
      expect(silence('DELETE graph/x', true, socket(code))).toMatchObject({
        disposition: 'retry',
        code: 'not-reached',
      });
    },
  );

  it.each(['ECONNRESET', 'UND_ERR_SOCKET', 'EPIPE', 'ETIMEDOUT', 'UND_ERR_HEADERS_TIMEOUT'])(
    '%s: it may have happened',
    (code) => {
      expect(silence('DELETE graph/x', true, socket(code))).toMatchObject({
        disposition: 'uncertain',
        code: 'no-answer',
      });
      expect(silence('GET graph/x', false, socket(code))).toMatchObject({ disposition: 'retry' });
    },
  );

  it('is uncertain where nobody knows why', () => {
    for (const cause of [new Error('?'), 'thrown', undefined, new DOMException('late', 'TimeoutError')])
      expect(silence('DELETE graph/x', true, cause)).toMatchObject({ disposition: 'uncertain' });
  });
});

describe('Retry-After', () => {
  const date = 'Sun, 06 Nov 1994 08:49:37 GMT';

  it.each([
    ['17', null, 17_000],
    [' 0 ', null, 0],
    ['3600', null, 3_600_000],
    ['86401', null, 86_400_000],
    ['1000000000', null, 86_400_000],
    ['9'.repeat(400), null, 86_400_000],
    ['Sun, 06 Nov 1994 08:50:07 GMT', date, 30_000],
    ['Sun, 06 Nov 1994 08:00:00 GMT', date, 0],
    ['Mon, 07 Nov 1994 08:49:37 GMT', date, 86_400_000],
    ['Tue, 08 Nov 1994 08:49:37 GMT', date, 86_400_000],
    ['Sun, 06 Nov 1994 08:50:07 GMT', null, null],
    ['-5', date, null],
    ['1.5', date, null],
    ['soon', date, null],
    ['Sun, 99 Nov 1994 08:50:07 GMT', date, null],
    ['', date, null],
    [null, date, null],
  ])('%j seen at %j is %j', (value, now, expected) => {
    expect(retryAfterMs(value, now)).toBe(expected);
  });
});

describe('an object id', () => {
  it('is a GUID in lower case', () => {
    expect(guid('AAAA0000-0000-4000-8000-00000000000F')).toBe('aaaa0000-0000-4000-8000-00000000000f');
  });

  it.each([
    '',
    '*',
    'me',
    '../groups',
    'ada@contoso.com',
    'aaaa0000-0000-4000-8000-000000000001/x',
    ' aaaa0000-0000-4000-8000-000000000001',
    'aaaa0000-0000-4000-8000-000000000001\n',
    'aaaa000000004000800000000000000f',
    "aaaa0000-0000-4000-8000-000000000001') or ('",
    'x'.repeat(100_000),
  ])('is nothing else: %#', (id) => {
    const outcome = () => guid(id);
    expect(outcome).toThrow(Fault);
    expect(outcome).toThrow(/is not an object id/);
  });
});
