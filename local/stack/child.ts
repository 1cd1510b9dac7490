import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** A process of the stack. */
export interface Child {
  readonly pid: number;
  /** The JSON line it printed when it was ready. */
  readonly ready: Readonly<Record<string, unknown>>;
  /** Ends it and waits until it is gone. Azurite must get SIGTERM: killed, it loses up to five seconds of writes. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

interface Start {
  readonly name: string;
  readonly script: string;
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Where its log goes. */
  readonly log: string;
}

/** How long a process may take to get ready, in milliseconds. */
const readyMs = 30_000;

/** Starts a script of this project as a process of its own and waits for the JSON line it prints when ready. */
export async function startChild({ name, script, args = [], environment = {}, log }: Start): Promise<Child> {
  const file = createWriteStream(log, { flags: 'a' });
  const child = spawn(process.execPath, [script, ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const tail: string[] = [];
  child.stderr.pipe(file);
  child.stderr.on('data', (data: Buffer) => tail.push(data.toString()));
  const exited = once(child, 'exit');
  const ready = await Promise.race([
    firstJson(child),
    exited.then(([code]) => fail(`${name} ended with ${code}: ${tail.join('').trim().slice(-1500)}`)),
    timeout(name),
  ]);
  return {
    pid: child.pid ?? 0,
    ready,
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await exited;
    },
  };
}

async function firstJson(child: ChildProcess): Promise<Readonly<Record<string, unknown>>> {
  if (!child.stdout) throw new Error('the process has no stdout');
  for await (const line of createInterface({ input: child.stdout })) {
    child.stdout.resume();
    if (line.startsWith('{')) return JSON.parse(line);
  }
  return new Promise(() => undefined);
}

function timeout(name: string): Promise<never> {
  return new Promise((_resolve, reject) => {
    setTimeout(() => reject(new Error(`${name} was not ready after ${readyMs / 1000} s`)), readyMs).unref();
  });
}

function fail(message: string): never {
  throw new Error(message);
}
