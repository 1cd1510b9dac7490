import { type HostLog, messageOf } from './log.ts';

/** Turns a stream of equal connection errors into two lines: gone, and back. */
export interface Outage {
  failed(error: unknown): void;
  recovered(): void;
}

export function createOutage(queue: string, log: HostLog): Outage {
  let down = false;
  return {
    failed: (error) => {
      if (!down)
        log('warning', `The queue ${queue} cannot be read, trying again: ${codeOf(error)} ${messageOf(error)}`);
      down = true;
    },
    recovered: () => {
      if (down) log('information', `The queue ${queue} can be read again.`);
      down = false;
    },
  };
}

/** The client wraps the errors of its attempts in an AggregateError; the last attempt is the one that counts. */
export function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors.at(-1));
  if (!(error instanceof Error)) return 'Unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
