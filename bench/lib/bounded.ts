import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { below } from './processes.ts';

/** A command that is ended, with everything it started, when its time is over. */
export interface Bounded {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly seconds: number;
  /** What it prints is not shown. */
  readonly silent?: boolean;
}

const running = new Set<number>();
/** What is kept of the last that a command said, in characters. */
const lastWords = 1_500;

/** Runs it. @returns null where it ended well, else what became of it */
export async function runBounded({
  command,
  args,
  cwd,
  environment,
  seconds,
  silent,
}: Bounded): Promise<string | null> {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...environment },
    stdio: ['ignore', silent ? 'ignore' : 'inherit', 'pipe'],
    // A process group of its own, so that nothing it started outlives it.
    detached: true,
  });
  child.on('error', () => undefined);
  const pid = child.pid;
  if (pid === undefined) return `${command} cannot be started`;
  running.add(pid);
  let said = '';
  child.stderr.on('data', (data: Buffer) => {
    said = (said + data.toString()).slice(-lastWords);
  });
  const over = new AbortController();
  const ended = once(child, 'exit').then(([code]) => (code === 0 ? null : `it ended with ${code}: ${said.trim()}`));
  const late = sleep(seconds * 1000, undefined, { signal: over.signal }).then(
    () => `it was not done after ${seconds} s and was ended`,
    () => null,
  );
  const result = await Promise.race([ended, late]);
  over.abort();
  endWithAll(pid);
  running.delete(pid);
  return result;
}

/** Ends a process of ours and all it started. */
function endWithAll(pid: number): void {
  for (const one of [...below(pid).map((child) => child.pid), -pid])
    try {
      process.kill(one, 'SIGKILL');
    } catch {
      // It is gone already.
    }
}

/** Whoever stops the measuring stops all of it. */
export function endOnSignal(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      for (const pid of running) endWithAll(pid);
      process.exit(1);
    });
}
