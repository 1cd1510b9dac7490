import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A storage account on this machine: Azurite in a process of its own. */
export interface Azurite {
  readonly connectionString: string;
  stop(): Promise<void>;
}

const bin = new URL('../../node_modules/azurite/dist/src/azurite.js', import.meta.url).pathname;
const account = 'devstoreaccount1';
/** The development account's key, the same everywhere and printed in Microsoft's documentation; no secret. */
const key = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

/** Where Azurite keeps its data. On disk it writes all of it every few seconds, which a million rows make too long. */
type Persistence = 'disk' | 'memory';

/** Starts Azurite on free ports with its data in `location`, or nowhere. */
export async function startAzurite(location: string, persistence: Persistence = 'disk'): Promise<Azurite> {
  await mkdir(location, { recursive: true });
  const [blob, queue, table] = await Promise.all([freePort(), freePort(), freePort()]);
  const hosts = ['--blobHost', '127.0.0.1', '--queueHost', '127.0.0.1', '--tableHost', '127.0.0.1'];
  const ports = ['--blobPort', `${blob}`, '--queuePort', `${queue}`, '--tablePort', `${table}`];
  const flags = ['--silent', '--disableTelemetry', '--skipApiVersionCheck'];
  const kept = persistence === 'disk' ? ['--location', location] : ['--inMemoryPersistence'];
  const child = spawn(process.execPath, [bin, ...flags, ...kept, ...hosts, ...ports], {
    cwd: location,
    stdio: 'ignore',
  });
  const exited = once(child, 'exit');
  const stop = async () => {
    // SIGKILL would lose up to five seconds of writes; SIGTERM writes them out.
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await exited;
  };
  try {
    const ended = exited.then(([code]) => Promise.reject(new Error(`Azurite ended with ${code} before it was ready`)));
    await Promise.race([Promise.all([blob, table].map(answers)), ended]);
    ended.catch(() => undefined);
  } catch (error) {
    await stop();
    throw error;
  }
  return { connectionString: connectionStringOf(blob, table), stop };
}

/** A connection string for the development account behind these ports. */
export function connectionStringOf(blobPort: number, tablePort: number): string {
  const parts = {
    DefaultEndpointsProtocol: 'http',
    AccountName: account,
    AccountKey: key,
    BlobEndpoint: `http://127.0.0.1:${blobPort}/${account}`,
    TableEndpoint: `http://127.0.0.1:${tablePort}/${account}`,
  };
  return Object.entries(parts)
    .map(([name, value]) => `${name}=${value};`)
    .join('');
}

/** A port nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('a TCP server has an address with a port');
  return address.port;
}

async function answers(port: number): Promise<void> {
  const giveUp = AbortSignal.timeout(20_000);
  for (;;) {
    const response = await fetch(`http://127.0.0.1:${port}/`, { signal: giveUp }).catch(() => null);
    if (response) return response.body?.cancel();
    await sleep(50, undefined, { signal: giveUp });
  }
}
