import { type Claims, slugOf } from '../domain/alert.ts';
import { Fault } from '../domain/fault.ts';
import type { Source } from '../ports.ts';
import { countOf, systemOf, utcTime } from './mail/alert-fields.ts';
import type { MailTrust } from './mail/authenticity.ts';
import type { FieldName } from './mail/labelled-fields.ts';
import { mailDate } from './mail/mail-date.ts';
import { type Letter, prefilter } from './mail/prefilter.ts';
import { rawMail } from './mail/raw-mail.ts';
import { checkWebhookCredential } from './mail/webhook-credential.ts';
import { ruleNamed } from './permissions-management-rules.ts';

export interface MailSettings extends MailTrust {
  /** What the mail service sends as the password of HTTP Basic. */
  readonly webhookSecret: string;
}

/**
 * Alert mails of Permissions Management: raw, or as SendGrid's Inbound Parse posts them in raw mode. They name the rule,
 * the authorization system and how many identities, never which; so whoever it is true of has to be looked up.
 */
export function permissionsManagementEmail(settings: MailSettings): Source {
  const trust = { ...settings, senderDomains: settings.senderDomains.map((domain) => domain.toLowerCase()) };
  return {
    name: 'permissions-management-email',
    accepts: ['message/rfc822', 'multipart/form-data'],
    badInput: 'quarantine',
    authenticate: async ({ bytes, contentType, authorization }) => {
      checkWebhookCredential(authorization, settings.webhookSecret);
      // What reads and verifies mails is most of the code there is; only a mail loads it.
      const { vouchingDomain } = await import('./mail/authenticity.ts');
      return `mail:${await vouchingDomain(prefilter(rawMail(bytes, contentType)), trust)}`;
    },
    read: async ({ bytes, contentType }) => {
      const letter = prefilter(rawMail(bytes, contentType));
      const [{ labelledFields }, { textOfMail }] = await Promise.all([
        import('./mail/labelled-fields.ts'),
        import('./mail/read-mail.ts'),
      ]);
      return claimsOf(letter, labelledFields(await textOfMail(letter)));
    },
  };
}

/** What has to be there, under the label that the documentation gives it. */
const required: readonly (readonly [FieldName, string])[] = [
  ['name', 'Alert Name'],
  ['rule', 'Anomaly Alert Rule'],
  ['system', 'Authorization System'],
];

function claimsOf(letter: Letter, fields: ReadonlyMap<FieldName, string>): Claims {
  const missing = required.filter(([field]) => !fields.has(field)).map(([, label]) => label);
  if (missing.length > 0) {
    throw new Fault('reject', 'missing-fields', `The mail lacks ${missing.join(', ')}.`, { detail: missing });
  }
  const ruleName = limited(fields.get('rule') ?? '', 200);
  const rule = ruleNamed(ruleName);
  if (!rule) throw new Fault('reject', 'unknown-rule', `"${ruleName}" is no rule of Permissions Management.`);
  const time = fields.get('time');
  return {
    rule: slugOf(rule.name),
    ruleName,
    title: limited(fields.get('name') ?? '', 300),
    system: systemOf(fields),
    nominations: [],
    identityCount: countOf(fields.get('identities')),
    occurredAt: time === undefined ? dateOf(letter) : utcTime(time),
    dedupeKey: null,
  };
}

function limited(text: string, max: number): string {
  if (text.length <= max) return text;
  throw new Fault('reject', 'wrong-fields', `"${text.slice(0, 40)}…" has more than ${max} characters.`);
}

function dateOf(letter: Letter): string {
  const date = mailDate(letter.fields.get('date') ?? '');
  if (date) return date.toISOString();
  throw new Fault('reject', 'wrong-fields', 'The Date of the mail cannot be read.');
}
