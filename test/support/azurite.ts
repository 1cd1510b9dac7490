import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAzurite as startAt } from '../../local/stack/azurite.ts';

/** A storage account on this machine, gone with its data when disposed of. */
export interface Azurite extends AsyncDisposable {
  readonly connectionString: string;
}

/** Starts Azurite on free ports with a folder of its own. One per test file. */
export async function startAzurite(): Promise<Azurite> {
  const location = await mkdtemp(join(tmpdir(), 'quell-azurite-'));
  const { connectionString, stop } = await startAt(location);
  return {
    connectionString,
    [Symbol.asyncDispose]: async () => {
      await stop();
      await rm(location, { recursive: true, force: true });
    },
  };
}
