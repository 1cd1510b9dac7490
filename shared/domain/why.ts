import type { AuthorizationSystem } from './access.ts';
import { type AlertEntry, type Answered, alertEntryOf } from './alert-entry.ts';
import { readingsIn } from './inputs.ts';
import type { Json } from './json.ts';
import type { Entry } from './ledger.ts';
import { reasonsAgainst } from './match.ts';
import type { Playbook } from './playbook.ts';
import { type Run, runOf } from './run.ts';

/** One thing a decision rested on. */
export interface Ground {
  readonly fact: string;
  readonly value: Json;
  readonly source: string;
  /** When it was observed, and how old that is at the time asked about, in seconds. */
  readonly observedAt: string;
  readonly ageSeconds: number;
}

/** Why a playbook answered an alert or did not, as of a time. */
export interface Why {
  readonly playbook: string;
  readonly version: number;
  readonly digest: string;
  readonly answers: boolean;
  /** The clauses that decided; for one that answers, the ones it met. */
  readonly clauses: readonly string[];
  readonly runs: readonly WhyRun[];
}

/** What decided about one identity, so far. */
export interface WhyRun {
  readonly run: string;
  readonly identity: string;
  readonly state: string;
  readonly grounds: readonly Ground[];
  /** What the guards said, by choice. */
  readonly refusals: readonly string[];
}

/** What is there to explain from: the alert's journal, the playbooks as they were kept, and the journals of its runs. */
export interface WhyFrom {
  readonly entries: readonly Entry[];
  readonly playbooks: readonly Playbook[] | null;
  readonly runs: ReadonlyMap<string, readonly Entry[]>;
}

/** The answer to an alert that stood at a time; null where there was none yet. */
export function answerAt(entries: readonly Entry[], asOf: string): { entry: Entry; said: Answered } | null {
  const entry = entries.findLast((one) => one.type === 'alert-answered' && one.time <= asOf);
  const parsed = entry && alertEntryOf(entry);
  return entry && parsed?.type === 'alert-answered' ? { entry, said: parsed.data } : null;
}

/**
 * Why each playbook answered or did not, as of `asOf` (ISO 8601): nothing that was written later counts.
 * @returns null where the alert had not been answered by then
 */
export function whyAt({ entries, playbooks, runs }: WhyFrom, asOf: string): readonly Why[] | null {
  const answer = answerAt(entries, asOf);
  if (!answer) return null;
  const known = answer.said.considered.map((one) => ({
    playbook: one.playbook,
    version: one.version ?? 0,
    digest: one.digest ?? '',
    answers: one.answers,
    clauses: one.against.length > 0 ? one.against : metClauses(playbooks?.find(({ name }) => name === one.playbook)),
    runs: one.answers ? runsAt(answer.said, runs, asOf) : [],
  }));
  const others = (playbooks ?? []).filter(({ name }) => known.every(({ playbook }) => playbook !== name));
  return [...known, ...others.map((playbook) => whyNot(playbook, entries, answer.entry))];
}

/** A playbook for other rules is not looked at when an alert is answered; what would have spoken against it is the same. */
function whyNot(playbook: Playbook, entries: readonly Entry[], answer: Entry): Why {
  const { name, version, digest } = playbook;
  const about = { playbook: name, version, digest, answers: false, runs: [] };
  const [alert, system] = [alertOf(entries), systemIn(entries, answer.sequence)];
  if (!alert || !system) return { ...about, clauses: ['the system of the alert could not be seen'] };
  return { ...about, clauses: reasonsAgainst(alert, system, playbook) };
}

/** The alert that a journal is about; null where it was refused. */
export function alertOf(entries: readonly Entry[]) {
  const first: AlertEntry | null = entries[0] ? alertEntryOf(entries[0]) : null;
  return first?.type === 'alert-received' ? first.data.alert : null;
}

/** The authorization system as it was read for the answer; null where it was not recorded or could not be seen. */
export function systemIn(entries: readonly Entry[], answer: number): AuthorizationSystem | null {
  const reading = readingsIn(entries, answer).find(({ of }) => of.endsWith('.system'));
  const value: unknown = reading && 'gave' in reading ? reading.gave : null;
  return isSystem(value) ? value : null;
}

function isSystem(value: unknown): value is AuthorizationSystem {
  return value !== null && typeof value === 'object' && 'id' in value && 'tags' in value && 'type' in value;
}

function metClauses(playbook: Playbook | undefined): readonly string[] {
  if (!playbook) return [];
  const { on, when } = playbook;
  const always = [`answers ${on.rules.join(', ')} on ${on.systems.join(', ')}`];
  return when === null ? always : [...always, `when: ${when} is true`];
}

function runsAt({ runs }: Answered, journals: WhyFrom['runs'], asOf: string): readonly WhyRun[] {
  return runs.flatMap(({ run, identity }) => {
    const entries = (journals.get(run) ?? []).filter(({ time }) => time <= asOf);
    if (entries.length === 0) return [];
    return [whyRun(runOf(run, entries), `${identity.displayName} (${identity.userPrincipalName})`, asOf)];
  });
}

function whyRun(run: Run, identity: string, asOf: string): WhyRun {
  const { proof, guarded, ended } = run;
  const age = (at: string) => Math.round((Date.parse(asOf) - Date.parse(at)) / 1000);
  const grounds = proof
    ? proof.evidence.map(({ fact, value, source }) => ({
        ...{ fact, value, source },
        observedAt: proof.at,
        ageSeconds: age(proof.at),
      }))
    : [];
  const claim = proof ? `${proof.claim} is ${proof.verdict}: ${proof.reason}` : 'not proved yet';
  const refusals = (guarded ?? []).flatMap(({ choice, refusals: said }) =>
    said.map(({ guard, reason }) => `${choice}: ${guard}: ${reason}`),
  );
  const state = ended ? `${ended.outcome}: ${ended.reason}` : claim;
  return { run: run.id, identity, state, grounds, refusals: [...new Set(refusals)] };
}
