import { checkRight } from '../domain/right.ts';
import type { Authenticate, Received } from '../ports.ts';

/**
 * Who sends an alert with a bearer token.
 * @throws Fault `refuse`: 401 where the token is not believed, 403 where its holder may not send alerts
 */
export async function bearerSender(authenticate: Authenticate, received: Received): Promise<string> {
  const caller = await authenticate(received.authorization);
  checkRight(caller, 'send');
  return `person:${caller.id}`;
}
