import { canonical } from '../../shared/domain/json.ts';
import { firstBreak } from '../../shared/domain/ledger.ts';
import type { RunEntry } from '../../shared/domain/run-entry.ts';
import { leaseMs } from '../support/engine.ts';
import { flightMs } from './fiber.ts';
import {
  type Found,
  type Intent,
  intentsOf,
  lastLook,
  lastLooks,
  lastOf,
  looksBefore,
  plannedStep,
  type Row,
  rowsOfStep,
  type Story,
  storiesOf,
} from './intents.ts';
import type { Facts, Invariant } from './invariants.ts';
import type { Sending } from './record.ts';
import { standingDecision } from './standing.ts';

function* i0NothingUnforeseen({ simulation }: Facts) {
  yield* simulation.halts;
}

async function i1NoAlertLost({ record, simulation }: Facts): Promise<string[]> {
  const lost: string[] = [];
  const { ledger, vault } = simulation.stack.engine;
  for (const { alert, sha256 } of record.accepted) {
    const entries = await ledger.read(alert);
    if (entries[0]?.type !== 'alert-received') lost.push(`${alert} was accepted and is not in the ledger`);
    else if (entries[1]?.type !== 'alert-answered') lost.push(`${alert} was never answered`);
    const kept = await vault.get(sha256).catch(() => null);
    if (!kept) lost.push(`the bytes of ${alert} are gone`);
  }
  for (const { entry } of record.entries.filter(({ entry: { type } }) => type === 'alert-answered'))
    for (const { run } of runsIn(entry.data))
      if ((await ledger.read(run)).length === 0) lost.push(`${run} was announced and is not in the ledger`);
  return lost;
}

function runsIn(data: object): readonly { run: string }[] {
  const runs: unknown = Reflect.get(data, 'runs');
  return Array.isArray(runs) ? runs : [];
}

function* i7DecisionsAreFinal(facts: Facts) {
  for (const { id, rows } of storiesOf(facts.record))
    for (const [index, { entry }] of rows.entries())
      if (entry.type === 'decided')
        for (const what of wrongWith(entry, rows.slice(0, index))) yield `${id} was decided ${what}`;
}

/** What is wrong with a decision, given what came before it. One that came too late may be written down; it counts nothing. */
function wrongWith({ data }: Found<'decided'>['entry'], before: readonly Row[]): string[] {
  const twice = standingDecision(before) ? ['twice'] : [];
  if (data.by.startsWith('playbook:')) return twice;
  const plan = lastOf(before, 'planned')?.entry.data.plans.find(({ choice }) => choice === data.choice);
  return [
    ...twice,
    ...(lastOf(before, 'asked') ? [] : ['without a question']),
    ...(data.choice !== null && plan?.digest !== data.digest ? ['on another plan'] : []),
  ];
}

async function i9LedgerTellsAll(facts: Facts): Promise<string[]> {
  const { record, simulation } = facts;
  const found: string[] = [];
  for (const journal of new Set(record.entries.map(({ entry }) => entry.journal))) {
    const standing = await simulation.stack.engine.ledger.read(journal);
    const wrong = firstBreak(standing);
    if (wrong) found.push(`${journal} is broken at ${wrong.sequence}: ${wrong.reason}`);
    const written = new Set(
      record.entries.filter(({ entry }) => entry.journal === journal).map(({ entry }) => entry.hash),
    );
    const kept = new Set(standing.map(({ hash }) => hash));
    if ([...written].some((hash) => !kept.has(hash))) found.push(`${journal} lost an entry`);
  }
  const stories = storiesOf(record);
  const intents = intentsOf(record, stories);
  return [
    ...found,
    ...sendsWithoutIntent(facts, intents),
    ...overlaps(facts, intents),
    ...untold(facts, stories),
    ...unseen(facts, stories),
  ];
}

/** Every call that left was intended by whoever sent it, is the one of the plan, and left within the lease. */
function sendsWithoutIntent({ record }: Facts, intents: readonly Intent[]): string[] {
  return record.sends.flatMap((send) => {
    const intent = intents.findLast(
      ({ story, data, written }) =>
        send.key.startsWith(`${story.id}:${data.step}:`) &&
        data.worker.startsWith(`${send.worker}.`) &&
        written.order < send.order,
    );
    if (!intent) return [`${send.key} was sent without an intent`];
    const calls = intent.undo ? intent.step?.undo : intent.step?.calls;
    const planned = calls?.[Number(send.key.slice(send.key.lastIndexOf(':') + 1))];
    const late = send.dispatched + send.skewMs >= Date.parse(intent.data.leaseUntil);
    return [
      ...(planned && canonical(planned) === canonical(send.call)
        ? []
        : [`${send.key} is not the call that was planned`]),
      ...(late ? [`${send.key} was sent after its lease`] : []),
    ];
  });
}

