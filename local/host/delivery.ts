import type { ServiceBusReceivedMessage, ServiceBusReceiver } from '@azure/service-bus';
import type { RegisteredFunction } from './core.ts';
import type { Invoke } from './invoke.ts';
import type { HostLog } from './log.ts';
import { toBody, toMetadata } from './marshal.ts';
import { codeOf } from './outage.ts';

export interface QueueTarget {
  fn: RegisteredFunction;
  binding: string;
  binary: boolean;
  autoComplete: boolean;
}

export type Deliver = (receiver: ServiceBusReceiver, message: ServiceBusReceivedMessage) => Promise<void>;

/** One message, one invocation: complete when the function returns, give back at once when it throws. Never rejects. */
export function createDelivery(target: QueueTarget, invoke: Invoke, log: HostLog): Deliver {
  const settle = async (name: string, message: ServiceBusReceivedMessage, work: Promise<void>): Promise<void> => {
    try {
      await work;
    } catch (error) {
      // The lock ran out or the bus is gone; either way the message comes back by itself.
      const fields = { function: target.fn.metadata.name, messageId: message.messageId };
      log('warning', `Could not ${name} a message: ${codeOf(error)}`, fields);
    }
  };
  return async (receiver, message) => {
    const succeeded = await invoke(target.fn, {
      binding: target.binding,
      data: toBody(message, target.binary),
      metadata: toMetadata(message),
    }).then(
      () => true,
      () => false, // already logged by the invoker
    );
    if (!succeeded) await settle('abandon', message, receiver.abandonMessage(message));
    else if (target.autoComplete) await settle('complete', message, receiver.completeMessage(message));
  };
}
