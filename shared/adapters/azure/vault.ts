import { buffer } from 'node:stream/consumers';
import type { BlockBlobClient, ContainerClient } from '@azure/storage-blob';
import type { Vault } from '../../ports.ts';
import { checkBytes, checkName, rawOf } from '../raw.ts';
import { firstUse } from './first-use.ts';
import { storageCall } from './storage-call.ts';
import { nullOn } from './storage-fault.ts';

/** The vault in a blob container: `sha256/ab/abcdef…`. */
export function azureVault(container: ContainerClient): Vault {
  const ready = firstUse(
    () => storageCall('Creating the vault', (options) => container.createIfNotExists(options)),
    container,
  );
  const blobOf = (sha256: string) => container.getBlockBlobClient(`sha256/${sha256.slice(0, 2)}/${sha256}`);
  return {
    put: async (bytes, contentType) => {
      const raw = rawOf(bytes, contentType);
      await ready();
      await storageCall(`Keeping ${raw.sha256}`, (options) => upload(blobOf(raw.sha256), bytes, contentType, options));
      return raw;
    },
    get: async (sha256) => {
      checkName(sha256);
      await ready();
      const bytes = await storageCall(`Fetching ${sha256}`, (options) => download(blobOf(sha256), options));
      return checkBytes(sha256, bytes);
    },
  };
}

async function upload(
  blob: BlockBlobClient,
  bytes: Uint8Array,
  contentType: string,
  options: { abortSignal: AbortSignal },
): Promise<void> {
  await blob
    .upload(bytes, bytes.length, {
      ...options,
      conditions: { ifNoneMatch: '*' },
      ...(contentType === '' ? {} : { blobHTTPHeaders: { blobContentType: contentType } }),
    })
    .catch(nullOn('BlobAlreadyExists'));
}

async function download(blob: BlockBlobClient, options: { abortSignal: AbortSignal }): Promise<Uint8Array | null> {
  const answer = await blob.download(0, undefined, options).catch(nullOn('BlobNotFound'));
  return answer?.readableStreamBody ? buffer(answer.readableStreamBody) : null;
}
