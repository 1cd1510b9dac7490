import type { AuthorizationSystem } from '../domain/access.ts';
import type { Alert } from '../domain/alert.ts';
import { alertEntryOf } from '../domain/alert-entry.ts';
import { Fault } from '../domain/fault.ts';
import type { Identity } from '../domain/identity.ts';
import { toJson } from '../domain/json.ts';
import { type Entry, entryAfter } from '../domain/ledger.ts';
import { match, reasonsAgainst } from '../domain/match.ts';
import type { Mode } from '../domain/mode.ts';
import { type Move, next } from '../domain/move.ts';
import type { Plan } from '../domain/plan.ts';
import type { Playbook } from '../domain/playbook.ts';
import type { Proof } from '../domain/proof.ts';
import { runOf } from '../domain/run.ts';
import type { GuardedChoice } from '../domain/run-entry.ts';
import type { Ledger } from '../ports.ts';
import type { Deciding } from './engine.ts';
import { guard } from './guard.ts';
import { type Journal, quell } from './journal.ts';
import { type Answering, openedFor } from './opening.ts';
import { plan } from './plan.ts';
import { prove } from './prove.ts';
import { findIdentities } from './resolve.ts';
import { modeOf } from './respond.ts';

/** All that asking "what if" is given: nothing here sends a call, leaves a message or writes an entry. */
export interface WhatIfParts extends Deciding {
  readonly ledger: Pick<Ledger, 'read'>;
  readonly playbooks: () => readonly Playbook[];
}

/** What would be done for one identity. */
export interface Would {
  readonly identity: Identity;
  readonly mode: Mode;
  /** `ask`, `act` or `end`. */
  readonly move: 'ask' | 'act' | 'end';
  readonly because: string;
  readonly proof: Proof | null;
  readonly plans: readonly Plan[];
  readonly guarded: readonly GuardedChoice[];
}

/** What today's playbooks would do about an alert, with the world as it is. */
export interface WhatIf {
  readonly alert: string;
  readonly at: string;
  readonly playbook: { readonly name: string; readonly version: number } | null;
  /** Every deployed playbook, and what speaks against it. */
  readonly considered: readonly {
    readonly playbook: string;
    readonly version: number;
    readonly against: readonly string[];
  }[];
  readonly would: readonly Would[];
  readonly left: readonly { readonly who: string; readonly reason: string }[];
  readonly summary: string;
}

/** The same parts and no others, also when the program runs. */
export function whatIfParts(parts: WhatIfParts): WhatIfParts {
  const { ledger, playbooks, world, actions, safety, limits, clock, log } = parts;
  return { ledger: { read: (journal) => ledger.read(journal) }, playbooks, world, actions, safety, limits, clock, log };
}

/** @throws Fault `reject` (404) where there is no such alert, or whatever a port that is read throws */
export async function whatIf(parts: WhatIfParts, id: string): Promise<WhatIf> {
  const [first] = await parts.ledger.read(id);
  const received = first && alertEntryOf(first);
  if (received?.type !== 'alert-received')
    throw new Fault('reject', 'unknown-alert', `There is no alert ${id}.`, { status: 404 });
  const { alert } = received.data;
  const system = (await parts.world.accessControl[alert.system.type]?.system(alert.system.id)) ?? null;
  const none = { alert: id, at: parts.clock(), playbook: null, considered: [], would: [], left: [] };
  if (!system)
    return { ...none, summary: `${alert.system.type} ${alert.system.id} does not exist, or Quell may not see it` };
  return decided(parts, alert, system, none);
}

async function decided(
  parts: WhatIfParts,
  alert: Alert,
  system: AuthorizationSystem,
  none: Omit<WhatIf, 'summary'>,
): Promise<WhatIf> {
  const playbooks = parts.playbooks();
  const matched = match(alert, system, playbooks);
  const considered = playbooks.map((playbook) => ({
    playbook: playbook.name,
    version: playbook.version,
    against: matched.considered.find((one) => one.playbook === playbook.name)?.against ?? [
      ...reasonsAgainst(alert, system, playbook),
    ],
  }));
  if (!matched.playbook) return { ...none, considered, summary: 'no playbook answers it' };
  const found = await findIdentities(parts, alert, matched.playbook, system);
  const { name, version } = matched.playbook;
  const would: Would[] = [];
  const tooMany = found.identities.length > parts.limits.runsPerAlert;
  const mode = await modeOf(parts, matched.playbook, found.doubt);
  for (const identity of tooMany ? [] : found.identities)
    would.push(await wouldDo(parts, { alert, system, matched, mode, earlier: [] }, identity));
  const many = `${found.identities.length} identities are more than one alert may touch (${parts.limits.runsPerAlert})`;
  const summary = tooMany ? many : `${name} would answer for ${would.length}; ${found.how}`;
  return { ...none, playbook: { name, version }, considered, would, left: found.left, summary };
}

/** Runs the beginning of a run that nobody opened, in a journal that nobody keeps, as far as nothing is asked or done. */
async function wouldDo(parts: WhatIfParts, answering: Answering, identity: Identity): Promise<Would> {
  const { id, opened } = openedFor(parts, answering, identity);
  const journal = imagined(parts, id, { ...opened });
  let move = next(journal.run(), parts.clock());
  for (let count = 0; count < 10 && looks(move); count += 1) {
    if (move.move === 'prove') await prove(parts, journal, null);
    if (move.move === 'plan') await plan(parts, journal);
    if (move.move === 'guard') await guard(parts, journal);
    move = next(journal.run(), parts.clock());
  }
  const { proof, plans, guarded } = journal.run();
  const about = { identity, mode: opened.mode, proof, plans: plans ?? [], guarded: guarded ?? [] };
  return { ...about, ...inWords(move) };
}

function looks({ move }: Move): boolean {
  return move === 'prove' || move === 'plan' || move === 'guard';
}

function inWords(move: Move): Pick<Would, 'move' | 'because'> {
  switch (move.move) {
    case 'ask':
      return { move: 'ask', because: `a person would be asked: ${move.choices.join(', ')}` };
    case 'choose':
      return { move: 'act', because: `it would choose ${move.plan.choice} and act without asking` };
    case 'end':
      return { move: 'end', because: `${move.outcome}: ${move.reason}` };
    default:
      return { move: 'end', because: `it would come to ${move.move}` };
  }
}

function imagined({ clock }: WhatIfParts, id: string, opened: object): Journal {
  const first = { time: clock(), type: 'run-opened', actor: quell, data: toJson(opened) };
  const entries: Entry[] = [entryAfter(id, null, first)];
  const write: Journal['append'] = async (type, data, actor = quell) => {
    entries.push(entryAfter(id, entries.at(-1) ?? null, { time: clock(), type, actor, data: toJson(data) }));
  };
  return {
    run: () => runOf(id, entries),
    sequence: () => entries.length,
    lastAt: () => entries.at(-1)?.time ?? '',
    note: write,
    append: write,
    flush: async () => undefined,
  };
}
