import { Fault, toFault } from '../domain/fault.ts';
import type { Inputs, Known, Reading } from '../domain/inputs.ts';
import { type Json, toJson } from '../domain/json.ts';
import type { Clock, Ledger } from '../ports.ts';
import type { Engine } from './engine.ts';
import { worldThrough } from './world-reads.ts';

/** Notes whatever a decision is made from, until the decision is written down. */
export interface Recorder {
  /** The same engine; everything it reads is noted. */
  readonly engine: Engine;
  /** Begins a new decision: what was noted before and not written down belongs to none. */
  begin(): void;
  /** What was noted since, for the entry with this time and number; and begins anew. */
  take(entry: { time: string; sequence: number }, known: Known): Inputs;
}

/** What a port is asked and answers: the only thing a decision may depend on besides the ledger. */
type Note = <T>(of: string, asked: readonly Json[], read: () => Promise<T>) => Promise<T>;

/** An engine whose reads are noted. What it writes is not: that is what the entries say. */
export function recorderOf(engine: Engine): Recorder {
  let readings: Reading[] = [];
  let times: string[] = [];
  let written = 0;
  const note: Note = async (of, asked, read) => {
    try {
      const value = await read();
      readings.push({ of, with: [...asked], gave: jsonOf(value) });
      return value;
    } catch (error) {
      const { disposition, code, message, retryAfterMs } = toFault(error);
      const failed = { disposition, code, message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
      readings.push({ of, with: [...asked], failed });
      throw error;
    }
  };
  const clock = () => {
    const time = engine.clock();
    times.push(time);
    return time;
  };
  const setting = (of: string, value: unknown) => {
    if (!readings.some((one) => one.of === of)) readings.push({ of, with: [], gave: jsonOf(value) });
  };
  return {
    engine: recording(engine, { note, clock, setting }),
    begin: () => {
      [readings, times, written] = [[], [], 0];
    },
    take: ({ time, sequence }, known) => {
      const reads = known.spare(readings, sequence);
      const offsets = times.map((one) => Date.parse(one) - Date.parse(time));
      const inputs: Inputs = { clock: offsets, reads, ...(written > 0 ? { continues: true } : {}) };
      [readings, times] = [[], []];
      written += 1;
      return inputs;
    },
  };
}

interface Noting {
  readonly note: Note;
  readonly clock: Clock;
  readonly setting: (of: string, value: unknown) => void;
}

function recording(engine: Engine, { note, clock, setting }: Noting): Engine {
  return {
    ...engine,
    ledger: recordingLedger(engine.ledger, note),
    world: worldThrough(engine.world, (of, asked, read) => note(of, asked.map(jsonOf), read)),
    controls: { ...engine.controls, list: () => note('controls.list', [], () => engine.controls.list()) },
    budgets: {
      reserve: (request) => note('budgets.reserve', [toJson(request)], () => engine.budgets.reserve(request)),
      left: (request) => note('budgets.left', [toJson(request)], () => engine.budgets.left(request)),
    },
    effects: { send: (call, key, risk) => note('effects.send', [key], () => engine.effects.send(call, key, risk)) },
    clock,
    get safety() {
      setting('settings.safety', engine.safety);
      return engine.safety;
    },
    get limits() {
      setting('settings.limits', engine.limits);
      return engine.limits;
    },
    get worker() {
      setting('settings.worker', engine.worker);
      return engine.worker;
    },
  };
}

/** Of other journals, how far they were then; of writing, only that somebody else had written. */
function recordingLedger(ledger: Ledger, note: Note): Ledger {
  const noting = async <T>(journal: string, write: Promise<T>): Promise<T> => {
    try {
      return await write;
    } catch (error) {
      await note('ledger.append', [journal], () => Promise.reject(toFault(error))).catch(() => undefined);
      throw error;
    }
  };
  return {
    read: async (journal) => {
      const entries = await ledger.read(journal);
      await note('ledger.read', [journal], async () => entries.length);
      return entries;
    },
    append: (journal, previous, body) => noting(journal, ledger.append(journal, previous, body)),
    appendAll: (journal, previous, bodies) => noting(journal, ledger.appendAll(journal, previous, bodies)),
  };
}

/** Any value of a port or of the settings as JSON, copied; a map becomes a list of its pairs. */
function jsonOf(value: unknown): Json {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'object' || value === null) return null;
  if (value instanceof Map) return { map: [...value].map(jsonOf) };
  if (Array.isArray(value)) return value.map(jsonOf);
  const copy: { [name: string]: Json } = {};
  for (const [name, member] of Object.entries(value)) if (member !== undefined) copy[name] = jsonOf(member);
  return copy;
}

/** A failure as it was noted, to be thrown again. */
export function faultOf({ failed }: Extract<Reading, { failed: unknown }>): Fault {
  const { disposition, code, message, retryAfterMs } = failed;
  return new Fault(disposition, code, message, retryAfterMs === undefined ? {} : { retryAfterMs });
}