/** Nobody intends a step while another may be at it, or before the time it was put off to. */
function overlaps(facts: Facts, intents: readonly Intent[]): string[] {
  return intents.flatMap(({ before, data, time, story, written }) => {
    const last = rowsOfStep(before, data.step).at(-1);
    const busy = last?.entry.type === 'step-intended' ? last.entry.data.leaseUntil : null;
    const later = last?.entry.type === 'step-deferred' ? last.entry.data.until : null;
    const until = busy ?? later;
    const early = until !== null && Date.parse(time) < Date.parse(until);
    const inFlight = until === null ? null : flightOf(facts, story, data.step, written.at);
    return [
      ...(early ? [`${story.id} ${data.step} was tried again before ${until}`] : []),
      ...(inFlight ? [`${story.id} ${data.step} was tried again while ${inFlight} could still arrive`] : []),
    ];
  });
}

/** A call sent earlier that arrived after the step was tried again, although it left within its lease. */
function flightOf({ record, weather }: Facts, story: Story, step: string, at: number): string | null {
  if (weather.skewMs > 0 || weather.pause > 0) return null;
  const late = record.sends.find(
    ({ key, dispatched, at: arrived }) =>
      key.startsWith(`${story.id}:${step}:`) &&
      dispatched < at - leaseMs &&
      arrived > at &&
      arrived - dispatched <= flightMs,
  );
  return late?.key ?? null;
}

/** What changed something is verified, failed, taken back, or named where the run says how it ended. */
function untold({ record, runs }: Facts, stories: readonly Story[]): string[] {
  return record.sends
    .filter(({ changed, key }) => changed && !key.includes(':undo:'))
    .flatMap((send) => {
      const run = runs.find(({ id }) => send.key.startsWith(`${id}:`));
      const step = stepOf(send);
      const state = run?.steps.get(step)?.state;
      if (!run || run.undo || run.held || !run.ended || state === 'verified' || state === 'failed') return [];
      const action = plannedStep(stories.find(({ id }) => id === run.id)?.rows ?? [], step)?.action ?? '';
      return run.ended.reason.includes(action) ? [] : [`${send.key} changed something, and the run does not say so`];
    });
}

function stepOf({ key }: Sending): string {
  return key.slice(key.indexOf(':') + 1, key.lastIndexOf(':'));
}

/** Nothing is called verified that whoever says so has not seen. */
function unseen({ record, weather }: Facts, stories: readonly Story[]): string[] {
  return stories.flatMap((story) =>
    story.rows.flatMap(({ written, entry }, index) => {
      if (entry.type !== 'step-verified') return [];
      const { step: key } = entry.data;
      const undo = key.startsWith('undo:');
      const step = plannedStep(story.rows.slice(0, index), undo ? key.slice('undo:'.length) : key);
      const looks = looksBefore(record, written, story);
      // Others may change it again before it is written down: one look since the intent is enough.
      const intended = rowsOfStep(story.rows.slice(0, index), key).findLast(
        (row) => row.entry.type === 'step-intended',
      );
      const since = looks.filter(({ order }) => order > (intended?.written.order ?? 0));
      const presences = lastLooks(since, 'presence', since.length).map(({ presence }) => presence);
      const accesses = lastLooks(looks, 'access', 3).map(({ access }) => access);
      const fits: { readonly [action: string]: () => boolean } = {
        'disable-user': () => presences.some((one) => undo !== (one.state !== 'live' || !one.user.enabled)),
        'delete-user': () => presences.some(({ state }) => undo !== (state === 'deleted')),
        'assign-read-only': () => accesses.some(({ direct }) => undo === direct.some(({ readOnly }) => !readOnly)),
        'exclude-from-reports': () => presences.length > 0 && lastLook(looks, 'exclusion') !== null,
        'revoke-sessions': () => presences.length > 0,
        // A receiver that says it has heard and has not cannot be told from one that has.
        notify: () =>
          weather.phantom > 0 ||
          record.sends.some((one) => one.key.startsWith(`${story.id}:${key}:`) && one.order < written.order),
      };
      const seen = fits[step?.action ?? '']?.() ?? false;
      return seen ? [] : [`${story.id} ${key} ${step?.action} was called verified, and nobody saw it`];
    }),
  );
}

