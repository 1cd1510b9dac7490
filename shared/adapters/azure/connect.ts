import { TableClient } from '@azure/data-tables';
import type { TokenCredential } from '@azure/identity';
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import { Fault } from '../../domain/fault.ts';
import { storageCall } from './storage-call.ts';

/** Where a storage account is and who we are there. */
export type StorageAccount =
  | { readonly connectionString: string }
  | { readonly tables: string; readonly blobs: string; readonly credential: TokenCredential };

/** Clients of one storage account. Nothing is sent before they are used. */
export interface Storage {
  table(name: string): TableClient;
  container(name: string): ContainerClient;
  /** Names of the tables that begin with `prefix`. */
  tables(prefix: string): Promise<readonly string[]>;
}

/* Storage is retried in `storage-call.ts`; the engine does the rest. */
const tableOptions = { retryOptions: { maxRetries: 0 }, allowInsecureConnection: true };
const blobOptions = { retryOptions: { maxTries: 1 } };

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
    tables: (prefix) => storageCall('Listing tables', (options) => tablesOf(account, prefix, options)),
  };
}

async function tablesOf(account: StorageAccount, prefix: string, options: { abortSignal: AbortSignal }) {
  const { tableNames, tableService } = await import('./table-names.ts');
  const service = tableService(account, tableOptions);
  refuseInsecure(service.url);
  return tableNames(service, prefix, options);
}

/**
 * Steps of every request that do nothing for ours: other bodies than text, spans of the library's own, retries that are
 * switched off, redirects that storage does not send. They would cost a third of a call.
 */
const idle = [
  ...['formDataPolicy', 'multipartPolicy', 'tracingPolicy', 'defaultRetryPolicy', 'redirectPolicy'],
  ...['decompressResponsePolicy', 'wrapAbortSignalLikePolicy'],
];

/** Allows plain HTTP; the caller judges the address, which only the client knows and to which nothing was sent yet. */
function tableOf(account: StorageAccount, name: string): TableClient {
  const client =
    'connectionString' in account
      ? TableClient.fromConnectionString(account.connectionString, name, tableOptions)
      : new TableClient(account.tables, name, account.credential, tableOptions);
  for (const step of idle) client.pipeline.removePolicy({ name: step });
  return client;
}

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

function refuseInsecure(address: string): void {
  const { protocol, hostname } = new URL(address);
  if (protocol === 'https:' || loopback.has(hostname)) return;
  throw new Fault('halt', 'storage-insecure', 'Storage is only spoken to by https, except on this machine.', {
    detail: { hostname },
  });
}
