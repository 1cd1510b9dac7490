import { text } from 'node:stream/consumers';
import type { ContainerClient } from '@azure/storage-blob';
import { Fault } from '../../domain/fault.ts';
import { canonical, toJson } from '../../domain/json.ts';
import { type Seal, sealSchema } from '../../domain/seal.ts';
import type { Seals } from '../../ports-custody.ts';
import { firstUse } from './first-use.ts';
import { storageCall } from './storage-call.ts';
import { nullOn } from './storage-fault.ts';

/** Seals in a blob container. Names count down, so that the first one listed is the newest. */
export function azureSeals(container: ContainerClient): Seals {
  const ready = firstUse(() => storageCall('Creating the seals', (options) => container.createIfNotExists(options)));
  const read = async (number: number) => {
    await ready();
    const content = await storageCall(`Reading seal ${number}`, (options) => contentOf(container, number, options));
    return content === null ? null : sealOf(number, content);
  };
  const count = async () => {
    await ready();
    return storageCall('Listing seals', (options) => newestOf(container, options));
  };
  return {
    count,
    read,
    latest: async () => {
      const number = await count();
      return number === 0 ? null : read(number);
    },
    put: async (seal) => {
      const { number } = seal.statement;
      const content = canonical(toJson(seal));
      await ready();
      if (await storageCall(`Keeping seal ${number}`, (options) => insert(container, number, content, options))) return;
      const standing = await storageCall(`Reading seal ${number}`, (options) => contentOf(container, number, options));
      if (standing !== content)
        throw new Fault('conflict', 'seal-taken', `Seal ${number} is kept already, and is another.`);
    },
  };
}

const most = 999_999_999_999;
const namePattern = /^(\d{12})\.json$/;

function nameOf(number: number): string {
  return `${String(most - number).padStart(12, '0')}.json`;
}

async function newestOf(container: ContainerClient, options: { abortSignal: AbortSignal }): Promise<number> {
  for await (const { name } of container.listBlobsFlat(options)) {
    const [, down] = namePattern.exec(name) ?? [];
    if (down !== undefined) return most - Number(down);
  }
  return 0;
}

async function insert(
  container: ContainerClient,
  number: number,
  content: string,
  options: { abortSignal: AbortSignal },
): Promise<object | null> {
  const bytes = Buffer.from(content);
  return container
    .getBlockBlobClient(nameOf(number))
    .upload(bytes, bytes.length, {
      ...options,
      conditions: { ifNoneMatch: '*' },
      blobHTTPHeaders: { blobContentType: 'application/json' },
    })
    .catch(nullOn('BlobAlreadyExists', 'BlobImmutableDueToPolicy'));
}

async function contentOf(
  container: ContainerClient,
  number: number,
  options: { abortSignal: AbortSignal },
): Promise<string | null> {
  const answer = await container
    .getBlockBlobClient(nameOf(number))
    .download(0, undefined, options)
    .catch(nullOn('BlobNotFound'));
  return answer?.readableStreamBody ? text(answer.readableStreamBody) : null;
}

function sealOf(number: number, content: string): Seal {
  const seal = sealSchema.safeParse(parsed(content)).data;
  if (seal?.statement.number === number) return seal;
  throw new Fault('halt', 'seal-unreadable', `Seal ${number} is not what we keep there.`);
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return null;
  }
}
