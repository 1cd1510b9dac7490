import type { AmqpError } from 'rhea';
import { BrokerError } from '../store/broker-error.ts';

/** What the client is told about a failed operation. */
export function toAmqpError(error: unknown): Required<Pick<AmqpError, 'condition' | 'description'>> {
  if (error instanceof BrokerError) return { condition: error.condition, description: error.message };
  return { condition: 'amqp:internal-error', description: error instanceof Error ? error.message : String(error) };
}

export function entityNotFound(address: string): BrokerError {
  return new BrokerError('amqp:not-found', `The messaging entity '${address}' could not be found.`);
}
