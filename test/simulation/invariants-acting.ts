import type { Access } from '../../shared/domain/access.ts';
import { milliseconds } from '../../shared/domain/duration.ts';
import type { Mode } from '../../shared/domain/mode.ts';
import type { Plan, PlannedAction, PlannedStep } from '../../shared/domain/plan.ts';
import { approver, breakGlass, leaseMs, other } from '../support/engine.ts';
import { userId } from '../support/world-state.ts';
import {
  changesAccess,
  type Intent,
  intentsOf,
  lastLook,
  lastLooks,
  lastOf,
  plannedStep,
  type Row,
  rowsOfStep,
  storiesOf,
} from './intents.ts';
import type { Facts, Invariant } from './invariants.ts';
import { controller } from './people.ts';
import { standingDecision } from './standing.ts';

const minute = 60_000;
const approvers = [approver.id, other.id];
/** Taking back needs the right to, and no place among the approvers. */
const mayUndo = [...approvers, userId(903), controller.id];

function intents({ record }: Facts): Intent[] {
  return intentsOf(record, storiesOf(record));
}

/** Two clocks are apart by at most this. */
function apart({ weather }: Facts): number {
  return 2 * weather.skewMs;
}

function* i3NothingWithoutWhatItNeeds(facts: Facts) {
  for (const intent of intents(facts)) {
    const where = `${intent.story.id} ${intent.data.step}`;
    const missing = intent.undo ? missingForUndo(intent) : missingForStep(intent, facts);
    for (const what of missing) yield `${where}: ${what}`;
  }
}

function missingForUndo({ before, step }: Intent): string[] {
  const decided = lastOf(before, 'undo-decided');
  const ours = step && rowsOfStep(before, step.key).some(({ entry }) => entry.type === 'step-intended');
  return [
    ...(decided && mayUndo.includes(decided.entry.data.by) ? [] : ['an undo nobody decided']),
    ...(step ? [] : ['an undo of nothing planned']),
    ...(ours ? [] : ['an undo of what the run never set out to do']),
  ];
}

function missingForStep(intent: Intent, facts: Facts): string[] {
  const { before, step, data } = intent;
  const standing = standingDecision(before);
  if (!step || !standing?.plan) return ['no plan that enough people approved'];
  return [
    ...(standing.plan.steps.some(({ key }) => key === data.step) ? [] : ['not a step of the plan that was chosen']),
    ...standing.by.flatMap((by) => decidedBy(intent, by)),
    ...(step.risk === 'notify' ? [] : standing.by.flatMap((by) => stillApproves(intent, by, facts))),
    ...(isOver(before) ? ['after the end'] : []),
    ...(modeAt(intent) === 'observe' ? ['in a run that observes'] : []),
    ...guarded(before, standing.plan),
    ...(changesAccess(step) ? proved(intent, standing.order, facts) : []),
    ...drifted(intent),
  ];
}

/** Had it ended, or been taken back? One that failed goes on where it is redriven. */
function isOver(before: readonly Row[]): boolean {
  const ended = lastOf(before, 'run-ended')?.written.order ?? 0;
  return ended > (lastOf(before, 'redriven')?.written.order ?? 0) || lastOf(before, 'undo-decided') !== null;
}

function modeAt({ story, before }: Intent): Mode {
  return lastOf(before, 'mode-lowered')?.entry.data.to ?? story.opened.mode;
}

function decidedBy(intent: Intent, by: string): string[] {
  if (by.startsWith('playbook:')) return modeAt(intent) === 'enforce' ? [] : ['the playbook decided and may not'];
  return approvers.includes(by) && by !== intent.story.opened.identity.id ? [] : [`${by} decided and may not`];
}

/** Whoever approved is looked up again by whoever carries it out: an approval is worth what the person is worth now. */
function stillApproves({ written: { fiber, order } }: Intent, by: string, { record }: Facts): string[] {
  if (by.startsWith('playbook:')) return [];
  const mine = record.looks.filter((one) => one.fiber === fiber && one.order < order);
  const last = mine.findLast(({ look }) => look.of === 'groups' && look.person === by)?.look;
  return last?.of === 'groups' && last.among.length > 0 ? [] : [`nobody looked whether ${by} may still approve`];
}

function guarded(before: readonly Row[], plan: Plan): string[] {
  const chosen = lastOf(before, 'guarded')?.entry.data.choices.find(({ digest }) => digest === plan.digest);
  return chosen && chosen.refusals.length === 0 ? [] : ['guards that did not allow it'];
}

