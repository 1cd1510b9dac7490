import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { below } from './processes.ts';

/** Another engine, running the flow: webhook, condition, call. */
export interface Other {
  readonly name: string;
  /** Sends one alert; done when it is answered, which is after the call. */
  send(id: string): Promise<void>;
  /** Sends one alert; done when it is acknowledged, which is before the call. */
  take(id: string): Promise<void>;
  /** Sends one that asks a person by a link, which the sink is told; only where there is such a thing. */
  ask?(id: string): Promise<void>;
  cpuMs(): number;
  rssMb(): number;
  /** SIGKILL, and the same again. */
  killAndStart(): Promise<void>;
  stop(): Promise<void>;
}

/** How to start one. @param sinkUrl what it calls */
export type Begin = (sinkUrl: string) => Promise<Other>;

/** No answer takes longer, in milliseconds: else it counts as failed. */
const answerMs = 30_000;

export const peerFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'quell-peer-'));

/** Starts a script under this Node. */
export function startPeer(script: string, args: readonly string[], environment: Record<string, string>, cwd: string) {
  return spawn(process.execPath, [script, ...args], {
    cwd,
    env: { ...process.env, ...environment },
    stdio: 'ignore',
  });
}

/** Ends it, and by force where it takes more than five seconds. */
export async function endPeer(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const started = below(child.pid);
  child.kill(signal);
  await Promise.race([once(child, 'exit'), sleep(5_000, undefined, { ref: false })]);
  for (const pid of [child.pid ?? 0, ...started.map((one) => one.pid)])
    try {
      if (pid > 0) process.kill(pid, 'SIGKILL');
    } catch {
      // It is gone already.
    }
}

export async function post(url: string, body: object, headers: Record<string, string> = {}): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(answerMs),
  });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
}

/** Waits until it succeeds, for a minute at most. */
export async function answering(work: () => Promise<unknown>): Promise<void> {
  let last: unknown;
  for (const until = performance.now() + 60_000; performance.now() < until; await sleep(100))
    try {
      await work();
      return;
    } catch (error) {
      last = error;
    }
  throw new Error('it never answered', { cause: last });
}

/** What processes use together, with what they started. */
export function together(pids: readonly (number | undefined)[], of: (pid: number) => number): number {
  const all = pids.flatMap((pid) => (pid === undefined ? [] : [pid, ...below(pid).map((one) => one.pid)]));
  return [...new Set(all)].reduce((sum, pid) => sum + of(pid), 0);
}
