import { describe, expect, test } from 'vitest';
import { slugOf } from '../../../shared/domain/alert.ts';
import { permissionsManagementEmail } from '../../../shared/sources/permissions-management-email.ts';
import { ruleNamed, rules } from '../../../shared/sources/permissions-management-rules.ts';
import { plainMail, received } from '../../support/mail.ts';
import { mailSettings } from '../../support/mail-settings.ts';

/** Written by hand, so that the way the code makes singulars is not tested with itself. */
const singulars: Readonly<Record<string, string>> = {
  'Identity Performed High Number of Tasks': 'Identity Performed High Number of Task',
  'Identity Performed Low Number of Tasks': 'Identity Performed Low Number of Task',
  'Identity Performed Tasks with Unusual Results': 'Identity Performed Task with Unusual Result',
  'Identity Performed Tasks with Unusual Timing': 'Identity Performed Task with Unusual Timing',
  'Identity Performed Tasks with Unusual Types': 'Identity Performed Task with Unusual Type',
  'Identity Performed Tasks with Multiple Unusual Patterns': 'Identity Performed Task with Multiple Unusual Pattern',
  'Any Resource Accessed for the First Time': 'Any Resources Accessed for the First Time',
  'Identity Performs a Particular Task for the First Time': 'Identities Perform a Particular Task for the First Time',
  'Identity Performs a Task for the First Time': 'Identities Perform a Task for the First Time',
  'Inactive Identity Becomes Active': 'Inactive Identities Become Active',
  'Overprovisioned Active Users': 'Overprovisioned Active User',
  'Overprovisioned Active System Identities': 'Overprovisioned Active System Identity',
  'Overprovisioned Active Roles': 'Overprovisioned Active Role',
  'Overprovisioned Active Resources': 'Overprovisioned Active Resource',
  'Overprovisioned Active Service Accounts': 'Overprovisioned Active Service Account',
  'Overprovisioned Active Serverless Functions': 'Overprovisioned Active Serverless Function',
  'Users with Privilege Escalation': 'User with Privilege Escalation',
  'Roles with Privilege Escalation': 'Role with Privilege Escalation',
  'Accounts with Privilege Escalation': 'Account with Privilege Escalation',
  'Service Accounts with Privilege Escalation': 'Service Account with Privilege Escalation',
  'Super Users': 'Super User',
  'Super System Identities': 'Super System Identity',
  'Super Roles': 'Super Role',
  'Super Resources': 'Super Resource',
  'Super Service Accounts': 'Super Service Account',
  'Super Serverless Functions': 'Super Serverless Function',
  'Inactive Users': 'Inactive User',
  'Inactive Groups': 'Inactive Group',
  'Inactive Roles': 'Inactive Role',
  'Inactive Resources': 'Inactive Resource',
  'Inactive System Identities': 'Inactive System Identity',
  'Inactive Serverless Functions': 'Inactive Serverless Function',
  'Inactive Serverless Accounts': 'Inactive Serverless Account',
  'Users with No MFA': 'User with No MFA',
};

test('every documented rule is there once, under its own slug', () => {
  expect(rules.map(({ name }) => name)).toEqual(Object.keys(singulars));
  expect(new Set(rules.map(({ name }) => slugOf(name))).size).toBe(rules.length);
  expect(slugOf('Inactive Users')).toBe('inactive-users');
});

test('the types have as many rules as documented', () => {
  const count = (type: string) => rules.filter((rule) => rule.type === type).length;
  expect(count('statistical-anomaly')).toBe(6);
  expect(count('rule-based-anomaly')).toBe(4);
  expect(count('permission-analytics')).toBe(24);
});

const source = permissionsManagementEmail(mailSettings);
const html = (text: string) =>
  plainMail()
    .replace('text/plain', 'text/html')
    .replace(/^([A-Z][A-Za-z ]+): (.*)$/gm, (line, label, value) =>
      /^(Alert|Anomaly|Authorization|Identities)/.test(line)
        ? `<table><tr><th>${label}</th><td>${label === 'Anomaly Alert Rule' ? text : value}</td></tr></table>`
        : line,
    );

describe.each(rules)('$name', ({ name }) => {
  const singular = singulars[name] ?? '';
  const spellings = [name, singular, `${name} alert`, `${singular} Alert`, name.toUpperCase()];
  const odd = ` ${name.replaceAll(' ', '\u00a0 ')}\t`;

  test.each([...spellings, odd])('is recognised as "%s"', (spelling) => {
    expect(ruleNamed(spelling)).toMatchObject({ name });
  });

  test.each(spellings)('is read from a mail in text and in HTML as "%s"', async (spelling) => {
    const claims = { rule: slugOf(name), ruleName: spelling };
    const text = plainMail().replace('Inactive Users', spelling);
    expect(await source.read(received(text))).toMatchObject(claims);
    expect(await source.read(received(html(spelling)))).toMatchObject(claims);
  });
});

test.each(['', 'alert', 'Inactive', 'Inactive Usersx', 'Inactive  Toasters', 'Users', 'Inactive Users Inactive Users'])(
  '"%s" is no rule',
  (text) => {
    expect(ruleNamed(text)).toBeNull();
  },
);