function proved({ before, time }: Intent, decidedOrder: number, facts: Facts): string[] {
  const proof = lastOf(before, 'proved');
  if (proof?.entry.data.proof.verdict !== 'true') return ['no proof that says true'];
  const age = Date.parse(time) - Date.parse(proof.entry.data.proof.at);
  return [
    ...(proof.written.order > decidedOrder ? [] : ['no proof since the decision']),
    ...(age > 15 * minute + leaseMs + apart(facts) ? [`a proof ${Math.round(age / minute)} minutes old`] : []),
  ];
}

/** The first time, the world has to be what the plan says it was: at the look of the step, or at that of the guards. */
function drifted({ before, data, step, looks }: Intent): string[] {
  if (!step || before.some(({ entry }) => entry.type === 'step-intended' && entry.data.step === data.step)) return [];
  if (step.action === 'disable-user') {
    const seen = lastLooks(looks, 'presence', 2).map(({ presence }) => presence);
    const same = seen.some((one) => one.state === 'live' && one.user.enabled === enabledIn(step.before));
    return same ? [] : ['the user is not as planned'];
  }
  if (step.action !== 'assign-read-only') return [];
  const same = lastLooks(looks, 'access', 2).some(({ access }) => isAsPlanned(access, step));
  return same ? [] : ['the access is not as planned'];
}

function isAsPlanned(access: Access, { calls }: PlannedAction): boolean {
  const held = access.direct.filter(({ readOnly }) => !readOnly).map(({ name }) => name);
  const planned = calls.filter(({ method }) => method === 'DELETE').map(({ path }) => path);
  return held.length === planned.length && held.every((name) => planned.some((path) => path.includes(name)));
}

function enabledIn(before: unknown): unknown {
  return Reflect.get(Object(before), 'enabled');
}

function* i4ProtectedNeverTouched(facts: Facts) {
  for (const intent of intents(facts)) {
    const { step, undo, story } = intent;
    if (undo || !step || !isTouching(step)) continue;
    if (!askedAnew(intent)) yield `${story.id} ${step.action}: nobody looked just before whether it is protected`;
    for (const what of protection(intent)) yield `${story.id} ${step.action}: ${what}`;
  }
}

function isTouching({ risk, calls }: PlannedAction): boolean {
  return risk !== 'notify' && calls.length > 0;
}

/** Whoever plans asks the guards, and asks them again before each step: so there is one look more for each. */
function askedAnew({ looks, story, written, before }: Intent): boolean {
  const mine = before.filter((row) => row.written.fiber === written.fiber);
  const acted = mine.filter(({ entry }) => {
    const step = entry.type === 'step-intended' ? plannedStep(story.rows, entry.data.step) : null;
    return step !== null && isTouching(step);
  });
  const guarded = mine.filter(({ entry }) => entry.type === 'guarded');
  const asked = looks.filter(({ look }) => look.of === 'privileges').length;
  return asked > acted.length + guarded.length;
}

/** Why the identity should have been left alone, from what was seen just before. */
function protection({ looks, story, step, time }: Intent): string[] {
  const presence = lastLook(looks, 'presence')?.presence;
  const privileges = lastLook(looks, 'privileges')?.privileges;
  const access = lastLook(looks, 'access')?.access;
  const excluded = lastLook(looks, 'exclusion');
  if (!presence || !privileges || !access || !excluded) return ['nobody looked whether it is protected'];
  if (presence.state !== 'live') return ['it is not live'];
  const { user } = presence;
  const over = [...access.direct, ...access.above, ...access.throughGroup, ...access.eligible];
  const { exclusion } = excluded;
  const reasons: readonly (readonly [boolean, string])[] = [
    [user.id === breakGlass || approvesNow(looks, user.id), 'it is on a list'],
    [privileges.length > 0, 'it has a directory role'],
    [over.some(({ roleName }) => roleName === 'Owner'), 'it owns the subscription'],
    [
      user.synced &&
        step?.action !== 'assign-read-only' &&
        step?.action !== 'revoke-sessions' &&
        step?.action !== 'exclude-from-reports',
      'it is synced',
    ],
    [Date.parse(time) - Date.parse(user.createdAt ?? time) < 30 * 24 * 60 * minute, 'it is young'],
    [exclusion !== null && exclusion.run !== story.id && exclusion.expiresAt > time, 'it is excluded'],
  ];
  return reasons.flatMap(([applies, reason]) => (applies ? [reason] : []));
}

/** Approvers come and go: as the group was when somebody looked last. */
function approvesNow(looks: Intent['looks'], id: string): boolean {
  const last = looks.findLast(({ look }) => look.of === 'groups' && look.person === id)?.look;
  return approvers.includes(id) && (last?.of !== 'groups' || last.among.length > 0);
}

