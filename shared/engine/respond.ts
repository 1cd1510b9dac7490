import type { Alert } from '../domain/alert.ts';
import { type Answered, alertEntryOf } from '../domain/alert-entry.ts';
import { Fault } from '../domain/fault.ts';
import { inputsField, knownIn } from '../domain/inputs.ts';
import { toJson } from '../domain/json.ts';
import type { Entry } from '../domain/ledger.ts';
import { match } from '../domain/match.ts';
import type { Playbook } from '../domain/playbook.ts';
import { bytesOfPlaybooks } from '../domain/playbook-set.ts';
import { advance } from './advance.ts';
import { modeNow } from './autonomy.ts';
import type { Deciding, Engine } from './engine.ts';
import { quell } from './journal.ts';
import {
  type Announced,
  announced,
  announcedIn,
  announcement,
  type Opening,
  openBeside,
  openedFor,
} from './opening.ts';
import { recorderOf } from './record.ts';
import { findIdentities } from './resolve.ts';

/** Moves a run that an alert announces. */
export type GoOn = (run: string, announced: Announced) => Promise<void>;

/**
 * Answers an alert: finds the playbook, resolves or looks up the identities, records all of it, also why nothing is done,
 * and begins a run for each. The answer is written before any of them begins, with how each is opened: whoever comes after
 * a crash begins what is missing, and nothing twice.
 *
 * A single run goes on at once, in the same invocation, and until it rests or ends what is noted as open is the alert.
 * Several are opened beside each other, each with a hint of its own.
 * @param goOn moves the single run
 * @throws Fault `reject` (404) where there is no such alert, or whatever a port throws
 */
export async function respond(engine: Engine, id: string, goOn: GoOn = alone(engine)): Promise<void> {
  const entries = await engine.ledger.read(id);
  const [first] = entries;
  if (!first) throw new Fault('reject', 'unknown-alert', `There is no alert ${id}.`, { status: 404 });
  const received = alertEntryOf(first);
  if (received.type !== 'alert-received') throw new Fault('reject', 'not-an-alert', `${id} was refused, not received.`);
  const { alert } = received.data;
  const last = alertEntryOf(entries.at(-1) ?? first);
  const runs =
    last.type === 'alert-answered' ? announcedIn(engine, alert, last.data) : await writeAnswer(engine, entries, alert);
  const [only, ...more] = runs;
  if (only && more.length === 0) return goOn(only.listed.run, only);
  for (const run of runs) await openBeside(engine, run);
  await engine.index.close(id);
}

function alone(engine: Engine): GoOn {
  return async (run, announced) => {
    await advance(engine, run, announced);
  };
}

/** Decides on the answer and writes it down. @throws Fault `conflict` where somebody else wrote another first */
async function writeAnswer(engine: Engine, entries: readonly Entry[], alert: Alert): Promise<readonly Announced[]> {
  const recorder = recorderOf(engine);
  const playbooks = engine.playbooks();
  const kept = await engine.vault.put(bytesOfPlaybooks(playbooks), 'application/json');
  const { said, openings } = await answer(recorder.engine, alert, playbooks);
  const body = { time: engine.clock(), type: 'alert-answered', actor: quell };
  const inputs = recorder.take({ time: body.time, sequence: entries.length + 1 }, knownIn(entries));
  const data = toJson({ ...said, playbooks: kept.sha256, [inputsField]: inputs });
  await engine.ledger.append(alert.id, entries.at(-1) ?? null, { ...body, data });
  return openings.map((opening) => announced(alert, opening, true));
}

/** What is done about an alert. */
export interface Answer {
  readonly said: Answered;
  readonly openings: readonly Opening[];
}

/** What answering an alert reads. */
type Answers = Deciding & Parameters<typeof modeNow>[0];

/** What is done about the alert, with these playbooks. Writes nothing. */
export async function answer(engine: Answers, alert: Alert, playbooks: readonly Playbook[]): Promise<Answer> {
  const system = (await engine.world.accessControl[alert.system.type]?.system(alert.system.id)) ?? null;
  if (!system) return nothing(`${alert.system.type} ${alert.system.id} does not exist, or Quell may not see it`);
  const matched = match(alert, system, playbooks);
  const considered = matched.considered.map((one) => ({ ...one, against: [...one.against] }));
  if (!matched.playbook) return nothing('no playbook answers it', considered);
  const found = await findIdentities(engine, alert, matched.playbook, system);
  const about = { playbook: matched.playbook.name, considered, left: [...found.left] };
  if (found.identities.length > engine.limits.runsPerAlert) {
    const summary = `${found.identities.length} identities are more than one alert may touch (${engine.limits.runsPerAlert}): a person has to look`;
    return { said: { ...about, runs: [], summary }, openings: [] };
  }
  const mode = await modeOf(engine, matched.playbook, found.doubt);
  const openings: Opening[] = [];
  for (const identity of found.identities) {
    const earlier = openings.map(({ id }) => id);
    openings.push(openedFor(engine, { alert, system, matched, mode, earlier }, identity));
  }
  const summary = `${matched.playbook.name} answers with ${count(openings.length)}; ${found.how}`;
  return { said: { ...about, runs: openings.map(announcement), summary }, openings };
}

function nothing(summary: string, considered: Answered['considered'] = []): Answer {
  return { said: { playbook: null, considered, runs: [], left: [], summary }, openings: [] };
}

function count(runs: number): string {
  return runs === 1 ? 'one run' : `${runs} runs`;
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
