import { DefaultAzureCredential, ManagedIdentityCredential, type TokenCredential } from '@azure/identity';
import { RetryMode, ServiceBusClient, type ServiceBusClientOptions } from '@azure/service-bus';
import type { ServiceBusOptions } from './host-json.ts';
import type { Settings } from './settings.ts';

/** Opens the bus a trigger's `connection` names: a connection string, or a namespace with an identity. */
export function openBus(connection: string, settings: Settings, options: ServiceBusOptions): ServiceBusClient {
  const get = (suffix: string): string | undefined =>
    settings.get(`AzureWebJobs${connection}${suffix}`) ?? settings.get(`${connection}${suffix}`);
  const connectionString = get('');
  if (connectionString) return new ServiceBusClient(connectionString, clientOptions(options));
  const namespace = get('__fullyQualifiedNamespace');
  if (namespace) return new ServiceBusClient(namespace, credential(get), clientOptions(options));
  throw new Error(
    `Service Bus account connection '${connection}' does not exist: set the app setting ${connection} ` +
      `(a connection string) or ${connection}__fullyQualifiedNamespace.`,
  );
}

function credential(get: (suffix: string) => string | undefined): TokenCredential {
  const clientId = get('__clientId');
  if (get('__credential')?.toLowerCase() !== 'managedidentity') return new DefaultAzureCredential();
  return clientId ? new ManagedIdentityCredential({ clientId }) : new ManagedIdentityCredential();
}

function clientOptions({ clientRetryOptions: retry }: ServiceBusOptions): ServiceBusClientOptions {
  return {
    retryOptions: {
      mode: retry.mode.toLowerCase() === 'fixed' ? RetryMode.Fixed : RetryMode.Exponential,
      maxRetries: retry.maxRetries,
      retryDelayInMs: retry.delay,
      maxRetryDelayInMs: retry.maxDelay,
      timeoutInMs: retry.tryTimeout,
    },
  };
}
