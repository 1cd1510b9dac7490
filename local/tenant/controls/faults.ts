import { z } from 'zod';
import type { Answer, Asked } from '../wire.ts';

const schema = z.strictObject({
  match: z
    .strictObject({
      method: z.string().optional(),
      /** Regular expression, looked for in the path. */
      path: z.string().refine(isPattern, 'not a regular expression').optional(),
    })
    .default({}),
  times: z.int().min(1).default(1),
  status: z.int().min(400).max(599).default(503),
  retryAfter: z.number().min(0).optional(),
  /** The request takes effect first, and its answer is the one that gets lost. */
  after: z.boolean().default(false),
  /** No answer at all: the connection is cut. */
  drop: z.boolean().default(false),
});

export type Fault = z.infer<typeof schema>;

export interface Faults {
  add(body: unknown): Answer;
  /** Takes one turn of the first fault that matches the request. */
  take(asked: Asked): Fault | undefined;
  clear(): void;
}

export function createFaults(): Faults {
  let waiting: { fault: Fault; left: number }[] = [];
  return {
    add(body) {
      const parsed = schema.safeParse(body);
      if (!parsed.success) return { status: 400, body: { error: { code: 'BadFault', message: parsed.error.message } } };
      waiting.push({ fault: parsed.data, left: parsed.data.times });
      return { status: 201, body: parsed.data };
    },
    take(asked) {
      const turn = waiting.find(({ fault }) => matches(fault, asked));
      if (!turn) return undefined;
      turn.left -= 1;
      waiting = waiting.filter(({ left }) => left > 0);
      return turn.fault;
    },
    clear() {
      waiting = [];
    },
  };
}

const CODES: Readonly<Record<number, string>> = {
  429: 'TooManyRequests',
  500: 'InternalServerError',
  502: 'BadGateway',
  503: 'ServiceUnavailable',
  504: 'GatewayTimeout',
};

/** The error as both Graph and Resource Manager lay it out. */
export function faultAnswer({ status, retryAfter }: Fault): Answer {
  const body = { error: { code: CODES[status] ?? 'UnknownError', message: 'Please try again later.' } };
  return retryAfter === undefined ? { status, body } : { status, headers: { 'retry-after': String(retryAfter) }, body };
}

function matches({ match: { method, path } }: Fault, asked: Asked): boolean {
  const sameMethod = method === undefined || method.toUpperCase() === asked.method;
  return sameMethod && (path === undefined || new RegExp(path, 'i').test(asked.url.pathname));
}

function isPattern(source: string): boolean {
  try {
    return new RegExp(source) instanceof RegExp;
  } catch {
    return false;
  }
}
