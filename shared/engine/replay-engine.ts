import { systemTypes } from '../domain/alert.ts';
import { Fault } from '../domain/fault.ts';
import { inputsIn, questionOf, type Reading, readingsIn, timesIn } from '../domain/inputs.ts';
import type { Json } from '../domain/json.ts';
import { type Entry, entryAfter } from '../domain/ledger.ts';
import type { AccessControl, Action, Directory, Index, Ledger, World } from '../ports.ts';
import type { Engine } from './engine.ts';
import { faultOf } from './record.ts';

/** Answers from what was recorded, and from nothing else. */
export interface Answers {
  /** @throws Fault as it was recorded, or `halt` where this was never asked: then something else is decided now */
  next<T>(of: string, asked: readonly Json[]): T;
  has(of: string, asked: readonly Json[]): boolean;
  clock(): string;
  /** Goes on with the inputs of this entry. */
  load(sequence: number): void;
}

/** @param entries a whole journal */
export function answersFrom(entries: readonly Entry[]): Answers {
  let queues = new Map<string, Reading[]>();
  let times: string[] = [];
  let standing = '';
  return {
    next: <T>(of: string, asked: readonly Json[]): T => {
      const queue = queues.get(questionOf(of, asked));
      // Settings are noted once for each entry, and read as often as needed.
      const reading = of.startsWith('settings.') ? queue?.[0] : queue?.shift();
      if (!reading) throw new Fault('halt', 'not-recorded', `${questionOf(of, asked)} was not asked then.`);
      if ('failed' in reading) throw faultOf(reading);
      // Hash-chained and written by ourselves: it is what the port answered then.
      const value: unknown = withMaps(reading.gave);
      return value as T;
    },
    has: (of, asked) => (queues.get(questionOf(of, asked)) ?? []).length > 0,
    clock: () => {
      standing = times.shift() ?? standing;
      return standing;
    },
    load: (sequence) => {
      const entry = entries.find((one) => one.sequence === sequence);
      const inputs = entry && inputsIn(entry);
      queues = Map.groupBy(readingsIn(entries, sequence), ({ of, with: asked }) => questionOf(of, asked));
      times = entry && inputs ? [...timesIn(inputs, entry)] : [];
      standing = entry?.time ?? standing;
    },
  };
}

function withMaps(value: Json): unknown {
  return JSON.parse(JSON.stringify(value), (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && 'map' in inner && Array.isArray(inner.map)
      ? new Map(inner.map)
      : inner,
  );
}

/**
 * An engine that decides again: it is given no port of the running system at all, so nothing it does can reach anybody.
 * @param ledger where a decision looks at journals besides its own
 */
export function replayEngine(answers: Answers, actions: ReadonlyMap<string, Action>, ledger: Ledger = nowhere): Engine {
  const asked = async <T>(of: string, ...given: readonly Json[]): Promise<T> => answers.next<T>(of, given);
  return {
    ledger,
    index: noIndex,
    vault: { put: notHere, get: notHere },
    bus: { alert: quiet, run: quiet },
    controls: { list: () => asked('controls.list'), put: quiet, remove: quiet },
    budgets: {
      reserve: ({ ...request }) => asked('budgets.reserve', { ...request, budget: { ...request.budget } }),
      left: ({ ...request }) => asked('budgets.left', { ...request, budget: { ...request.budget } }),
    },
    effects: { send: (_call, key) => asked('effects.send', key) },
    world: {
      directory: answering<Directory>(answers, 'directory'),
      accessControl: Object.fromEntries(systemTypes.map((type) => [type, answering<AccessControl>(answers, type)])),
      exclusions: answering<World['exclusions']>(answers, 'exclusions'),
    },
    actions,
    playbooks: () => [],
    get safety() {
      return answers.next<Engine['safety']>('settings.safety', []);
    },
    get limits() {
      return answers.next<Engine['limits']>('settings.limits', []);
    },
    clock: answers.clock,
    sleep: quiet,
    log: { info: silent, warn: silent, error: silent },
    get worker() {
      return answers.next<string>('settings.worker', []);
    },
    turns: () => 1,
  };
}

/** A port whose every method answers what it answered then. */
function answering<T extends object>(answers: Answers, name: string): T {
  const nothing: object = {};
  return new Proxy(nothing, {
    get:
      (_nothing, key) =>
      async (...asked: Json[]) =>
        answers.next(`${name}.${String(key)}`, asked),
  }) as T;
}

/** A ledger that holds nothing and keeps nothing. */
export const nowhere: Ledger = {
  read: async () => [],
  append: async (...given) => entryAfter(...given),
  appendAll: async (journal, previous, bodies) => {
    const entries: Entry[] = [];
    for (const body of bodies) entries.push(entryAfter(journal, entries.at(-1) ?? previous, body));
    return entries;
  },
};

const silent = () => undefined;
const quiet = async () => undefined;
const notHere = async () => {
  throw new Fault('halt', 'no-call-out', 'A replay asks nobody.');
};
const noIndex: Index = {
  ...{ open: quiet, looked: quiet, close: quiet, list: quiet },
  ...{ due: async () => [], runs: async () => [] },
};