function* i10OneWayOnly(facts: Facts) {
  for (const { id, rows } of storiesOf(facts.record)) {
    let stage: keyof typeof stages = 'open';
    const over = new Map<string, string>();
    for (const { entry } of rows) {
      if (!stages[stage].includes(kindOf(entry))) yield `${id}: ${entry.type} when it was ${stage}`;
      stage = stageAfter[entry.type] ?? stage;
      const again = stepAgain(over, entry);
      if (again) yield `${id} ${again}`;
    }
  }
}

/** What may still be written down at each stage of a run. */
const stages = {
  open: ['forward', 'undo'],
  ended: ['undo', 'redriven'],
  undoing: ['undo'],
  undone: [] as string[],
};
const stageAfter: Readonly<{ [type: string]: keyof typeof stages }> = {
  'run-ended': 'ended',
  redriven: 'open',
  'undo-decided': 'undoing',
  'undo-ended': 'undone',
};

function kindOf(entry: RunEntry): string {
  const key = stepKeyOf(entry) ?? '';
  if (entry.type === 'redriven') return 'redriven';
  return entry.type.startsWith('undo-') || key.startsWith('undo:') ? 'undo' : 'forward';
}

function stepKeyOf(entry: RunEntry): string | null {
  return 'step' in entry.data && typeof entry.data.step === 'string' ? entry.data.step : null;
}

/** A step that is over stays over, unless what was taken back has to be taken back again. */
function stepAgain(over: Map<string, string>, entry: RunEntry): string | null {
  const key = stepKeyOf(entry);
  if (key === null || entry.type === 'proved') return null;
  const before = over.get(key);
  if (entry.type === 'undo-reopened') over.delete(key);
  if (entry.type === 'step-verified' || entry.type === 'step-failed') over.set(key, entry.type);
  return before && entry.type !== 'undo-reopened' ? `${key}: ${entry.type} after ${before}` : null;
}

function* i11WakingAgainDoesNothing({ ended: { again } }: Facts) {
  if (again.entries > 0 || again.sends > 0)
    yield `waking everything again wrote ${again.entries} and sent ${again.sends}`;
}

function* i13EverythingEnds({ ended, runs }: Facts) {
  if (!ended.quiet) yield 'it never came to rest';
  for (const { id, undo, ended: over } of runs) if (undo ? !undo.ended : !over) yield `${id} did not end`;
}

/** What is decided is taken up: at once by its message, or within minutes by the timer, not when something else comes up. */
function* i13DecisionsAreTakenUp({ record, ended, weather }: Facts) {
  const patienceMs = 10 * 60_000 + 2 * weather.skewMs;
  for (const { id, rows } of storiesOf(record))
    for (const [index, { written, entry }] of rows.entries()) {
      const next = rows[index + 1];
      // Where two have to approve, one approval decides nothing yet.
      const stands = entry.type === 'decided' && standingDecision(rows.slice(0, index + 1)) !== null;
      if (!next || !(stands || entry.type === 'undo-decided' || entry.type === 'redriven')) continue;
      const told = record.waits.filter(({ at }) => at >= written.at && at <= next.written.at).map(({ until }) => until);
      const waited = next.written.at - Math.max(written.at, ended.calmFrom, ...told);
      if (waited > patienceMs)
        yield `${id}: nobody took up for ${Math.round(waited / 60_000)} minutes what was decided`;
    }
}

function* i14NoMessageStays({ simulation }: Facts) {
  for (const { body, deliveries } of simulation.hints.messages)
    yield `${JSON.stringify(body)} is still in a queue after ${deliveries} deliveries`;
}

export const ledgerInvariants: Readonly<{ [name: string]: Invariant }> = {
  i0NothingUnforeseen,
  i1NoAlertLost,
  i7DecisionsAreFinal,
  i9LedgerTellsAll,
  i10OneWayOnly,
  i11WakingAgainDoesNothing,
  i13EverythingEnds,
  i13DecisionsAreTakenUp,
  i14NoMessageStays,
};
