import {
  type AutonomyEntry,
  autonomyEntryOf,
  autonomyJournal,
  earnedIn,
  lesser,
  type Measured,
  measured,
  promotionProblem,
  versionOf,
} from '../domain/autonomy.ts';
import { Fault, toFault } from '../domain/fault.ts';
import { type JsonObject, toJson } from '../domain/json.ts';
import { asOf, type Entry, firstBreak } from '../domain/ledger.ts';
import type { Mode } from '../domain/mode.ts';
import type { Playbook } from '../domain/playbook.ts';
import { checkRight } from '../domain/right.ts';
import { type Run, runOf } from '../domain/run.ts';
import { vetoOf } from '../domain/veto.ts';
import type { Caller } from '../ports.ts';
import type { Engine } from './engine.ts';
import { quell } from './journal.ts';

/** What a person wants a version of a playbook to be allowed. */
export interface Promotion {
  /** `name@version` */
  readonly playbook: string;
  readonly to: Mode;
  readonly reason: string;
}

/** How many runs are looked at to measure, newest first. */
const mostMeasured = 500;
const atOnce = 20;

/** How far a version may go by itself: no further than the deployment allows, and no further than it has earned. */
export async function modeNow(
  engine: Pick<Engine, 'limits' | 'clock'> & { readonly ledger: Pick<Engine['ledger'], 'read'> },
  playbook: Playbook,
): Promise<{ mode: Mode; modeNote: string | null }> {
  const ceiling = engine.limits.modes.get(versionOf(playbook)) ?? playbook.mode;
  const changed = ceiling !== playbook.mode;
  const bySettings = changed ? `${ceiling} by the settings; the playbook itself says ${playbook.mode}` : null;
  if (engine.limits.autonomy === 'given') return { mode: ceiling, modeNote: bySettings };
  const entries = asOf(await engine.ledger.read(autonomyJournal), engine.clock());
  const { mode: earned } = earnedIn(entries, versionOf(playbook));
  const mode = lesser(ceiling, earned);
  return { mode, modeNote: mode === ceiling ? bySettings : `may go as far as ${ceiling}, and has earned ${earned}` };
}

/**
 * Lets a version of a playbook go further, or less far.
 * @throws Fault `refuse` for who may not and where too little was measured, `reject` for a version that is not deployed,
 * `conflict` where somebody set it meanwhile
 */
export async function setAutonomy(
  engine: Engine,
  { playbook, to, reason }: Promotion,
  caller: Caller,
): Promise<AutonomyEntry> {
  checkRight(caller, 'administer');
  if (!engine.playbooks().some((one) => versionOf(one) === playbook))
    throw new Fault('reject', 'unknown-playbook', `No playbook ${playbook} is deployed.`, { status: 404 });
  const entries = await engine.ledger.read(autonomyJournal);
  const { mode: from, since } = earnedIn(entries, playbook);
  const seen = measured(await runsOf(engine, playbook), since);
  const problem = promotionProblem(from, to, seen, engine.limits.promotionAfter);
  if (problem !== null) throw new Fault('refuse', 'not-earned', `${playbook} does not come to ${to}: ${problem}.`);
  const data: AutonomyEntry = { playbook, from, to, byName: caller.name, reason, measured: seen, run: null };
  await record(engine, entries, data, `person:${caller.id}`);
  engine.log.warn({ playbook, from, to, by: caller.id }, 'autonomy set');
  return data;
}

/**
 * Takes back that a playbook may act alone, where a run of it was vetoed since it was allowed. Asking people stays: it is
 * what rejecting is for. Done whenever such a run is looked at, so a crash in between loses nothing; doing it again is quiet.
 */
export async function heedVeto(engine: Engine, run: Run): Promise<void> {
  const veto = vetoOf(run);
  if (!veto || engine.limits.autonomy === 'given') return;
  const playbook = versionOf(run.opened.playbook);
  const entries = await engine.ledger.read(autonomyJournal);
  const { mode, since } = earnedIn(entries, playbook);
  if (mode !== 'enforce' || veto.at <= (since ?? '')) return;
  const reason = `${run.id}: ${veto.reason}`.slice(0, 600);
  const data: AutonomyEntry = {
    playbook,
    from: mode,
    to: 'approve',
    byName: 'Quell',
    reason,
    measured: null,
    run: run.id,
  };
  await record(engine, entries, data, quell);
  engine.log.warn({ playbook, run: run.id }, 'autonomy taken back');
}

/** Every deployed playbook: how far it may go, has come, and what was measured; and every change there was. */
export async function readAutonomy(engine: Engine): Promise<JsonObject> {
  const entries = await engine.ledger.read(autonomyJournal);
  for (const entry of entries) autonomyEntryOf(entry);
  const all = await runsOf(engine, null);
  const playbooks = await Promise.all(engine.playbooks().map((playbook) => stateOf(engine, playbook, entries, all)));
  return toJson({
    given: engine.limits.autonomy === 'given',
    after: engine.limits.promotionAfter,
    playbooks,
    entries,
    break: firstBreak(entries),
  });
}

interface State {
  readonly playbook: string;
  readonly mode: Mode;
  readonly ceiling: Mode;
  readonly earned: Mode;
  readonly measured: Measured;
}

async function stateOf(
  engine: Engine,
  playbook: Playbook,
  entries: readonly Entry[],
  all: readonly Run[],
): Promise<State> {
  const version = versionOf(playbook);
  const { mode: earned, since } = earnedIn(entries, version);
  const { mode } = await modeNow(engine, playbook);
  const ceiling = engine.limits.modes.get(version) ?? playbook.mode;
  const own = all.filter(({ opened }) => versionOf(opened.playbook) === version);
  return { playbook: version, mode, ceiling, earned, measured: measured(own, since) };
}

/** The newest runs, of one version or of all. */
async function runsOf(engine: Engine, playbook: string | null): Promise<readonly Run[]> {
  const listed = await engine.index.runs({ limit: mostMeasured });
  const runs: Run[] = [];
  for (let start = 0; start < listed.length; start += atOnce) {
    const part = listed.slice(start, start + atOnce);
    const read = await Promise.all(part.map(async ({ run }) => ({ run, entries: await engine.ledger.read(run) })));
    // Listed a moment before it is opened, or never opened: nothing to measure.
    for (const { run, entries } of read) if (entries.length > 0) runs.push(runOf(run, entries));
  }
  return runs.filter(({ opened }) => playbook === null || versionOf(opened.playbook) === playbook);
}

/** Writes after what was read: whoever read the same and was faster wins, and the other looks again. */
async function record(engine: Engine, entries: readonly Entry[], data: AutonomyEntry, actor: string): Promise<void> {
  const body = { time: engine.clock(), type: 'autonomy-set', actor, data: toJson(data) };
  try {
    await engine.ledger.append(autonomyJournal, entries.at(-1) ?? null, body);
  } catch (error) {
    if (toFault(error).disposition !== 'conflict') throw error;
    throw new Fault(
      'conflict',
      'autonomy-moved',
      'Somebody set the autonomy of a playbook at the same moment; look again.',
    );
  }
}
