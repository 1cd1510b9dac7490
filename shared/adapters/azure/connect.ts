import { TableClient } from '@azure/data-tables';
import type { TokenCredential } from '@azure/identity';
import { ServiceBusClient } from '@azure/service-bus';
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import { Fault } from '../../domain/fault.ts';

/** Where a storage account is and who we are there. */
export type StorageAccount =
  | { readonly connectionString: string }
  | { readonly tables: string; readonly blobs: string; readonly credential: TokenCredential };

/** Clients of one storage account. Nothing is sent before they are used. */
export interface Storage {
  table(name: string): TableClient;
  container(name: string): ContainerClient;
}

/** Where a Service Bus namespace is (`name.servicebus.windows.net`) and who we are there. */
export type BusNamespace =
  | { readonly connectionString: string }
  | { readonly namespace: string; readonly credential: TokenCredential };

/* Storage is retried in `storage-call.ts`, Service Bus by its client, which has to reconnect anyway; the engine does the rest. */
const tableOptions = { retryOptions: { maxRetries: 0 }, allowInsecureConnection: true };
const blobOptions = { retryOptions: { maxTries: 1 } };
const busOptions = {
  retryOptions: { maxRetries: 2, retryDelayInMs: 300, maxRetryDelayInMs: 1_000, timeoutInMs: 10_000 },
};

/** @throws Fault `halt` where the account would be spoken to in the clear, except on this machine */
export function connectStorage(account: StorageAccount): Storage {
  const blobs =
    'connectionString' in account
      ? BlobServiceClient.fromConnectionString(account.connectionString, blobOptions)
      : new BlobServiceClient(account.blobs, account.credential, blobOptions);
  refuseInsecure(blobs.url);
  return {
    table: (name) => {
      const client = tableOf(account, name);
      refuseInsecure(client.url);
      return client;
    },
    container: (name) => blobs.getContainerClient(name),
  };
}

/** Allows plain HTTP; the caller judges the address, which only the client knows and to which nothing was sent yet. */
function tableOf(account: StorageAccount, name: string): TableClient {
  return 'connectionString' in account
    ? TableClient.fromConnectionString(account.connectionString, name, tableOptions)
    : new TableClient(account.tables, name, account.credential, tableOptions);
}

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

function refuseInsecure(address: string): void {
  const { protocol, hostname } = new URL(address);
  if (protocol === 'https:' || loopback.has(hostname)) return;
  throw new Fault('halt', 'storage-insecure', 'Storage is only spoken to by https, except on this machine.', {
    detail: { hostname },
  });
}

/** A Service Bus client. A development emulator's connection string makes it speak plain TCP; anything else is TLS. */
export function connectBus(bus: BusNamespace): ServiceBusClient {
  return 'connectionString' in bus
    ? new ServiceBusClient(bus.connectionString, busOptions)
    : new ServiceBusClient(bus.namespace, bus.credential, busOptions);
}
