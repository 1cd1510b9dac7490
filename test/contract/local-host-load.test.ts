import { createRequire } from 'node:module';
import { afterAll, expect, test } from 'vitest';
import { startHost } from '../../local/host/host.ts';
import { readHostJson } from '../../local/host/host-json.ts';
import { type HostProcess, hostApp, spawnHost } from '../support/host.ts';

const started: HostProcess[] = [];

afterAll(() => Promise.all(started.map((host) => host.kill())));

async function spawn(app: string, settings: Record<string, string>, env: Record<string, string> = {}) {
  const host = await spawnHost(app, { settings, env });
  started.push(host);
  return host;
}

test.each([
  ['throws.ts', 'Worker was unable to load entry point "throws.ts": the entry is broken'],
  [
    'twice.ts',
    'Worker was unable to load entry point "twice.ts": A function with id "same" has already been registered.',
  ],
  ['absent.ts', 'Worker was unable to load entry point "absent.ts"'],
  ['empty.ts', 'No job functions found'],
  ['unserved.ts', 'The trigger of the function "blob" is not served'],
])('%s is refused at start', async (app, message) => {
  await expect(startHost({ entry: hostApp(app) })).rejects.toThrow(message);
});

test('a setting that a trigger names and nobody has set is refused at start', async () => {
  const entry = hostApp('queues.ts');
  await expect(startHost({ entry })).rejects.toThrow('%PLAIN_QUEUE% does not resolve to a value');
  const settings = { PLAIN_QUEUE: 'alerts', SESSION_QUEUE: 'runs' };
  await expect(startHost({ entry, settings })).rejects.toThrow('Bus__fullyQualifiedNamespace');
});

test('a namespace with an identity is accepted in place of a connection string', async () => {
  const settings = { Bus__fullyQualifiedNamespace: 'localhost', PLAIN_QUEUE: 'alerts', SESSION_QUEUE: 'runs' };
  const host = await startHost({ entry: hostApp('queues.ts'), settings });
  await host.close();
  expect(host.functions).toEqual(['plain', 'ordered', 'seen']);
});

test('the module the host reads is the one functions register with', () => {
  const core = createRequire(import.meta.url)('@azure/functions-core');
  expect(core.getProgrammingModel()).toMatchObject({ name: '@azure/functions' });
  expect(() => core.registerHook('log', () => undefined)).toThrow(RangeError);
});

test('as a process: says what it serves, takes settings from a file, and stops with 0', async () => {
  const host = await spawn('http.ts', { EVERY_SECOND: '0 0 0 1 1 *' });
  expect(host.functions).toContain('echo');
  expect(await host.get('/api/items/1')).toMatchObject({ name: 'item-parameter' });
  expect(await host.stop()).toBe(0);
});

test('as a process: the environment wins over the file', async () => {
  const host = await spawn('http.ts', { EVERY_SECOND: 'not a schedule' }, { EVERY_SECOND: '0 0 0 1 1 *' });
  expect(host.functions).toContain('second');
});

test('as a process: an entry that throws ends it with 1 and the reason', async () => {
  const reason = 'exit 1: Worker was unable to load entry point "throws.ts": the entry is broken\n';
  await expect(spawn('throws.ts', {})).rejects.toThrow(reason);
});

test('host.json: settings named AzureFunctionsJobHost__… lie over it, and mistakes are told', () => {
  const content = { version: '2.0', extensions: { serviceBus: { maxConcurrentSessions: 8 } } };
  const read = (settings: Record<string, string>) => readHostJson(content, settings).extensions.serviceBus;
  const prefix = 'AzureFunctionsJobHost__extensions__serviceBus__';
  expect(read({ [`${prefix}maxConcurrentSessions`]: '3', [`${prefix}sessionIdleTimeout`]: '00:00:02' })).toMatchObject({
    maxConcurrentSessions: 3,
    sessionIdleTimeout: 2_000,
    maxConcurrentCalls: 16,
    autoCompleteMessages: true,
  });
  expect(() => read({ [`${prefix}sessionIdleTimeout`]: 'soon' })).toThrow('is not a TimeSpan');
  expect(() => readHostJson({ version: '1.0' }, {})).toThrow('host.json is not valid');
});
