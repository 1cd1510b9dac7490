import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Stack, startStack } from '../../local/stack/stack.ts';
import { crowdOf, type Member } from '../../local/tenant/seed/crowd.ts';
import { eventAbout, sendAlert } from './events.ts';
import { type BenchHost, startHost } from './host.ts';
import { type Look, lookAt } from './look.ts';
import { below, cpuMs } from './processes.ts';
import { type Runs, runsIn } from './runs.ts';

/** The playbooks of the measurements, and a rule that none of them answers. */
export type Rule = 'bench-one' | 'bench-three' | 'bench-none';

type Cpu = Readonly<Record<'functions' | 'storage' | 'bus' | 'tenant' | 'stack', number>>;

/** How many cores the stack used between two looks: far fewer than there are, and somebody else had them. */
export function coresOf(before: Cpu, after: Cpu, ms: number): number {
  return (after.stack - before.stack) / ms;
}

/** The whole local stack, with people to be alerted about. */
export interface BenchWorld {
  readonly stack: Stack;
  /** Of the functions, which here run without the quotas of far sides, and count their calls. */
  readonly host: BenchHost;
  readonly members: readonly Member[];
  readonly runs: Runs;
  /** Where data and logs are. */
  readonly folder: string;
  /** Sends one alert about the n-th of the crowd; done when it is acknowledged. */
  send(n: number, rule: Rule, id?: string): Promise<void>;
  /** Sends one alert about several people of one subscription. */
  sendAbout(members: readonly Member[], rule: Rule, id: string): Promise<void>;
  /** @param collect after a garbage collection */
  look(collect?: boolean): Promise<Look>;
  /** Processor time so far in milliseconds, by process; `stack` is all of them. */
  cpu(): Cpu;
  stop(): Promise<void>;
}

/** As deployed: in a trial the timers come every other second, and each of them costs something. */
const timers = {
  TICK_SCHEDULE: '0 * * * * *',
  SEAL_SCHEDULE: '10 * * * * *',
  PATROL_SCHEDULE: '30 */5 * * * *',
};

/** Starts it. @param people how many there are to be alerted about */
export async function benchWorld(people: number, settings: Readonly<Record<string, string>> = {}): Promise<BenchWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'quell-bench-'));
  const stack = await startStack({
    folder,
    port: 0,
    crowd: people,
    say: () => undefined,
    settings: {
      ...timers,
      PLAYBOOKS: resolve(import.meta.dirname, '../playbooks'),
      PLAYBOOK_MODES: 'bench-one@1=enforce,bench-three@1=enforce',
      LOG_LEVEL: 'warn',
      // The timer finds what lost its message; while nothing is lost, it has no part in what is measured.
      HINT_GRACE: 'PT10M',
      ...settings,
    },
  });
  await stack.host.kill();
  const host = await startHost(stack, 'unhurried', folder);
  const members = crowdOf(people);
  const token = await stack.token('max');
  const sendAbout = (about: readonly Member[], rule: Rule, id: string) =>
    sendAlert(`${host.url()}/api/alerts/generic`, token, eventAbout(about, rule, id));
  return {
    stack,
    host,
    members,
    folder,
    runs: runsIn(stack.storage),
    send: (n, rule, id) => sendAbout(members.slice(n % people, (n % people) + 1), rule, id ?? `${n}`),
    sendAbout,
    look: (collect) => lookAt(host.url(), collect),
    cpu: () => {
      const others = below();
      const of = (part: string) =>
        others.filter(({ command }) => command.includes(part)).reduce((sum, { pid }) => sum + cpuMs(pid), 0);
      const used = {
        functions: cpuMs(host.pid()),
        storage: of('azurite'),
        bus: of('service-bus'),
        tenant: of('tenant'),
      };
      return { ...used, stack: used.functions + used.storage + used.bus + used.tenant };
    },
    stop: async () => {
      await host.kill();
      await stack.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
