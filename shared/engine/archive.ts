import type { Access } from '../domain/access.ts';
import type { ArchiveLine, Case, CaseRun } from '../domain/archive.ts';
import { daysOf } from '../domain/audit-range.ts';
import { digestOf } from '../domain/digest.ts';
import { Fault, toFault } from '../domain/fault.ts';
import type { GuardFacts, Safety } from '../domain/guard.ts';
import type { Presence } from '../domain/identity.ts';
import { inputsIn, readingsIn } from '../domain/inputs.ts';
import { canonical, toJson } from '../domain/json.ts';
import type { Entry } from '../domain/ledger.ts';
import { playbooksOfBytes } from '../domain/playbook-set.ts';
import { runOf } from '../domain/run.ts';
import { runEntryOf } from '../domain/run-entry.ts';
import { alertOf, answerAt, systemIn } from '../domain/why.ts';
import type { Trail } from '../ports-custody.ts';
import type { Engine } from './engine.ts';
import { guardFacts } from './guard.ts';
import { answersFrom, replayEngine } from './replay-engine.ts';

/** What an archive is made from. */
export interface ArchiveParts {
  readonly engine: Pick<Engine, 'ledger' | 'vault' | 'actions' | 'limits' | 'clock'>;
  readonly trail: Pick<Trail, 'page'>;
}

export interface ArchivePage {
  readonly lines: readonly string[];
  readonly next: string | null;
}

/** Records of the trail that one page looks at. */
const recordsAtOnce = 300;

/**
 * One page of an archive: alerts received from `since` on, oldest first.
 * @param after where the page before said to go on; null for the first
 * @throws Fault `reject` for a place that no page has named
 */
export async function archivePage(parts: ArchiveParts, since: string, after: string | null): Promise<ArchivePage> {
  const now = parts.engine.clock();
  const { day, position } = placeOf(after, since);
  const lines: ArchiveLine[] = after === null ? [headOf(parts)] : [];
  const range = { by: { day }, from: since, to: '9999-01-01T00:00:00.000Z' };
  const page = await parts.trail.page(range, position, recordsAtOnce);
  const seen = new Set<string>();
  for (const { entry, journal } of page.records)
    if (entry === 'alert-received') lines.push(...(await linesOf(parts, journal, seen)));
  const following = daysOf(day, now)[1] ?? (day < now.slice(0, 10) ? now.slice(0, 10) : null);
  const next = page.next !== null ? `${day}~${page.next}` : following === null ? null : `${following}~`;
  return { lines: lines.map((line) => JSON.stringify(line)), next };
}

function placeOf(after: string | null, since: string): { day: string; position: string | null } {
  if (after === null) return { day: since.slice(0, 10), position: null };
  const [, day, position] = /^(\d{4}-\d{2}-\d{2})~(.*)$/s.exec(after) ?? [];
  if (day === undefined)
    throw new Fault('reject', 'wrong-request', 'after: no page of an archive has named this place.');
  return { day, position: position === '' ? null : (position ?? null) };
}

function headOf({ engine }: ArchiveParts): ArchiveLine {
  return { kind: 'archive', format: 1, budgets: engine.limits.budgets };
}

/** The case of an alert, after what it refers to and this page has not told yet. */
async function linesOf(parts: ArchiveParts, journal: string, seen: Set<string>): Promise<readonly ArchiveLine[]> {
  const made = await caseOf(parts.engine, journal);
  if (!made) return [];
  const lines: ArchiveLine[] = [];
  const { playbooks } = made.case;
  if (playbooks !== null && !seen.has(playbooks)) {
    lines.push({
      kind: 'playbooks',
      sha256: playbooks,
      playbooks: playbooksOfBytes(await parts.engine.vault.get(playbooks)),
    });
    seen.add(playbooks);
  }
  for (const safety of made.safety) {
    const digest = digestOf(toJson(safety));
    if (!seen.has(digest)) lines.push({ kind: 'safety', digest, safety });
    seen.add(digest);
  }
  return [...lines, made.case];
}

/** An alert as a case, and the settings its runs refer to; null where it was not received but refused. */
export async function caseOf(
  engine: ArchiveParts['engine'],
  journal: string,
): Promise<{ case: Case; safety: readonly Safety[] } | null> {
  const entries = await engine.ledger.read(journal);
  const alert = alertOf(entries);
  if (!alert) return null;
  const answer = answerAt(entries, '9999');
  const runs: CaseRun[] = [];
  const safety: Safety[] = [];
  for (const { run } of answer?.said.runs ?? []) {
    const made = await runCase(engine, run);
    if (made.safety) safety.push(made.safety);
    runs.push(made.run);
  }
  const system = answer ? systemIn(entries, answer.entry.sequence) : null;
  return { case: { kind: 'case', alert, system, playbooks: answer?.said.playbooks ?? null, runs }, safety };
}

async function runCase(engine: ArchiveParts['engine'], id: string): Promise<{ run: CaseRun; safety: Safety | null }> {
  const entries = await engine.ledger.read(id);
  const { opened, decision } = runOf(id, entries);
  const proved = entries.find(({ type }) => type === 'proved');
  const guarded = entries.find(({ type }) => type === 'guarded');
  const parsed = proved && runEntryOf(proved);
  const presence = nameless(given<Presence>(entries, proved, 'directory.presence'));
  const facts = guarded ? await factsAt(engine, entries, guarded) : null;
  const run: CaseRun = {
    identity: opened.identity.id,
    at: parsed?.type === 'proved' ? parsed.data.proof.at : null,
    presence,
    access: given<Access>(entries, proved, `${opened.system.type}.access`),
    facts: facts && factsIn(facts, presence),
    safety: facts && digestOf(toJson(facts.safety)),
    choice: decision?.choice ?? null,
  };
  return { run, safety: facts?.safety ?? null };
}

/** Facts without the settings, which stand in a line of their own, and without a presence that stands there already. */
function factsIn({ safety: _safety, presence, ...facts }: GuardFacts, known: Presence | null): CaseRun['facts'] {
  const seen = nameless(presence);
  const same = known !== null && canonical(toJson(known)) === canonical(toJson(seen ?? presence));
  return same ? facts : { ...facts, presence: seen ?? presence };
}

/** What the guards saw then, put together by the engine's own code; null where it was not recorded. */
async function factsAt(
  engine: ArchiveParts['engine'],
  entries: readonly Entry[],
  guarded: Entry,
): Promise<GuardFacts | null> {
  // Asked for nothing, the guards would stop half-way, with questions under way that nobody waits for.
  if (!inputsIn(guarded)) return null;
  const answers = answersFrom(entries);
  answers.load(guarded.sequence);
  try {
    return await guardFacts(
      replayEngine(answers, engine.actions),
      runOf(guarded.journal, entries.slice(0, guarded.sequence - 1)),
    );
  } catch (error) {
    if (toFault(error).code !== 'not-recorded') throw error;
    return null;
  }
}

function given<T>(entries: readonly Entry[], entry: Entry | undefined, of: string): T | null {
  const reading = entry && readingsIn(entries, entry.sequence).find((one) => one.of === of);
  // Hash-chained and written by ourselves: it is what the port answered then.
  const value: unknown = reading && 'gave' in reading ? reading.gave : null;
  return value as T | null;
}

/** Nothing is ever decided on a name. */
function nameless(presence: Presence | null): Presence | null {
  if (presence === null || presence.state === 'absent') return presence;
  return { ...presence, user: { ...presence.user, displayName: '', userPrincipalName: '' } };
}
