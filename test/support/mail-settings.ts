import { Fault } from '../../shared/domain/fault.ts';
import type { Authenticate } from '../../shared/ports.ts';
import type { MailSettings } from '../../shared/sources/permissions-management-email.ts';

/** Believes no token. */
export const nobody: Authenticate = async () => {
  throw new Fault('refuse', 'not-authenticated', 'No token is believed here.', { status: 401 });
};

/** Settings of the mail source for tests that need no DNS: it knows no name. */
export const mailSettings: MailSettings = {
  webhookSecret: 'the secret of the webhook',
  senderDomains: ['alerts.contoso.example'],
  resolve: async (name) => {
    throw Object.assign(new Error(`no such name: ${name}`), { code: 'ENOTFOUND' });
  },
  now: () => '2025-03-01T10:20:00.000Z',
};
