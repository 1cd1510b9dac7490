import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bundle } from '../../infra/bundle.ts';
import { type Child, startChild } from '../../local/stack/child.ts';
import { type Stack, startStack } from '../../local/stack/stack.ts';
import { crowdOf, type Member } from '../../local/tenant/seed/crowd.ts';
import { connectStorage } from '../../shared/adapters/azure/connect.ts';
import { azureIndex } from '../../shared/adapters/azure/index.ts';
import { azureLedger } from '../../shared/adapters/azure/ledger.ts';
import { azureVault } from '../../shared/adapters/azure/vault.ts';
import { runOf } from '../../shared/domain/run.ts';
import { below } from './processes.ts';

/** The whole local stack, with people to be alerted about. */
export interface BenchWorld {
  readonly stack: Stack;
  /** Of the functions, which here run without the quotas of far sides. */
  readonly host: { url(): string; kill(): Promise<void>; start(): Promise<void> };
  readonly members: readonly Member[];
  /** Sends one alert about the n-th of the crowd; done when it is acknowledged. */
  send(n: number, playbook: 'bench-one' | 'bench-three', id?: string): Promise<void>;
  /** Waits until nothing is open any more. */
  settled(runs: number, patienceMs: number): Promise<void>;
  /** Ages in milliseconds of the newest runs: from the alert's receipt to the run's end; and what ended otherwise than done. */
  ages(most: number): Promise<{ ages: readonly number[]; notDone: number }>;
  /** Process ids of the functions' host and of the whole stack. */
  pids(): { readonly host: number; readonly all: readonly number[] };
  stop(): Promise<void>;
}

/** Starts it. @param people how many there are to be alerted about */
export async function benchWorld(people: number, settings: Readonly<Record<string, string>> = {}): Promise<BenchWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'quell-bench-'));
  const stack = await startStack({
    folder,
    port: 0,
    crowd: people,
    say: () => undefined,
    settings: {
      PLAYBOOKS: join(import.meta.dirname, '../playbooks'),
      PLAYBOOK_MODES: 'bench-one@1=enforce,bench-three@1=enforce',
      LOG_LEVEL: 'warn',
      // The timer finds what lost its message; while nothing is lost, it has no part in what is measured.
      HINT_GRACE: 'PT10M',
      ...settings,
    },
  });
  const host = await unhurried(stack, folder);
  const members = crowdOf(people);
  const token = await stack.token('max');
  const storage = connectStorage({ connectionString: stack.storage });
  const index = azureIndex(storage.table('index'));
  const ledger = azureLedger(storage.table('ledger'), azureVault(storage.container('vault')));
  return {
    stack,
    host,
    members,
    send: (n, playbook, id) =>
      post(`${host.url()}/api/alerts/generic`, token, eventAbout(members[n % people], playbook, id ?? `${n}`)),
    settled: async (runs, patienceMs) => {
      const until = performance.now() + patienceMs;
      for (;;) {
        // Asked seldom: whoever asks has a part in what is measured.
        await sleep(500);
        const open = await index.due('9999-12-31T00:00:00.000Z', 1);
        const listed = open.length === 0 ? (await index.runs({ limit: runs })).length : 0;
        if (listed >= runs) return;
        if (performance.now() > until) throw new Error(`${listed} of ${runs} runs, and some are still open`);
      }
    },
    ages: async (most) => {
      const ages: number[] = [];
      let notDone = 0;
      for (const { run, receivedAt } of await index.runs({ limit: most })) {
        const { ended } = runOf(run, await ledger.read(run));
        if (ended?.outcome === 'done') ages.push(Date.parse(ended.at) - Date.parse(receivedAt));
        else notDone += 1;
      }
      return { ages, notDone };
    },
    pids: () => {
      const all = below();
      const host = all.find(({ command }) => command.includes('local/host/main.ts'))?.pid ?? 0;
      return { host, all: all.filter(({ command }) => /local\/|azurite/.test(command)).map(({ pid }) => pid) };
    },
    stop: async () => {
      await host.kill();
      await stack.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The functions' host of the stack, replaced by one whose far sides have no quota. */
async function unhurried(stack: Stack, folder: string): Promise<BenchWorld['host']> {
  await stack.host.kill();
  const root = resolve(import.meta.dirname, '../..');
  // The deployable, as it is shipped. Inside the project: the worker's module is found from there.
  const entry = join(root, '.local/bench/unhurried.mjs');
  await bundle(join(root, 'bench/apps/unhurried.ts'), entry);
  const file = join(folder, 'bench.settings.json');
  await writeFile(file, JSON.stringify({ IsEncrypted: false, Values: stack.settings }));
  const environment = {
    ...stack.identity,
    PORT: '0',
    HOST_ENTRY: entry,
    HOST_JSON: join(root, 'host.json'),
    HOST_SETTINGS: file,
  };
  const script = join(root, 'local/host/main.ts');
  const begin = () => startChild({ name: 'the functions host', script, environment, log: join(folder, 'bench.log') });
  let child: Child = await begin();
  return {
    url: () => String(child.ready.url),
    kill: () => child.stop('SIGKILL'),
    start: async () => {
      child = await begin();
    },
  };
}

async function post(url: string, token: string, event: object): Promise<void> {
  const headers = { 'content-type': 'application/cloudevents+json', authorization: `Bearer ${token}` };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(event) });
  await response.arrayBuffer();
  if (response.status !== 202) throw new Error(`an alert was answered with ${response.status}`);
}

function eventAbout(member: Member | undefined, rule: string, id: string): object {
  if (!member) throw new Error('there is nobody to be alerted about');
  return {
    specversion: '1.0',
    type: 'quell.alert.v1',
    source: 'urn:quell:bench',
    id: `${rule}-${id}`,
    time: '2026-11-01T08:00:00Z',
    datacontenttype: 'application/json',
    data: {
      ruleName: rule,
      title: `alert ${id}`,
      system: { type: 'azure', id: member.subscription },
      nominations: [{ kind: 'user', by: 'id', value: member.id }],
      identityCount: 1,
    },
  };
}
