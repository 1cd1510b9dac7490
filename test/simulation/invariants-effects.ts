import { canonical, toJson } from '../../shared/domain/json.ts';
import type { Run } from '../../shared/domain/run.ts';
import { leaseMs } from '../support/engine.ts';
import type { WorldState } from '../support/world-state.ts';
import { storiesOf } from './intents.ts';
import type { Facts, Invariant } from './invariants.ts';
import type { Sending } from './record.ts';

function runIn({ key }: Sending): string {
  return key.slice(0, key.indexOf(':'));
}

function stepIn({ key }: Sending): string {
  return key.slice(0, key.lastIndexOf(':'));
}

/** Ending sessions again ends what began meanwhile: it always changes something, and never twice the same. */
function isRepeatable({ call }: Sending): boolean {
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
function othersBetween(facts: Facts, earlier: Sending, later: Sending): boolean {
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

function identityOf({ runs }: Facts, run: string): string | null {
  return runs.find(({ id }) => id === run)?.opened.identity.id ?? null;
}

function* i12UndoneStaysUndone(facts: Facts) {
  // Whose clock is further ahead than a lease is long takes it for over while its call is still on its way.
  if (facts.weather.skewMs > leaseMs) return;
  for (const run of facts.runs) {
    if (run.undo?.ended?.outcome !== 'undone' || !isAlone(facts, run)) continue;
    const { id } = run.opened.identity;
    const [before, after] = [trackedOf(facts.scene.before, id), trackedOf(facts.simulation.stack.far.state, id)];
    if (before !== after) yield `${run.id} is called undone, but ${after} was ${before}`;
  }
  for (const { id, rows } of storiesOf(facts.record)) {
    const ended = rows.find(({ entry }) => entry.type === 'undo-ended')?.written.order ?? Number.POSITIVE_INFINITY;
    const late = facts.record.sends.find(
      (one) => runIn(one) === id && one.order > ended && one.changed && !isRepeatable(one),
    );
    if (late) yield `${late.key} changed something after the undo`;
  }
}

/** Did nobody else change the identity of the run? */
function isAlone({ record, runs }: Facts, run: Run): boolean {
  const { id } = run.opened.identity;
  const others = runs.filter((one) => one.opened.identity.id === id && one.id !== run.id).map((one) => one.id);
  return (
    !record.outside.some(({ identity }) => identity === id) &&
    !record.sends.some((one) => one.changed && others.includes(runIn(one)))
  );
}

/** What is put back: whether the user is there and may sign in, every assignment, and exclusions. */
function trackedOf(state: WorldState, id: string): string {
  const user = state.live[id];
  const assignments = Object.entries(state.assignments)
    .filter(([, { principalId }]) => principalId === id)
    .map(([path, { roleName, condition }]) => `${roleName} ${path} ${condition}`)
    .sort();
  const exclusions = Object.values(state.exclusions).filter(({ identity }) => identity === id);
  return canonical(
    toJson({ live: user !== undefined, enabled: user?.enabled, mark: user?.excludeMark, assignments, exclusions }),
  );
}

export const effectInvariants: Readonly<{ [name: string]: Invariant }> = { i2OnceForEachStep, i12UndoneStaysUndone };