function* i5BudgetsNeverExceeded(facts: Facts) {
  const counted = intents(facts).filter(({ undo, step }) => !undo && step && changesAccess(step));
  for (const { looks, story, data } of counted) {
    const place = lastLook(looks, 'budget');
    if (!place?.granted || place.key !== `${story.id}:${data.step}`)
      yield `${story.id} ${data.step}: no place in the budget`;
  }
  yield* overrun(facts, counted);
}

const windowsMs = {
  hour: 60 * minute,
  day: 24 * 60 * minute,
  week: 7 * 24 * 60 * minute,
  month: 30 * 24 * 60 * minute,
};

function* overrun(facts: Facts, counted: readonly Intent[]) {
  const budget = facts.scene.limits.budgets?.reversible;
  for (const account of new Set(counted.map(accountOf)))
    for (const [name, ms] of Object.entries(windowsMs)) {
      const limit = Number(Reflect.get(Object(budget), name));
      const span = ms - apart(facts) - 2 * leaseMs;
      // What was only intended, since its worker slept until the lease was over, changed nothing.
      const mine = counted.filter((one) => accountOf(one) === account && hasArrived(facts, one));
      for (const { written } of mine) {
        const within = mine.filter(({ written: { at } }) => at <= written.at && at > written.at - span);
        const used = new Set(within.map(({ story, data }) => `${story.id}:${data.step}`)).size;
        if (used > limit) yield `${account}: ${used} of ${limit} in a ${name}`;
      }
    }
}

/** Whose budget it is, by the rule as written: accounts are the directory's. */
function accountOf({ step, story }: Intent): string {
  const directory = step?.action === 'disable-user' || step?.action === 'delete-user';
  return `${step?.risk} ${directory ? 'directory' : story.opened.system.id}`;
}

function* i6NoStageSkipped(facts: Facts) {
  yield* undoneSteps(facts);
  for (const intent of intents(facts)) {
    const { undo, before, story, data } = intent;
    if (undo) continue;
    const steps = standingDecision(before)?.plan?.steps ?? [];
    const earlier = steps.slice(
      0,
      steps.findIndex(({ key }) => key === data.step),
    );
    for (const step of earlier)
      if (!isBehind(step, intent, apart(facts))) yield `${story.id} ${data.step}: ${step.key} is not behind it`;
  }
}

/** What is called done has every step of its plan behind it. */
function* undoneSteps({ record }: Facts) {
  for (const { id, rows } of storiesOf(record)) {
    const ended = lastOf(rows, 'run-ended');
    if (ended?.entry.data.outcome !== 'done') continue;
    const before = rows.filter(({ written }) => written.order < ended.written.order);
    for (const step of standingDecision(before)?.plan?.steps ?? [])
      if (rowsOfStep(before, step.key).length === 0) yield `${id} is called done, and ${step.key} is not behind it`;
  }
}

/** Verified, waited for, or proved again. */
function isBehind(step: PlannedStep, { before, written }: Intent, apartMs: number): boolean {
  const rows = rowsOfStep(before, step.key);
  if ('action' in step) return rows.some(({ entry }) => entry.type === 'step-verified');
  if ('prove' in step) return rows.some(({ entry }) => entry.type === 'proved');
  // A redriven run does not wait again where it had waited.
  const waited = step.ms > 0 ? rows : before;
  const since = waited.find(({ entry }) => entry.type === 'waiting')?.entry.time;
  return since !== undefined && written.at - Date.parse(since) >= milliseconds(step.wait) - apartMs;
}

function* i8StopsHold(facts: Facts) {
  for (const intent of intents(facts)) {
    const { undo, looks, story, step } = intent;
    if (undo) continue;
    const last = looks.at(-1);
    if (last?.look.of !== 'controls') {
      yield `${story.id} ${step?.action}: the last look was not whether it is stopped`;
      continue;
    }
    const { playbook } = story.opened;
    const stops = last.look.controls.filter(
      ({ scope, name }) => scope === 'all' || name === (scope === 'playbook' ? playbook.name : step?.action),
    );
    if (stops.length > 0) yield `${story.id} ${step?.action}: acts although it is stopped`;
    yield* old(intent, facts);
  }
}

