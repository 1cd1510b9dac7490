import type { AuthorizationSystem } from './access.ts';
import type { Identity } from './identity.ts';
import type { Mode } from './mode.ts';
import { next } from './move.ts';
import type { Run, Undo } from './run.ts';
import type { Outcome, UndoOutcome } from './run-entry.ts';

/** A run in one row. */
export interface Summary {
  readonly id: string;
  readonly alert: string;
  readonly rule: string;
  readonly source: string;
  readonly playbook: string;
  readonly mode: Mode;
  readonly identity: Identity;
  readonly system: Pick<AuthorizationSystem, 'type' | 'id' | 'name'>;
  readonly openedAt: string;
  /** `deciding`: waits for a person; `resting`: waits for a time; `working`; `held`: waits for somebody to release it; `undoing`; or how it ended. */
  readonly state: 'deciding' | 'resting' | 'working' | 'held' | 'undoing' | UndoOutcome | Outcome;
  /** Why it is so, in a sentence. */
  readonly because: string;
  /** When it goes on by itself, or ended; null while it works. */
  readonly at: string | null;
}

/** The run in one row, as it stands at `now`. */
export function summaryOf(run: Run, now: string): Summary {
  const { alert, rule, source, playbook, identity, system } = run.opened;
  const about = {
    id: run.id,
    alert,
    rule,
    source,
    playbook: playbook.name,
    mode: run.mode,
    identity,
    system,
    openedAt: run.openedAt,
  };
  if (run.undo) return { ...about, ...undoing(run.undo) };
  if (run.ended) return { ...about, state: run.ended.outcome, because: run.ended.reason, at: run.ended.at };
  if (run.held) return { ...about, state: 'held', because: run.held.reason, at: null };
  const move = next(run, now);
  if (move.move !== 'rest') return { ...about, state: 'working', because: `next: ${move.move}`, at: null };
  const state = run.asked && !run.decision ? 'deciding' : 'resting';
  return { ...about, state, because: move.because, at: move.until };
}

function undoing({ ended, byName, reason }: Undo): Pick<Summary, 'state' | 'because' | 'at'> {
  if (ended) return { state: ended.outcome, because: ended.reason, at: ended.at };
  return { state: 'undoing', because: `${byName} takes it back: ${reason}`, at: null };
}
