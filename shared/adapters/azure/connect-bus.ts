import type { TokenCredential } from '@azure/identity';
import { ServiceBusClient } from '@azure/service-bus';

/** Where a Service Bus namespace is (`name.servicebus.windows.net`) and who we are there. */
export type BusNamespace =
  | { readonly connectionString: string }
  | { readonly namespace: string; readonly credential: TokenCredential };

/* Retried by the client, unlike storage: it has to reconnect anyway. */
const options = {
  retryOptions: { maxRetries: 2, retryDelayInMs: 300, maxRetryDelayInMs: 1_000, timeoutInMs: 10_000 },
};

/** A Service Bus client. A development emulator's connection string makes it speak plain TCP; anything else is TLS. */
export function connectBus(bus: BusNamespace): ServiceBusClient {
  return 'connectionString' in bus
    ? new ServiceBusClient(bus.connectionString, options)
    : new ServiceBusClient(bus.namespace, bus.credential, options);
}
