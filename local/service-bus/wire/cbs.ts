import type { RequestEvent } from './amqp.ts';
import { reply } from './reply.ts';

export const CBS_ADDRESS = '$cbs';

/** A client's claim to an entity. */
export interface TokenClaim {
  /** The entity's URL. */
  readonly audience: string;
  /** For example `servicebus.windows.net:sastoken`. */
  readonly type: string;
  readonly token: string;
}

export type Authorize = (claim: TokenClaim) => boolean;

/** Answers "claims-based security": the client puts a token for an entity before it opens a link to it. */
export function answerCbs(request: RequestEvent, authorize: Authorize): void {
  const { name, type, operation } = request.message.application_properties ?? {};
  const claim = { audience: String(name), type: String(type), token: String(request.message.body) };
  const granted = operation === 'put-token' && authorize(claim);
  request.delivery.accept();
  const answer = granted
    ? { 'status-code': 202, 'status-description': 'Accepted' }
    : { 'status-code': 401, 'status-description': 'Unauthorized' };
  reply(request, answer);
}
