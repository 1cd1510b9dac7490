import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundle, startBytes, startInputs, totalBytes } from '../../infra/bundle.ts';
import { startChild } from '../../local/stack/child.ts';
import { settings } from '../../shared/config.ts';

let folder: string;
beforeAll(async () => {
  // Inside the project: the bundle asks for the host's own module, which is found from here.
  await mkdir('.local', { recursive: true });
  folder = await mkdtemp(join('.local', 'bundle-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const names = [
  'alerts',
  'alerts-read',
  'alerts-why',
  'approve-decide',
  'approve-show',
  'archive-read',
  'audit-query',
  'audit-read',
  'autonomy-read',
  'autonomy-write',
  'cards',
  'controls-read',
  'controls-write',
  'drill',
  'export-read',
  'index-rebuild',
  'ingest-generic',
  'ingest-permissions-management-email',
  'ingest-permissions-management-finding',
  'ingest-unknown',
  'patrol',
  'reach-read',
  'replay',
  'reports',
  'reports-list',
  'reports-read',
  'runs',
  'runs-decide',
  'runs-list',
  'runs-read',
  'runs-undo',
  'seal',
  'sign-in',
  'teams-messages',
  'teams-read',
  'teams-test-card',
  'tick',
  'undo-plans',
];

test('the deployable registers every function by name, and is as small as promised', async () => {
  const outfile = join(folder, 'quell.mjs');
  const metafile = await bundle('functions/main.ts', outfile);
  expect(startBytes(metafile, outfile)).toBeLessThanOrEqual(1_100_000);
  // Whoever sends an alert waits for none of this.
  const answering =
    /node_modules\/(yaml|@marcbachmann|@microsoft|@azure\/service-bus|@azure\/identity)\/|engine\/respond/;
  expect(startInputs(metafile, outfile).filter((name) => answering.test(name))).toEqual([]);
  expect(totalBytes(metafile)).toBeLessThanOrEqual(4_000_000);
  const sample = Object.fromEntries(Object.entries(settings).map(([name, { sample: value }]) => [name, value]));
  const environment = { ...sample, HOST_ENTRY: outfile, HOST_JSON: 'host.json', PORT: '0' };
  const host = await startChild({
    name: 'the host',
    script: 'local/host/main.ts',
    environment,
    log: join(folder, 'log'),
  });
  await host.stop();
  expect([...Object(host.ready).functions].sort()).toEqual(names);
});

test('a missing setting stops the start, and all of them are named', async () => {
  const environment = {
    ...Object.fromEntries(Object.keys(settings).map((name) => [name, ''])),
    HOST_ENTRY: 'functions/main.ts',
    HOST_JSON: 'host.json',
  };
  const started = startChild({ name: 'the host', script: 'local/host/main.ts', environment, log: join(folder, 'log') });
  await expect(started).rejects.toThrow(
    /AzureWebJobsStorage is missing[\s\S]*SERVICEBUS is missing[\s\S]*TENANT_ID is missing/,
  );
});
