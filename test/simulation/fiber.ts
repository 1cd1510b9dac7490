import type { Message } from './hints.ts';

/** A process: what happens in it ends when it is killed, and nothing of it is written down. */
export interface Process {
  readonly name: string;
  dead: boolean;
  readonly turns: () => number;
}

/** One invocation in a process: it stops at every call of a port until it is let go on. */
export interface Fiber {
  readonly id: number;
  /** What it is for, for the trace. */
  readonly task: string;
  readonly process: Process;
  /** How far its clock is off, in milliseconds. */
  readonly skewMs: number;
  /** It stands still until then (milliseconds since 1970); a zombie if it holds a lock that others believe lost. */
  pausedUntil: number;
  done: boolean;
}

/** Is it there for a person who decides? */
export function isPersons({ task }: Fiber): boolean {
  return task.startsWith('person: ');
}

/** A call of a port that waits to be made, or an answer that waits to be given. */
export interface Token {
  readonly fiber: Fiber;
  readonly point: string;
  readonly given: readonly unknown[];
  /** When the fiber came here. */
  readonly at: number;
  /** Not before then. */
  wake: number;
  readonly call: () => Promise<unknown>;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** The run that whoever works on a message is just putting to rest, by what they know of it; null where they are at something else. */
export function restedRun({ fiber, point, given: [item] }: Token): string | null {
  if (!fiber.task.startsWith('message ')) return null;
  if (point === 'index.open') return String(Reflect.get(Object(item), 'journal'));
  return point === 'index.list' ? String(Reflect.get(Object(item), 'run')) : null;
}

/** What becomes of a call. */
export type Fate =
  | { readonly fate: 'through' }
  /** Made now, answered later. */
  | { readonly fate: 'hold'; readonly ms: number }
  /** Answered with an error; the call took effect before, never, or takes effect `ms` later. */
  | { readonly fate: 'fault'; readonly error: Error; readonly effect: Effect }
  /** The process is killed. */
  | { readonly fate: 'die'; readonly effect: Effect }
  /** Answered as if it had been made. */
  | { readonly fate: 'phantom' }
  /** The fiber stands still; whoever waits for it gives up. */
  | { readonly fate: 'pause'; readonly ms: number };
export type Effect = 'none' | 'before' | { readonly lateMs: number };

/** A call that was let go of reaches its far side within this, or never: twice what Quell waits for an answer. */
export const flightMs = 10_000;

/** Who decides what happens next. */
export interface Policy {
  pick(runnable: readonly Token[]): Token;
  fate(token: Token): Fate;
  skewMs(): number;
  /** Does a message outlive the process that had taken it? */
  keeps(message: Message): boolean;
}

/** Until everything that can go on has gone on, and waits at a port or is done. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
