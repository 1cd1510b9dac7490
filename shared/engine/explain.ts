import type { Alert } from '../domain/alert.ts';
import { type Answered, alertEntryOf } from '../domain/alert-entry.ts';
import { Fault, toFault } from '../domain/fault.ts';
import { inputsIn } from '../domain/inputs.ts';
import { toJson } from '../domain/json.ts';
import type { Entry } from '../domain/ledger.ts';
import { next } from '../domain/move.ts';
import { playbooksOfBytes } from '../domain/playbook-set.ts';
import { compare, type Explained, explainedOf, type Redecided, saidOf, undecided } from '../domain/replay.ts';
import { runOf } from '../domain/run.ts';
import { runEntryOf } from '../domain/run-entry.ts';
import type { Action, Ledger, Vault } from '../ports.ts';
import { perform } from './advance.ts';
import { checkDecision } from './decide.ts';
import { type Journal, quell } from './journal.ts';
import type { Opening } from './opening.ts';
import { type Answers, answersFrom, nowhere, replayEngine } from './replay-engine.ts';
import { answer } from './respond.ts';

/** All that explaining needs: no port that could change anything, and none to the systems. */
export interface ExplainParts {
  readonly ledger: Pick<Ledger, 'read'>;
  readonly vault: Pick<Vault, 'get'>;
  readonly actions: ReadonlyMap<string, Action>;
}

/** Ends a move that has written what it wrote then. */
class Written extends Error {}

/**
 * Decides a run again, entry by entry, from what is recorded beside each: the same code, no calls out.
 * @throws Fault `reject` (404) where there is no such run
 */
export async function explainRun(parts: ExplainParts, id: string): Promise<Explained> {
  const entries = await parts.ledger.read(id);
  runOf(id, entries);
  const results: Redecided[] = [];
  while (results.length < entries.length) {
    const at = results.length;
    results.push(...(await redecide(entries, at, parts)));
  }
  return explainedOf(id, results);
}

async function redecide(entries: readonly Entry[], at: number, parts: ExplainParts): Promise<readonly Redecided[]> {
  const entry = entries[at];
  if (!entry) return [];
  const inputs = inputsIn(entry);
  if (at === 0) return [undecided(entry, 'given', 'see the alert')];
  if (!inputs) return [withoutInputs(entries, at, entry)];
  if (inputs.continues) return [undecided(entry, 'unknown', 'what led to it is decided otherwise')];
  return redecideMove(entries, at, parts);
}

/** A person's entry is given, but a decision has to have been open to them. */
function withoutInputs(entries: readonly Entry[], at: number, entry: Entry): Redecided {
  if (!entry.actor.startsWith('person:')) return undecided(entry, 'unknown', 'written before inputs were recorded');
  const parsed = runEntryOf(entry);
  if (parsed.type !== 'decided') return undecided(entry, 'given');
  try {
    checkDecision(runOf(entry.journal, entries.slice(0, at)), parsed.data, entry.time);
    return undecided(entry, 'given');
  } catch (error) {
    return compare(entry, null, toFault(error).message);
  }
}

/** Everything that the move at this entry wrote then, written again. */
async function redecideMove(
  entries: readonly Entry[],
  at: number,
  { actions, ledger }: ExplainParts,
): Promise<readonly Redecided[]> {
  const id = entries[0]?.journal ?? '';
  const answers = answersFrom(entries);
  const engine = replayEngine(answers, actions, othersOf(ledger, answers));
  const results: Redecided[] = [];
  const cursor = () => at + results.length;
  answers.load(at + 1);
  const write: Journal['append'] = async (type, data, actor = quell) => {
    const entry = entries[cursor()];
    if (!entry) throw new Written();
    const result = compare(entry, saidOf({ type, actor, data: toJson(data) }));
    results.push(result);
    const following = entries[cursor()];
    if (result.verdict === 'different' || !following || !inputsIn(following)?.continues) throw new Written();
    answers.load(following.sequence);
  };
  const journal: Journal = {
    run: () => runOf(id, entries.slice(0, cursor())),
    sequence: cursor,
    lastAt: () => entries[cursor() - 1]?.time ?? '',
    note: write,
    append: write,
    flush: async () => undefined,
  };
  const because = await outcomeOf(async () => {
    const move = next(journal.run(), engine.clock());
    if (move.move === 'none') return 'nothing is left to do';
    if (move.move === 'rest') return `it rests: ${move.because}`;
    await perform(engine, journal, move);
    return `${move.move} writes nothing`;
  });
  const entry = entries[at];
  return results.length > 0 || !entry ? results : [compare(entry, null, because)];
}

