import { createHash, timingSafeEqual } from 'node:crypto';
import { Fault } from '../../domain/fault.ts';

/**
 * Checks the password of HTTP Basic, which is all that mail services can send; the user name is of no meaning.
 * @throws Fault `refuse` (401)
 */
export function checkWebhookCredential(authorization: string | null, secret: string): void {
  const [, encoded = ''] = /^Basic ([A-Za-z0-9+/=]{1,2000})$/i.exec(authorization ?? '') ?? [];
  const [, password = ''] = /^[^:]*:([\s\S]*)$/.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  // Digests are of one length, so comparing them tells nothing about the secret. An empty secret lets nobody in.
  const same = timingSafeEqual(digest(password), digest(secret));
  if (same && secret !== '') return;
  throw new Fault('refuse', 'webhook-credential', 'The webhook credential is missing or wrong.', { status: 401 });
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
