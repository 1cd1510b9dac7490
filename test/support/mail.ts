import type { Received } from '../../shared/ports.ts';

/** What came in, for tests: a mail without a credential unless said otherwise. */
export function received(body: Uint8Array | string, other: Partial<Omit<Received, 'bytes'>> = {}): Received {
  return {
    bytes: typeof body === 'string' ? Buffer.from(body, 'latin1') : body,
    contentType: 'message/rfc822',
    authorization: null,
    receivedAt: '2025-03-01T10:20:00.000Z',
    ...other,
  };
}

/** HTTP Basic as a mail service sends it. */
export function basic(password: string, user = 'sendgrid'): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** An unsigned alert mail in plain text. */
export function plainMail({
  from = 'Permissions Management <alerts@alerts.contoso.example>',
  date = 'Sat, 01 Mar 2025 10:15:00 +0000',
} = {}): string {
  return [
    `From: ${from}`,
    'To: quell@contoso.example',
    'Subject: Alert triggered',
    `Date: ${date}`,
    'Message-ID: <1@alerts.contoso.example>',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Hello.',
    'Alert Name: Users inactive for 90 days',
    'Anomaly Alert Rule: Inactive Users',
    'Authorization System: 1f6d0c1e-6a54-4c07-9d1e-2b8f0a3c4d5e',
    'Identities: 3',
    '',
  ].join('\r\n');
}
