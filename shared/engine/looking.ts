import type { Move } from '../domain/move.ts';
import type { Engine } from './engine.ts';
import { worldThrough } from './world-reads.ts';

/** An engine that asks the world the same question once for each look at it. */
export interface Looking {
  readonly engine: Engine;
  /** Called before each move: begins another look, unless the move is a part of the one before. */
  before(move: Move['move']): void;
}

/**
 * Moves that are one look: the proof, the plan made from it, its guards and the facts for who is asked; and the proof after a
 * decision with the step it is for. Whatever is looked at between two steps, or after a decision, is asked anew.
 */
const together: Readonly<Partial<Record<Move['move'], Move['move']>>> = {
  plan: 'prove',
  guard: 'plan',
  ask: 'guard',
  act: 'prove',
};

/**
 * Older than this, in milliseconds, nothing is taken for what is so now: a lease begins at the first look of its own move,
 * and must not begin much later than the look it rests on.
 */
const freshMs = 2_000;

/** Answers are forgotten after a pause and after each call that was sent: what was asked is no longer what is so. */
export function looking(given: Engine): Looking {
  let known = new Map<string, Promise<unknown>>();
  let last: Move['move'] | null = null;
  let since = Number.NaN;
  const forget = () => {
    known = new Map();
    since = Date.parse(given.clock());
  };
  const once = (question: string, ask: () => Promise<unknown>): Promise<unknown> => {
    const standing = known.get(question) ?? ask();
    known.set(question, standing);
    // Whoever asked hears of the failure; who asks next asks anew.
    standing.catch(() => known.delete(question));
    return standing;
  };
  const engine: Engine = {
    ...given,
    world: worldThrough(given.world, (of, asked, read) => once(`${of} ${JSON.stringify(asked)}`, read)),
    sleep: (ms) => given.sleep(ms).finally(forget),
    effects: { send: (...call) => given.effects.send(...call).finally(forget) },
  };
  return {
    engine,
    before: (move) => {
      const age = Date.parse(given.clock()) - since;
      if (last === null || together[move] !== last || !(age >= 0 && age <= freshMs)) forget();
      last = move;
    },
  };
}
