import { canonical, toJson } from '../../shared/domain/json.ts';
import type { PlannedAction } from '../../shared/domain/plan.ts';
import type { Run } from '../../shared/domain/run.ts';
import { leaseMs } from '../support/engine.ts';
import type { WorldState } from '../support/world-state.ts';
import { lastOf, looksBefore, plannedStep, type Row, type Story, storiesOf } from './intents.ts';
import type { Facts, Invariant } from './invariants.ts';
import { isRepeatable, runIn } from './invariants-effects.ts';
import type { Look, Tracked } from './record.ts';

function* i12UndoneStaysUndone(facts: Facts) {
  // Whose clock is further ahead than a lease is long takes it for over while its call is still on its way.
  if (facts.weather.skewMs > leaseMs) return;
  for (const run of facts.runs) {
    const outcome = run.undo?.ended?.outcome;
    if ((outcome !== 'undone' && outcome !== 'nothing-to-undo') || !isAlone(facts, run)) continue;
    const { id } = run.opened.identity;
    const touched = new Set(facts.record.outside.flatMap((one) => (one.identity === id ? (one.touches ?? []) : [])));
    const tracked = (state: WorldState) => trackedOf(state, id, touched);
    const [before, after] = [tracked(facts.scene.before), tracked(facts.simulation.stack.far.state)];
    if (before !== after) yield `${run.id} is called ${outcome}, but ${after} was ${before}`;
  }
  for (const story of storiesOf(facts.record)) {
    const { id, rows } = story;
    if (!stayed(facts, story)) yield `${id} is called undone, and nobody saw that it stayed so`;
    const ended = rows.find(({ entry }) => entry.type === 'undo-ended')?.written.order ?? Number.POSITIVE_INFINITY;
    const late = facts.record.sends.find(
      (one) => runIn(one) === id && one.order > ended && one.changed && !isRepeatable(one),
    );
    if (late) yield `${late.key} changed something after the undo`;
  }
}

/** Does a look show that an action is undone? Null where it says nothing about it. */
const isBack: { readonly [action: string]: (look: Look) => boolean | null } = {
  'disable-user': (look) =>
    look.of === 'presence' ? look.presence.state === 'live' && look.presence.user.enabled === true : null,
  'delete-user': (look) => (look.of === 'presence' ? look.presence.state === 'live' : null),
  'assign-read-only': (look) => (look.of === 'access' ? look.access.direct.some(({ readOnly }) => !readOnly) : null),
};

/**
 * Whoever ends an undo has looked at the last thing that was undone since they sent anything: whether it took hold, where
 * they are the one to say so, and then whether it stayed; and it had.
 */
function stayed({ record }: Facts, story: Story): boolean {
  const ended = lastOf(story.rows, 'undo-ended');
  if (ended?.entry.data.outcome !== 'undone') return true;
  const verified = story.rows.flatMap((row) => undoneBy(story, row));
  const last = verified.at(-1);
  const back = isBack[last?.step.action ?? ''];
  if (!back) return true;
  const { fiber, order } = ended.written;
  const sent = record.sends.findLast((one) => one.fiber === fiber && one.order < order)?.order ?? 0;
  const looks = looksBefore(record, ended.written, story).filter((one) => one.order > sent && back(one.look) !== null);
  const said = verified.filter(
    ({ row, step }) => row.written.fiber === fiber && row.written.order > sent && isBack[step.action] === back,
  );
  const newest = looks.at(-1);
  return looks.length > said.length && newest !== undefined && back(newest.look) === true;
}

function undoneBy({ rows }: Story, row: Row): { row: Row; step: PlannedAction }[] {
  if (row.entry.type !== 'step-verified' || !row.entry.data.step.startsWith('undo:')) return [];
  const step = plannedStep(rows, row.entry.data.step.slice('undo:'.length));
  return step ? [{ row, step }] : [];
}

/** Did no other run change the identity? */
function isAlone({ record, runs }: Facts, run: Run): boolean {
  const { id } = run.opened.identity;
  const others = runs.filter((one) => one.opened.identity.id === id && one.id !== run.id).map((one) => one.id);
  return !record.sends.some((one) => one.changed && others.includes(runIn(one)));
}

/** What is put back: whether the user is there and may sign in, every assignment, and exclusions; without what others touched. */
function trackedOf(state: WorldState, id: string, touched: ReadonlySet<string>): string {
  const user = state.live[id];
  const assignments = Object.entries(state.assignments)
    .filter(([, { principalId }]) => principalId === id)
    .map(([path, { roleName, condition }]) => `${roleName} ${path} ${condition}`)
    .sort();
  const exclusions = Object.values(state.exclusions).filter(({ identity }) => identity === id);
  const [live, enabled, mark] = [user !== undefined, user?.enabled, user?.excludeMark];
  const all: { readonly [field in Tracked]: unknown } = { live, enabled, mark, assignments, exclusions };
  return canonical(toJson(Object.fromEntries(Object.entries(all).filter(([field]) => !touched.has(field)))));
}

export const undoInvariants: Readonly<{ [name: string]: Invariant }> = { i12UndoneStaysUndone };
