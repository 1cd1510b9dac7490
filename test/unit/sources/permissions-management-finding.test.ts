import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { slugOf } from '../../../shared/domain/alert.ts';
import type { Role } from '../../../shared/domain/right.ts';
import { findingTypes, permissionsManagementFinding } from '../../../shared/sources/permissions-management-finding.ts';
import { ruleNamed } from '../../../shared/sources/permissions-management-rules.ts';
import { received } from '../../support/mail.ts';
import { nobody } from '../../support/mail-settings.ts';

const source = permissionsManagementFinding({ authenticate: nobody });
const fixture = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../fixtures/alerts/${source.name}/${name}.json`, import.meta.url), 'utf8'));

test.each([...findingTypes])('%s is a documented rule', async (type, { rule, kind }) => {
  expect(ruleNamed(rule)?.name).toBe(rule);
  const body = { ...fixture('azure-inactive-user-by-object-id'), '@odata.type': `#microsoft.graph.${type}` };
  const claims = await source.read(received(JSON.stringify(body)));
  expect(claims).toMatchObject({ rule: slugOf(rule), nominations: [{ kind, by: 'id' }] });
});

test('everything that does not fit is said at once', async () => {
  const reading = source.read(received(JSON.stringify(fixture('bad-four-things'))));
  await expect(reading).rejects.toMatchObject({
    detail: [
      expect.stringMatching(/^id: /),
      expect.stringMatching(/^createdDateTime: /),
      expect.stringMatching(/^identity\.externalId: /),
      expect.stringMatching(/^identity\.authorizationSystem\.authorizationSystemType: /),
    ],
  });
});

test('a sender needs the role', async () => {
  const caller = (roles: readonly Role[]) =>
    permissionsManagementFinding({ authenticate: async () => ({ id: '7', name: 'x', roles }) });
  expect(await caller(['Alerts.Send']).authenticate(received('{}'))).toBe('person:7');
  await expect(caller([]).authenticate(received('{}'))).rejects.toMatchObject({ status: 403 });
  await expect(source.authenticate(received('{}'))).rejects.toMatchObject({ status: 401 });
});