/** The journals of others, as far as they were when a decision read them: a time alone does not tell, within a millisecond. */
function othersOf(ledger: ExplainParts['ledger'], answers: Answers): Ledger {
  const read = async (journal: string) => {
    const entries = await ledger.read(journal);
    const known = answers.has('ledger.read', [journal]);
    return known ? entries.slice(0, answers.next<number>('ledger.read', [journal])) : entries;
  };
  return { ...nowhere, read };
}

async function outcomeOf(work: () => Promise<string>): Promise<string | null> {
  try {
    return await work();
  } catch (error) {
    return error instanceof Written ? null : toFault(error).message;
  }
}

/**
 * Decides again how an alert was answered: which playbook, for whom, and how each run was opened.
 * @throws Fault `reject` (404) where there is no such alert
 */
export async function explainAlert(parts: ExplainParts, id: string): Promise<Explained> {
  const entries = await parts.ledger.read(id);
  const [first] = entries;
  if (!first) throw new Fault('reject', 'unknown-alert', `There is no alert ${id}.`, { status: 404 });
  const received = alertEntryOf(first);
  const results: Redecided[] = [];
  for (const entry of entries) {
    const parsed = alertEntryOf(entry);
    if (parsed.type !== 'alert-answered' || received.type !== 'alert-received') results.push(undecided(entry, 'given'));
    else
      results.push(...(await redecideAnswer(parts, { entries, entry, alert: received.data.alert, said: parsed.data })));
  }
  return explainedOf(id, results);
}

interface AnswerGiven {
  readonly entries: readonly Entry[];
  readonly entry: Entry;
  readonly alert: Alert;
  readonly said: Answered;
}

async function redecideAnswer(
  parts: ExplainParts,
  { entries, entry, alert, said }: AnswerGiven,
): Promise<readonly Redecided[]> {
  if (!inputsIn(entry) || said.playbooks === undefined)
    return [undecided(entry, 'unknown', 'written before inputs were recorded')];
  const runs = new Map<string, readonly Entry[]>();
  for (const { run } of said.runs) runs.set(run, await parts.ledger.read(run));
  const answers = answersFrom(entries);
  answers.load(entry.sequence);
  const engine = replayEngine(answers, parts.actions, othersOf(parts.ledger, answers));
  const playbooks = playbooksOfBytes(await parts.vault.get(said.playbooks));
  try {
    const { said: now, openings } = await answer(engine, alert, playbooks);
    const opened = openings.flatMap((opening) => redecideOpening(opening, runs, answers));
    const data = toJson({ ...asThen(now, said), playbooks: said.playbooks });
    return [...opened, compare(entry, saidOf({ type: entry.type, actor: quell, data }))];
  } catch (error) {
    return [compare(entry, null, toFault(error).message)];
  }
}

/** How a run was opened. Where it failed then because it was open already, whoever opened it is explained elsewhere. */
function redecideOpening(
  { id, opened }: Opening,
  runs: ReadonlyMap<string, readonly Entry[]>,
  answers: Answers,
): readonly Redecided[] {
  const [standing] = runs.get(id) ?? [];
  if (!standing || answers.has('ledger.append', [id])) return [];
  return [compare(standing, saidOf({ type: 'run-opened', actor: quell, data: toJson(opened) }))];
}

/** An answer of an earlier version does not say how its runs are opened; their own first entries do. */
function asThen(now: Answered, then: Answered): Answered {
  const told = new Set(then.runs.filter(({ opened }) => opened).map(({ run }) => run));
  return { ...now, runs: now.runs.map(({ opened, ...one }) => (told.has(one.run) ? { ...one, opened } : one)) };
}