/** What was seen by the time the call was sent: never older than the lease. */
function* old({ looks, story, step, data, written }: Intent, facts: Facts) {
  const again = rowsOfStep(story.rows, data.step).find(
    (row) => row.entry.type === 'step-intended' && row.written.order > written.order,
  );
  const until = again?.written.order ?? Number.POSITIVE_INFINITY;
  const sent = facts.record.sends.findLast(
    ({ key, fiber, order }) => key.startsWith(`${story.id}:${data.step}:`) && fiber === written.fiber && order < until,
  );
  for (const of of step && isTouching(step) ? guardedBy : restedOn) {
    const age = (sent?.dispatched ?? 0) - (looks.findLast(({ look }) => look.of === of)?.at ?? 0);
    const most = leaseMs + apart(facts) + (of === 'controls' ? 0 : oneLookMs);
    if (age > most) yield `${story.id}: acts on ${of} of ${age} ms ago`;
  }
}

/** What a step rests on, and what one does that could be refused. */
const restedOn = ['controls'] as const;
const guardedBy = ['controls', 'presence', 'privileges', 'access', 'exclusion'] as const;

/** A proof and the step it is for may be one look, and the lease begins with the second. */
const oneLookMs = 2_000;

/**
 * A far side that says when to come again is not asked to do the same before; where that could not be written down, because
 * storage was busy or another had taken over, nobody else can know.
 */
function* i16NeverEarlierThanAllowed(facts: Facts) {
  const { sends, throttled, entries } = facts.record;
  for (const { fiber, key, order, at, until } of throttled) {
    const [run, ...rest] = stepIn(key).split(':');
    const known = entries.some(
      ({ fiber: writer, entry }) =>
        writer === fiber &&
        entry.journal === run &&
        entry.type === 'step-deferred' &&
        entry.data.step === rest.join(':'),
    );
    const early = sends
      .slice(order)
      .find((one) => stepIn(one.key) === stepIn(key) && one.dispatched >= at && one.dispatched < until - apart(facts));
    if (known && early) yield `${key} was sent again ${until - early.dispatched} ms too early`;
  }
}

function stepIn(key: string): string {
  return key.slice(0, key.lastIndexOf(':'));
}

/** More identities than the alert counts, or a name that anybody can have: a person decides. */
function* i17DoubtAsks(facts: Facts) {
  for (const { opened, id } of storiesOf(facts.record)) {
    if (opened.mode !== 'enforce') continue;
    const alert = facts.scene.alerts.find(({ nominations }) =>
      nominations.some(({ by, value }) => by === 'displayName' && value === opened.identity.displayName),
    );
    if (alert && facts.scene.alerts.length === 1) yield `${id} may act on a display name`;
  }
}

/** Did any call of the step reach its far side? */
function hasArrived({ record }: Facts, { story, data }: Intent): boolean {
  return record.sends.some(({ key }) => key.startsWith(`${story.id}:${data.step}:`));
}

/** As far as anybody can tell: whoever intended a step and finds it done takes it for theirs. */
function seemsDone(facts: Facts, intent: Intent): boolean {
  const rows = rowsOfStep(intent.story.rows, intent.data.step);
  return hasArrived(facts, intent) || rows.some(({ entry }) => entry.type === 'step-verified');
}

/** Of those of one alert that a playbook answers alone, the first goes first, and what it did stands for a while. */
function* i18CanaryGoesFirst(facts: Facts) {
  const all = intents(facts).filter(({ undo, step }) => !undo && step && isTouching(step));
  const soakMs = facts.scene.limits.canarySoakMs ?? 0;
  for (const { story, before, written } of all) {
    const alone = standingDecision(before)?.by.some((by) => by.startsWith('playbook:'));
    const { earlier = [] } = story.opened;
    // With its first step a run begins to act; later ones have their own wait and proof.
    const begun = all.some((one) => one.story.id === story.id && one.written.order < written.order);
    if (!alone || begun || earlier.length === 0) continue;
    if (!lastOf(before, 'canary-passed')) yield `${story.id} acts alone, and nobody looked at those before it`;
    const first = Math.min(
      ...all.filter((one) => earlier.includes(one.story.id) && seemsDone(facts, one)).map((one) => one.written.at),
    );
    const age = first <= written.at ? written.at - first : soakMs;
    if (age < soakMs - apart(facts)) yield `${story.id} acts ${age} ms after the first of its alert`;
  }
}

export const actingInvariants: Readonly<{ [name: string]: Invariant }> = {
  i3NothingWithoutWhatItNeeds,
  i4ProtectedNeverTouched,
  i5BudgetsNeverExceeded,
  i6NoStageSkipped,
  i8StopsHold,
  i16NeverEarlierThanAllowed,
  i17DoubtAsks,
  i18CanaryGoesFirst,
};
