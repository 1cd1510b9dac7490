import { leaseMs } from '../support/engine.ts';
import { intentsOf, storiesOf } from './intents.ts';
import type { Facts, Invariant } from './invariants.ts';
import type { Sending, When } from './record.ts';

export function runIn({ key }: Sending): string {
  return key.slice(0, key.indexOf(':'));
}

function stepIn({ key }: Sending): string {
  return key.slice(0, key.lastIndexOf(':'));
}

/** Ending sessions again ends what began meanwhile: it always changes something, and never twice the same. */
export function isRepeatable({ call }: Sending): boolean {
  return call.path.endsWith('/revokeSignInSessions');
}

function* i2OnceForEachStep(facts: Facts) {
  const { sends } = facts.record;
  const changed = sends.filter((one) => one.changed && !isRepeatable(one));
  for (const [index, later] of changed.entries()) {
    const earlier = changed.slice(0, index).findLast(({ key }) => key === later.key);
    if (earlier && !othersBetween(facts, earlier, later)) yield `${later.key} took effect twice`;
  }
  const words = changed.filter(({ call }) => call.to === 'webhook').map(stepIn);
  if (new Set(words).size < words.length) yield `word was sent twice: ${words.join(', ')}`;
  const opened = storiesOf(facts.record).map(
    ({ opened: { alert, playbook, identity } }) => `${alert} ${playbook.name} ${identity.id}`,
  );
  if (new Set(opened).size < opened.length) yield `two runs for the same: ${opened.join(', ')}`;
}

/** Did anybody else, or an undo, change the same identity in between? Then doing it again is not doing it twice. */
function othersBetween(facts: Facts, earlier: When, later: Sending): boolean {
  const identity = identityOf(facts, runIn(later));
  const { outside, sends } = facts.record;
  const between = (order: number) => order > earlier.order && order < later.order;
  return (
    outside.some((one) => one.identity === identity && between(one.order)) ||
    sends.some(
      (one) =>
        between(one.order) &&
        one.changed &&
        identityOf(facts, runIn(one)) === identity &&
        (runIn(one) !== runIn(later) || one.key.includes(':undo:') !== later.key.includes(':undo:')),
    )
  );
}

/**
 * Whoever comes after a crash looks first: where every call of a step had arrived, and could be seen before they began to
 * look, they send none of them again.
 */
function* i2LooksFirst(facts: Facts) {
  const { record, scene, weather } = facts;
  const leaseOf = scene.limits.leaseMs ?? leaseMs;
  for (const intent of intentsOf(record, storiesOf(record))) {
    const { story, data, step, written } = intent;
    if (!step || intent.undo || step.calls.some(({ to }) => to === 'webhook')) continue;
    const looked = Date.parse(data.leaseUntil) - leaseOf - written.skewMs;
    const of = (one: Sending) => stepIn(one) === `${story.id}:${data.step}`;
    const sent = record.sends.find((one) => of(one) && one.fiber === written.fiber && one.order > written.order);
    const seen = record.sends.filter((one) => of(one) && one.at + weather.lagMs < looked);
    // Whatever others changed since the run began may be what it still has to do.
    const begun = story.rows[0]?.written;
    const whole = step.calls.length > 0 && new Set(seen.map(({ key }) => key)).size === step.calls.length;
    if (sent && isRepeatable(sent)) continue;
    if (sent && begun && whole && !othersBetween(facts, begun, sent)) yield `${sent.key} was sent without a look`;
  }
}

/** Nobody sends a call again while the one before may still be on its way. */
function* i2NoneBesideAnother({ record, weather }: Facts) {
  // Whose clock is further ahead than a lease is long takes it for over while its call is still on its way.
  if (weather.skewMs > leaseMs) return;
  for (const [index, one] of record.sends.entries())
    for (const other of record.sends.slice(index + 1)) {
      if (other.key !== one.key) continue;
      const [first, second] = one.dispatched <= other.dispatched ? [one, other] : [other, one];
      const beside = first.at - second.dispatched - 2 * weather.skewMs;
      if (beside > 0) yield `${one.key} was sent while the same was on its way for another ${beside} ms`;
    }
}

function identityOf({ runs }: Facts, run: string): string | null {
  return runs.find(({ id }) => id === run)?.opened.identity.id ?? null;
}

export const effectInvariants: Readonly<{ [name: string]: Invariant }> = {
  i2OnceForEachStep,
  i2LooksFirst,
  i2NoneBesideAnother,
};
