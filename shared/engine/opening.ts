import type { AuthorizationSystem } from '../domain/access.ts';
import type { Alert } from '../domain/alert.ts';
import type { Answered } from '../domain/alert-entry.ts';
import { idOf } from '../domain/digest.ts';
import { later } from '../domain/duration.ts';
import { Fault, toFault } from '../domain/fault.ts';
import type { Identity } from '../domain/identity.ts';
import { toJson } from '../domain/json.ts';
import type { Match } from '../domain/match.ts';
import type { Mode } from '../domain/mode.ts';
import { playbooksOfBytes } from '../domain/playbook-set.ts';
import type { Opened } from '../domain/run-entry.ts';
import type { ListedRun } from '../ports.ts';
import type { Deciding, Engine } from './engine.ts';
import { type Beginning, quell } from './journal.ts';

/** An alert with what was found out about it. */
export interface Answering {
  readonly alert: Alert;
  readonly system: AuthorizationSystem;
  readonly matched: Match;
  readonly mode: { readonly mode: Mode; readonly modeNote: string | null };
  /** Runs of the alert that are opened before. */
  readonly earlier: readonly string[];
}

/** A run, as it begins. */
export interface Opening {
  readonly id: string;
  readonly opened: Opened;
}

/** The run of one identity, as it begins. Its id is a digest of alert, playbook and identity: opened again, it is the same. */
export function openedFor(engine: Deciding, answering: Answering, identity: Identity): Opening {
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

/** Has the run to look, before it acts alone, at what came before it, or at whether it still may? */
function looksBack({ limits }: Deciding, { mode: { mode }, earlier }: Answering): boolean {
  return mode === 'enforce' && (earlier.length > 0 || limits.autonomy === 'earned');
}

/** A run that an answer announces. */
export interface Announced {
  readonly listed: ListedRun;
  readonly beginning: Beginning;
}

type AnsweredRun = Answered['runs'][number];

/** The run as the answer has it: the playbook is in the set beside it, the identity before it. */
export function announcement({ id, opened: { playbook: _set, identity, ...opened } }: Opening): AnsweredRun {
  return { run: id, identity, opened };
}

/** @param fresh the answer was written just now, by us: nobody else can have begun its runs */
export function announced(alert: Alert, { id, opened }: Opening, fresh: boolean): Announced {
  return {
    listed: { run: id, alert: alert.id, identity: opened.identity.id, receivedAt: alert.receivedAt },
    beginning: { fresh, opened: async () => opened },
  };
}

/** The runs of an answer that stands; those of earlier versions were opened before it was written. */
export function announcedIn({ vault }: Pick<Engine, 'vault'>, alert: Alert, said: Answered): readonly Announced[] {
  return said.runs.flatMap(({ run, identity, opened }) => {
    if (!opened) return [];
    const listed = { run, alert: alert.id, identity: identity.id, receivedAt: alert.receivedAt };
    const begin = async () => ({ ...opened, identity, playbook: await playbookOf(vault, said) });
    return [{ listed, beginning: { fresh: false, opened: begin } }];
  });
}

/** The playbook as it was when the alert was answered. @throws Fault `halt` where it was not kept */
async function playbookOf(vault: Engine['vault'], { playbook, playbooks }: Answered): Promise<Opened['playbook']> {
  const kept = playbooks === undefined ? [] : playbooksOfBytes(await vault.get(playbooks));
  const found = kept.find(({ name }) => name === playbook);
  if (found) return found;
  throw new Fault('halt', 'playbook-missing', `Playbook ${playbook} is not in the set the alert was answered with.`);
}

/** Opens a run beside others of its alert and leaves a hint for it; quiet where it is open already. */
export async function openBeside(engine: Engine, { listed, beginning }: Announced): Promise<void> {
  const { run, identity } = listed;
  if (!beginning.fresh && (await engine.ledger.read(run)).length > 0) return;
  const time = engine.clock();
  const due = later(time, engine.limits.hintGraceMs);
  await engine.index.list(listed, { open: { journal: run, kind: 'run', session: identity, due } });
  await begin(engine, run, { time, opened: await beginning.opened() });
  await engine.bus.run(run, identity, { reason: 'opened' });
}

/** Writes the first entry, unless it is there already. */
async function begin(
  { ledger }: Engine,
  id: string,
  { time, opened }: { time: string; opened: Opened },
): Promise<void> {
  try {
    await ledger.append(id, null, { time, type: 'run-opened', actor: quell, data: toJson(opened) });
  } catch (error) {
    const fault = toFault(error);
    if (fault.disposition !== 'conflict') throw fault;
  }
}
