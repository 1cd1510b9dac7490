import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundle } from '../../infra/bundle.ts';
import { readHostJson } from '../../local/host/host-json.ts';
import { type HostProcess, hostApp, spawnHost } from '../support/host.ts';

const ROOT = resolve(import.meta.dirname, '../..');

let folder: string;
let outfile: string;
let metafile: Awaited<ReturnType<typeof bundle>>;
let host: HostProcess;

beforeAll(async () => {
  // Inside the repository: the one thing left out of the bundle is found from where the bundle is.
  await mkdir(join(ROOT, '.local'), { recursive: true });
  folder = await mkdtemp(join(ROOT, '.local/bundle-'));
  outfile = join(folder, 'app.mjs');
  metafile = await bundle(hostApp('bundled.ts'), outfile);
  const settings = {
    Bus: 'Endpoint=sb://127.0.0.1:1;SharedAccessKeyName=n;SharedAccessKey=k;UseDevelopmentEmulator=true',
  };
  host = await spawnHost(outfile, { settings, hostJson: JSON.parse(await readFile(join(ROOT, 'host.json'), 'utf8')) });
});

afterAll(async () => {
  await host?.kill();
  await rm(folder, { recursive: true });
});

// A bundle that fails while it loads registers nothing, so success alone proves nothing: the names do.
test('the bundle registers every function of its entry', () => {
  expect(host.functions).toEqual(['ingest-generic', 'runs-read', 'tick', 'alerts']);
});

test('import.meta.url and the storage client work inside the bundle', async () => {
  expect(await host.get('/api/runs/7')).toEqual({ id: '7', sep: '/', blob: 'function' });
});

test('the worker module is the only package left outside', () => {
  const outside = Object.values(metafile.outputs).flatMap(({ imports }) => imports.filter(({ external }) => external));
  const packages = outside.map(({ path }) => path).filter((path) => !isBuiltin(path));
  expect([...new Set(packages)]).toEqual(['@azure/functions-core']);
});

test('the project: main is the bundle, and host.json is one the host accepts', async () => {
  const json = async (name: string) => JSON.parse(await readFile(join(ROOT, name), 'utf8'));
  expect((await json('package.json')).main).toBe('dist/quell.mjs');
  const content = await json('host.json');
  expect(content).not.toHaveProperty('retry');
  expect(readHostJson(content, {}).extensions).toMatchObject({
    http: { routePrefix: 'api' },
    serviceBus: { maxConcurrentSessions: 64, sessionIdleTimeout: 500, maxAutoLockRenewalDuration: 300_000 },
  });
});
