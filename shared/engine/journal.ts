import { Fault } from '../domain/fault.ts';
import { inputsField, knownIn } from '../domain/inputs.ts';
import { toJson } from '../domain/json.ts';
import { type Entry, type EntryBody, entryAfter, firstBreak } from '../domain/ledger.ts';
import { type Run, runAfter, runOf } from '../domain/run.ts';
import type { Opened, RunEntry } from '../domain/run-entry.ts';
import type { Clock, Ledger } from '../ports.ts';
import { quell } from './actor.ts';
import type { Recorder } from './record.ts';

export { quell };

type Write = <T extends RunEntry['type']>(
  type: T,
  data: Extract<RunEntry, { type: T }>['data'],
  actor?: string,
) => Promise<void>;

/** The journal of one run while somebody works on it: what is in it, and the way to write the next entry. */
export interface Journal {
  readonly run: () => Run;
  /** Number of its last entry. */
  readonly sequence: () => number;
  /** Time of its last entry. */
  readonly lastAt: () => string;
  /**
   * Adds an entry that is written together with the next one appended, in one transaction. Only for what a process that
   * dies before may lose, because whoever comes next finds it by looking: a proof, a plan, that a step took hold.
   * Nothing may leave this process, and nobody be told, on the ground of what is only noted.
   */
  readonly note: Write;
  /** Adds an entry and writes it down with all that was noted. @throws Fault `conflict` where somebody else wrote first */
  readonly append: Write;
  /** Writes down what was noted. @throws Fault `conflict` where somebody else wrote first */
  readonly flush: () => Promise<void>;
}

/** How a journal begins where there is none yet. */
export interface Beginning {
  /** Nobody can have begun it: there is nothing to read. Where somebody has after all, writing is a conflict. */
  readonly fresh: boolean;
  readonly opened: () => Promise<Opened>;
}

/** Most that is kept back; far below what one transaction takes. */
const mostNoted = 50;

/**
 * Opens the journal of a run.
 * @param recorder whatever it noted is kept with each entry; without one, a person decides
 * @param beginning where given, a journal that is not there begins with it, written together with what is written next
 * @throws Fault `reject` (404) where there is no such run, `halt` where its chain is broken: nothing rests on it any more
 */
export async function openJournal(
  parts: { ledger: Ledger; clock: Clock },
  id: string,
  recorder?: Recorder,
  beginning?: Beginning,
): Promise<Journal> {
  const found = beginning?.fresh ? [] : await parts.ledger.read(id);
  let noted = found.length === 0 && beginning ? [firstOf(await beginning.opened(), parts.clock())] : [];
  const written = [...found, ...noted.map((body) => entryAfter(id, null, body))];
  let run = runOf(id, written);
  const broken = firstBreak(written);
  if (broken)
    throw new Fault('halt', 'ledger-broken', `${id} is broken at entry ${broken.sequence}: ${broken.reason}.`);
  let [last, durable] = [written.at(-1) ?? null, found.at(-1) ?? null];
  const known = knownIn(written);
  const add = (type: string, data: object, actor: string) => {
    const time = parts.clock();
    const inputs = recorder?.take({ time, sequence: (last?.sequence ?? 0) + 1 }, known);
    const body = { time, type, actor, data: toJson(inputs ? { ...data, [inputsField]: inputs } : data) };
    const entry: Entry = entryAfter(id, last, body);
    run = runAfter(run, entry);
    last = entry;
    noted.push(body);
  };
  const flush = async () => {
    const [first, ...more] = noted;
    noted = [];
    if (!first) return;
    const written =
      more.length === 0
        ? [await parts.ledger.append(id, durable, first)]
        : await parts.ledger.appendAll(id, durable, [first, ...more]);
    durable = written.at(-1) ?? durable;
  };
  return {
    run: () => run,
    sequence: () => last?.sequence ?? 0,
    lastAt: () => last?.time ?? '',
    note: async (type, data, actor = quell) => {
      add(type, data, actor);
      if (noted.length >= mostNoted) await flush();
    },
    append: async (type, data, actor = quell) => {
      add(type, data, actor);
      await flush();
    },
    flush,
  };
}

function firstOf(opened: Opened, time: string): EntryBody {
  return { time, type: 'run-opened', actor: quell, data: toJson(opened) };
}
