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
