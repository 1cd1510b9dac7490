import type { AuthorizationSystem } from '../domain/access.ts';
import type { Alert } from '../domain/alert.ts';
import { type Answered, alertEntryOf } from '../domain/alert-entry.ts';
import { idOf } from '../domain/digest.ts';
import { later } from '../domain/duration.ts';
import { Fault, toFault } from '../domain/fault.ts';
import type { Identity } from '../domain/identity.ts';
import { inputsField, knownIn } from '../domain/inputs.ts';
import { toJson } from '../domain/json.ts';
import { type Match, match } from '../domain/match.ts';
import type { Mode } from '../domain/mode.ts';
import type { Playbook } from '../domain/playbook.ts';
import { bytesOfPlaybooks } from '../domain/playbook-set.ts';
import type { Opened } from '../domain/run-entry.ts';
import { modeNow } from './autonomy.ts';
import type { Deciding, Engine } from './engine.ts';
import { quell } from './journal.ts';
import { recorderOf } from './record.ts';
import { findIdentities } from './resolve.ts';

/**
 * Answers an alert: finds the playbook, resolves or looks up the identities, opens one run for each, and records all of
 * it, also why nothing is done. Doing it again opens nothing twice, since a run's id is a digest of alert, playbook and identity.
 * @throws Fault `reject` (404) where there is no such alert, or whatever a port throws
 */
export async function respond(engine: Engine, id: string): Promise<void> {
  const entries = await engine.ledger.read(id);
  const [first] = entries;
  if (!first) throw new Fault('reject', 'unknown-alert', `There is no alert ${id}.`, { status: 404 });
  const received = alertEntryOf(first);
  if (received.type !== 'alert-received') throw new Fault('reject', 'not-an-alert', `${id} was refused, not received.`);
  const last = entries.at(-1) ?? first;
  if (last.type !== 'alert-answered') {
    const recorder = recorderOf(engine);
    const playbooks = engine.playbooks();
    const kept = await engine.vault.put(bytesOfPlaybooks(playbooks), 'application/json');
    const answered = { ...(await answer(recorder.engine, received.data.alert, playbooks)), playbooks: kept.sha256 };
    const body = { time: engine.clock(), type: 'alert-answered', actor: quell };
    const inputs = recorder.take({ time: body.time, sequence: entries.length + 1 }, knownIn(entries));
    await engine.ledger.append(id, last, { ...body, data: toJson({ ...answered, [inputsField]: inputs }) });
  }
  await engine.index.close(id);
}

/** What is done about the alert, with these playbooks; opens the runs. */
export async function answer(engine: Engine, alert: Alert, playbooks: readonly Playbook[]): Promise<Answered> {
  const system = (await engine.world.accessControl[alert.system.type]?.system(alert.system.id)) ?? null;
  if (!system) return nothing(`${alert.system.type} ${alert.system.id} does not exist, or Quell may not see it`);
  const matched = match(alert, system, playbooks);
  const considered = matched.considered.map((one) => ({ ...one, against: [...one.against] }));
  if (!matched.playbook) return { ...nothing('no playbook answers it'), considered };
  const found = await findIdentities(engine, alert, matched.playbook, system);
  const left = [...found.left];
  if (found.identities.length > engine.limits.runsPerAlert) {
    const summary = `${found.identities.length} identities are more than one alert may touch (${engine.limits.runsPerAlert}): a person has to look`;
    return { playbook: matched.playbook.name, considered, runs: [], left, summary };
  }
  const runs = [];
  const mode = await modeOf(engine, matched.playbook, found.doubt);
  for (const identity of found.identities) {
    const earlier = runs.map(({ run }) => run);
    const run = await openRun(engine, { alert, system, matched, mode, earlier }, identity);
    runs.push({ run, identity });
  }
  const summary = `${matched.playbook.name} answers with ${count(runs.length)}; ${found.how}`;
  return { playbook: matched.playbook.name, considered, runs, left, summary };
}

function nothing(summary: string): Answered {
  return { playbook: null, considered: [], runs: [], left: [], summary };
}

function count(runs: number): string {
  return runs === 1 ? 'one run' : `${runs} runs`;
}

/** An alert with what was found out about it. */
export interface Answering {
  readonly alert: Alert;
  readonly system: AuthorizationSystem;
  readonly matched: Match;
  readonly mode: { readonly mode: Mode; readonly modeNote: string | null };
  /** Runs of the alert that were opened before. */
  readonly earlier: readonly string[];
}

/** Opens the run of one identity and leaves a hint for it; quiet where it is open already. */
async function openRun(engine: Engine, answering: Answering, identity: Identity): Promise<string> {
  const { alert } = answering;
  const { id, opened } = openedFor(engine, answering, identity);
  const time = engine.clock();
  const due = later(time, engine.limits.hintGraceMs);
  await engine.index.list(
    { run: id, alert: alert.id, identity: identity.id, receivedAt: alert.receivedAt },
    { journal: id, kind: 'run', session: identity.id, due },
  );
  await opening(engine, id, opened, time);
  await engine.bus.run(id, identity.id, { reason: 'opened' });
  return id;
}

/** The run of one identity, as it begins. */
export function openedFor(engine: Deciding, answering: Answering, identity: Identity): { id: string; opened: Opened } {
  const { alert, system, matched, mode, earlier } = answering;
  const { playbook } = matched;
  if (!playbook) throw new Fault('halt', 'no-playbook', 'A run needs a playbook.');
  const opened: Opened = {
    alert: alert.id,
    rule: alert.rule,
    source: alert.source,
    requestedBy: alert.sender,
    title: alert.title,
    occurredAt: alert.occurredAt,
    playbook,
    identity,
    system: { type: system.type, id: system.id, name: system.name },
    ...mode,
    ...(looksBack(engine, answering) ? { earlier: [...earlier] } : {}),
    localWaitMs: engine.limits.localWaitMs,
  };
  return { id: idOf('run', [alert.id, playbook.name, identity.id]), opened };
}

/** Writes the first entry, unless it is there already. */
async function opening(engine: Engine, id: string, opened: Opened, time: string): Promise<void> {
  try {
    await engine.ledger.append(id, null, { time, type: 'run-opened', actor: quell, data: toJson(opened) });
  } catch (error) {
    const fault = toFault(error);
    if (fault.disposition !== 'conflict') throw fault;
  }
}

/** Has the run to look, before it acts alone, at what came before it, or at whether it still may? */
function looksBack({ limits }: Deciding, { mode: { mode }, earlier }: Answering): boolean {
  return mode === 'enforce' && (earlier.length > 0 || limits.autonomy === 'earned');
}

/** How far the runs may go: doubt takes `enforce` away. */
export async function modeOf(
  engine: Parameters<typeof modeNow>[0],
  playbook: Playbook,
  doubt: string | null,
): ReturnType<typeof modeNow> {
  const now = await modeNow(engine, playbook);
  if (now.mode !== 'enforce' || doubt === null) return now;
  return { mode: 'approve', modeNote: `asks although it may act: ${doubt}` };
}
