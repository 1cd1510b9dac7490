import { later } from '../domain/duration.ts';
import { type Move, maxAttempts } from '../domain/move.ts';
import { backoffMs, isThere } from './act.ts';
import type { Engine } from './engine.ts';
import type { Journal } from './journal.ts';
import { actionNamed, targetOf } from './plan.ts';

/** Directories and access control show a change after a moment; these are the pauses between looks, in milliseconds. */
const looks = [0, 150, 400, 1000, 2000];

/**
 * Looks whether a step took hold. Where it cannot be seen yet, the run rests and looks again later; where it never
 * shows, the step has failed: a change nobody can see is not called done.
 */
export async function verify(
  engine: Engine,
  journal: Journal,
  { step, attempt }: Extract<Move, { move: 'verify' }>,
): Promise<void> {
  const action = actionNamed(engine.actions, step.action);
  if (action.effect === 'notify')
    return journal.note('step-verified', { step: step.key, observed: null, by: 'acknowledged' });
  for (const pause of looks) {
    await engine.sleep(pause);
    const observed = await action.observe(engine.world, targetOf(journal.run()));
    if (isThere(engine, action, { run: journal.run(), step, observed }))
      return journal.note('step-verified', { step: step.key, observed, by: 'applied' });
  }
  if (attempt >= maxAttempts)
    return journal.note('step-failed', {
      step: step.key,
      code: 'not-verified',
      reason: 'every call succeeded, but the change never showed',
    });
  const until = later(engine.clock(), backoffMs(attempt + 1));
  await journal.note('step-deferred', { step: step.key, reason: 'not to be seen yet', until, attempt: attempt + 1 });
}
