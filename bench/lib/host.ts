import { rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { bundle } from '../../infra/bundle.ts';
import { type Child, startChild } from '../../local/stack/child.ts';
import type { Stack } from '../../local/stack/stack.ts';

/** A functions host with an app in it, to be killed and started again. */
export interface BenchHost {
  url(): string;
  pid(): number;
  kill(): Promise<void>;
  start(): Promise<void>;
}

const root = resolve(import.meta.dirname, '../..');

/**
 * What V8 makes of the 2 GB of an instance (a memory cgroup of 2 GB shows it: heap limit and young generation the same). Where
 * it sees a larger machine, it takes four times as much before it looks for garbage, and nothing would be said about instances.
 */
const instance = '--max-old-space-size=1024 --max-semi-space-size=32';

/** Starts an app of `bench/apps` as the deployable is made, in the host of the stack, with the stack's settings. */
export async function startHost(stack: Stack, app: 'unhurried' | 'bare-ingest', folder: string): Promise<BenchHost> {
  // Inside the project: the worker's module is found from there.
  const apps = join(root, '.local/bench', app);
  const entry = join(apps, `${app}.mjs`);
  await rm(apps, { recursive: true, force: true });
  await bundle(join(root, `bench/apps/${app}.ts`), entry);
  const file = join(folder, `${app}.settings.json`);
  await writeFile(file, JSON.stringify({ IsEncrypted: false, Values: stack.settings }));
  const environment = {
    ...stack.identity,
    PORT: '0',
    HOST_ENTRY: entry,
    HOST_JSON: join(root, 'host.json'),
    HOST_SETTINGS: file,
    NODE_OPTIONS: [process.env.NODE_OPTIONS, instance].filter(Boolean).join(' '),
  };
  const script = join(root, 'local/host/main.ts');
  const begin = () => startChild({ name: `the host of ${app}`, script, environment, log: join(folder, `${app}.log`) });
  let child: Child = await begin();
  return {
    url: () => String(child.ready.url),
    pid: () => child.pid,
    kill: () => child.stop('SIGKILL'),
    start: async () => {
      child = await begin();
    },
  };
}
