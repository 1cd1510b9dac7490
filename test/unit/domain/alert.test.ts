import { describe, expect, test } from 'vitest';
import { alertOf, type Claims, claimsSchema, slugOf } from '../../../shared/domain/alert.ts';

const claims: Claims = {
  rule: 'inactive-users',
  ruleName: 'Inactive Users',
  title: 'Stale accounts',
  system: { type: 'azure', id: 'sub-1' },
  nominations: [{ kind: 'user', by: 'id', value: 'u-1' }],
  identityCount: 1,
  occurredAt: '2026-03-01T07:00:00Z',
  dedupeKey: null,
};
const received = {
  source: 'generic',
  sender: 'app:1',
  receivedAt: '2026-03-01T08:00:00.000Z',
  raw: { sha256: 'a'.repeat(64), contentType: 'application/json', bytes: 10 },
};
const id = (changed: Partial<Claims> = {}, delivered: Partial<typeof received> = {}) =>
  alertOf({ ...claims, ...changed }, { ...received, ...delivered }).id;

describe('the id of an alert', () => {
  test('is what it always was', () => expect(id()).toBe('alert-00f65c293f8c8149443024e4eba6d618'));

  test.each<readonly [string, Partial<typeof received>]>([
    ['another sender', { sender: 'app:2' }],
    ['another time', { receivedAt: '2026-03-02T08:00:00.000Z' }],
    ['other bytes', { raw: { sha256: 'b'.repeat(64), contentType: 'text/plain', bytes: 11 } }],
  ])('is the same for %s of delivery', (_what, delivered) => expect(id({}, delivered)).toBe(id()));

  test('does not depend on the order of the fields', () => {
    const { rule, ...rest } = claims;
    expect(alertOf({ ...rest, rule }, received).id).toBe(id());
  });

  const changes: { readonly [K in keyof Claims]: Claims[K] } = {
    rule: 'super-users',
    ruleName: 'inactive users',
    title: 'Stale account',
    system: { type: 'azure', id: 'sub-2' },
    nominations: [],
    identityCount: null,
    occurredAt: '2026-03-01T07:00:01Z',
    dedupeKey: 'k',
  };
  test.each(Object.entries(changes))('is another where %s is another', (field, value) => {
    expect(id({ [field]: value })).not.toBe(id());
  });

  test.each<readonly [string, Partial<Claims>]>([
    ['the type of the system', { system: { type: 'aws', id: 'sub-1' } }],
    ['the kind of a nomination', { nominations: [{ kind: 'group', by: 'id', value: 'u-1' }] }],
    ['the way of a nomination', { nominations: [{ kind: 'user', by: 'displayName', value: 'u-1' }] }],
    ['the value of a nomination', { nominations: [{ kind: 'user', by: 'id', value: 'u-2' }] }],
  ])('is another where %s is another', (_what, changed) => expect(id(changed)).not.toBe(id()));

  test('is another for another source: two sources may mean different things', () => {
    expect(id({}, { source: 'mail' })).not.toBe(id());
  });
});

test.each([
  ['Inactive Users', 'inactive-users'],
  ['Overprovisioned Active Users', 'overprovisioned-active-users'],
  ['  Super   Users!  ', 'super-users'],
  ['\uff29nactive Users', 'inactive-users'],
  ['a--b', 'a-b'],
  ['-a-', 'a'],
  ['\u2116 1', 'no-1'],
  ['???', ''],
])('"%s" as a slug is "%s"', (name, slug) => {
  expect(slugOf(name)).toBe(slug);
  expect(slugOf(slugOf(name))).toBe(slug);
  expect(claimsSchema.shape.rule.safeParse(slug).success).toBe(slug !== '');
});
