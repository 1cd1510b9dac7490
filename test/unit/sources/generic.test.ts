import { describe, expect, test } from 'vitest';
import type { Role } from '../../../shared/domain/right.ts';
import { generic, genericFromQueue } from '../../../shared/sources/generic.ts';
import { received } from '../../support/mail.ts';
import { nobody } from '../../support/mail-settings.ts';

const data = {
  rule: 'inactive-users',
  system: { type: 'azure', id: 'sub' },
  nominations: [{ by: 'id', value: 'x' }],
};
const event = {
  ...{ specversion: '1.0', type: 'quell.alert.v1', source: '/siem', id: '1', time: '2025-03-01T10:00:00Z' },
  data,
};

const source = generic({ authenticate: nobody });
const read = (body: unknown) => source.read(received(JSON.stringify(body), { contentType: 'application/json' }));

function lacking(key: keyof typeof event): object {
  const { [key]: _, ...rest } = event;
  return rest;
}

describe('what does not fit', () => {
  test.each<readonly [string, unknown, string]>([
    ['an array (batch mode)', [event], 'the whole: Invalid input: expected object, received array'],
    ['null', null, 'the whole: '],
    ['no specversion', lacking('specversion'), 'specversion: must be "1.0": send the whole event as the body'],
    ['another specversion', { ...event, specversion: '0.3' }, 'specversion: must be "1.0"'],
    ['another type', { ...event, type: 'quell.alert.v2' }, 'type: '],
    ['no source', lacking('source'), 'source: '],
    ['an empty source', { ...event, source: '' }, 'source: '],
    ['no id', lacking('id'), 'id: '],
    ['a number as id', { ...event, id: 1 }, 'id: '],
    ['no time at all', lacking('time'), 'time: give time, or data.occurredAt'],
    ['a time without a zone', { ...event, time: '2025-03-01T10:00:00' }, 'time: '],
    ['no data', lacking('data'), 'data: '],
    ['data as text', { ...event, data: '{}' }, 'data: '],
    ['data_base64', { ...event, data_base64: 'e30=' }, 'Unrecognized key: "data_base64"'],
    ['another media type of data', { ...event, datacontenttype: 'application/xml' }, 'datacontenttype: '],
    ['an unknown key', { ...event, extra: 1 }, 'Unrecognized key: "extra"'],
    ['an unknown key in data', { ...event, data: { ...data, delete: true } }, 'data: Unrecognized key: "delete"'],
    ['rule and ruleName', { ...event, data: { ...data, ruleName: 'x' } }, 'data: give either rule or ruleName'],
    ['neither', { ...event, data: { ...data, rule: undefined } }, 'data: give either rule or ruleName'],
    ['a rule that is no slug', { ...event, data: { ...data, rule: 'Inactive Users' } }, 'data.rule: must be a slug'],
    ['a name without a letter', { ...event, data: { ...data, rule: undefined, ruleName: '???' } }, 'letter or digit'],
    ['an unknown system type', { ...event, data: { ...data, system: { type: 'x', id: 'y' } } }, 'data.system.type: '],
    ['no nominations', { ...event, data: { ...data, nominations: undefined } }, 'data.nominations: '],
    [
      'a wildcard kind',
      { ...event, data: { ...data, nominations: [{ by: 'all', value: '*' }] } },
      'nominations.0.by: ',
    ],
    [
      'an empty value',
      { ...event, data: { ...data, nominations: [{ by: 'id', value: '' }] } },
      'nominations.0.value: ',
    ],
    [
      '201 nominations',
      { ...event, data: { ...data, nominations: Array.from({ length: 201 }, () => ({ by: 'id', value: 'x' })) } },
      'data.nominations: ',
    ],
    ['a negative count', { ...event, data: { ...data, identityCount: -1 } }, 'data.identityCount: '],
  ])('%s', async (_what, body, message) => {
    await expect(read(body)).rejects.toMatchObject({
      disposition: 'reject',
      code: 'wrong-fields',
      message: expect.stringContaining(message),
    });
  });
});

test('events that differ in source or id differ in their key', async () => {
  const keys = await Promise.all(
    [
      ['a', 'b c'],
      ['a b', 'c'],
      ['a","b', 'c'],
    ].map(async ([origin = '', id = '']) => (await read({ ...event, source: origin, id })).dedupeKey),
  );
  expect(new Set(keys).size).toBe(3);
});

describe('who sends', () => {
  const caller = (roles: readonly Role[]) => generic({ authenticate: async () => ({ id: '7', name: 'Siem', roles }) });

  test('someone with the role', async () => {
    expect(await caller(['Alerts.Send']).authenticate(received('{}'))).toBe('person:7');
  });

  test('someone without it', async () => {
    const refused = { disposition: 'refuse', code: 'role-missing', status: 403 };
    await expect(caller(['Quell.Reader']).authenticate(received('{}'))).rejects.toMatchObject(refused);
  });

  test('someone who is not believed', async () => {
    await expect(source.authenticate(received('{}'))).rejects.toMatchObject({ status: 401 });
  });

  test('the queue, and nothing that carries a token', async () => {
    expect(await genericFromQueue().authenticate(received('{}'))).toBe('queue');
    const request = received('{}', { authorization: 'Bearer x' });
    await expect(genericFromQueue().authenticate(request)).rejects.toMatchObject({ disposition: 'refuse' });
  });
});
