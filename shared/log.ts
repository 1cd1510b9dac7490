import { AsyncLocalStorage } from 'node:async_hooks';
import type { InvocationContext } from '@azure/functions';
import { pino } from 'pino';
import type { Log } from './ports.ts';

type Sink = Pick<InvocationContext, 'debug' | 'info' | 'warn' | 'error'>;

const current = new AsyncLocalStorage<Sink>();

/** Runs `work` so that everything logged in it belongs to the invocation. */
export function inInvocation<T>(context: Sink, work: () => Promise<T>): Promise<T> {
  return current.run(context, work);
}

/**
 * A pino log whose lines go to the invocation they belong to, so that the host keeps level and invocation id; written to
 * stdout they would lose both. Outside of one they go to stderr. Secrets are not logged; what could carry one is removed.
 */
export function pinoLog(level: string): Log {
  // Made with the first line: pino looks at the stack, and while a bundle is still being loaded that costs V8 the whole file again.
  let made: Log | null = null;
  const log = () => {
    made ??= pinoOf(level);
    return made;
  };
  return {
    info: (fields, message) => log().info(fields, message),
    warn: (fields, message) => log().warn(fields, message),
    error: (fields, message) => log().error(fields, message),
  };
}

function pinoOf(level: string): Log {
  const stream = {
    // pino tells the level of the line it is about to write by this symbol: https://getpino.io/#/docs/api?id=metadata
    [Symbol.for('pino.metadata')]: true,
    lastLevel: 30,
    write(line: string) {
      const sink = current.getStore();
      if (sink) sink[levelName(this.lastLevel)](line.trimEnd());
      else process.stderr.write(line);
    },
  };
  const redact = ['authorization', '*.authorization', 'secret', '*.secret', 'connectionString', '*.connectionString'];
  const { isoTime: timestamp } = pino.stdTimeFunctions;
  return pino({ level, base: null, timestamp, redact, serializers: { cause: pino.stdSerializers.err } }, stream);
}

function levelName(level: number): keyof Sink {
  if (level >= 50) return 'error';
  if (level >= 40) return 'warn';
  return level >= 30 ? 'info' : 'debug';
}
