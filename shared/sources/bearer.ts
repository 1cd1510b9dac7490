import { Fault } from '../domain/fault.ts';
import type { Authenticate, Received } from '../ports.ts';

/** The app role that a sender of alerts needs. */
const senderRole = 'Alerts.Send';

/**
 * Who sends an alert with a bearer token.
 * @throws Fault `refuse`: 401 where the token is not believed, 403 where its holder may not send alerts
 */
export async function bearerSender(authenticate: Authenticate, received: Received): Promise<string> {
  const caller = await authenticate(received.authorization);
  if (caller.roles.includes(senderRole)) return `person:${caller.id}`;
  throw new Fault('refuse', 'missing-role', `Sending alerts needs the role ${senderRole}.`, { status: 403 });
}
