import { type Card, newCard, presentAgainMs } from '../domain/card.ts';
import { digestOf } from '../domain/digest.ts';
import { later } from '../domain/duration.ts';
import { type Fault, toFault } from '../domain/fault.ts';
import type { JsonObject } from '../domain/json.ts';
import { type Run, runOf } from '../domain/run.ts';
import { isOver } from '../domain/standing.ts';
import type { Clock, Ledger, Log } from '../ports.ts';
import type { Cards, Channel, Seen } from '../ports-channels.ts';

/** What presenting needs. None of it is needed to decide or to carry out. */
export interface Presenting {
  readonly ledger: Ledger;
  readonly cards: Cards;
  readonly channels: readonly Channel[];
  readonly clock: Clock;
  readonly log: Log;
}

/** How long one showing may take before somebody else tries, in milliseconds: longer than the longest call. */
const busyMs = 30_000;

/** How long until a card that is not over is compared again, in milliseconds. */
const lookAgainMs = 15 * 60_000;

/**
 * How long after a click its answer, which is a card as well, may still overtake a newer one on its way to whoever
 * clicked, in milliseconds: Teams waits 10 s for it.
 */
const answersMs = 15_000;

/** A digest is replaced not more often than this, in milliseconds: its runs move many times a second. */
const digestMs = 5000;

/** Where word goes out once, a digest waits this long for its runs, in milliseconds. */
const gatherMs = 60_000;

/** How often one call shows what moved while it was showing. */
const rounds = 3;

/** How many the timer looks at; the others keep their time and come next. */
const perTick = 50;

/**
 * Shows a run in every channel as it stands. To present is to converge: what is shown is compared with what should be,
 * and only a difference is sent; whoever wakes it, however often, the result is the same. What a channel does not take is
 * left to the timer.
 * @throws Fault where what is shown cannot be read or written down
 */
export async function presentRun(parts: Presenting, run: string): Promise<void> {
  for (const channel of parts.channels) await present(parts, channel, run);
}

/** Shows whatever is behind: what failed, what nobody came back to. @returns how many were looked at */
export async function presentDue(parts: Presenting): Promise<number> {
  const due = await parts.cards.due(parts.clock(), perTick);
  for (const card of due) {
    const channel = parts.channels.find(({ name }) => name === card.channel);
    if (!channel) continue;
    try {
      await present(parts, channel, card.subject);
    } catch (error) {
      const { code, message, cause } = toFault(error);
      parts.log.warn({ channel: channel.name, subject: card.subject, code, cause }, message);
    }
  }
  return due.length;
}

async function present(parts: Presenting, channel: Channel, subject: string): Promise<void> {
  try {
    for (let round = 0; round < rounds; round += 1) if (await presentOnce(parts, channel, subject)) return;
  } catch (error) {
    // Somebody else is at it, and looks once more when they are done.
    if (toFault(error).code !== 'card-moved') throw error;
  }
}

/** What should be shown now. */
interface Wanted {
  readonly content: JsonObject;
  readonly digest: string;
  /** Nothing more will come. */
  readonly over: boolean;
  /** Is it worth a first showing? */
  readonly fresh: boolean;
  /** What is shown before then may be covered by the answer to a click, so it is shown once more. */
  readonly firmFrom: string;
}

/** One look and at most one showing. @returns whether nothing is left to do for now */
async function presentOnce(parts: Presenting, channel: Channel, subject: string): Promise<boolean> {
  const { cards, clock } = parts;
  const seen = await cards.find(channel.name, subject);
  if (seen?.card.within) return presentOnce(parts, channel, seen.card.within);
  const wanted = await wantedFor(parts, channel, subject);
  if (!seen?.card.shownAt && !wanted.fresh) return settled(parts, seen, null);
  if (seen && isShown(channel, seen.card, wanted, clock()))
    return settled(parts, seen, dueAfter(channel, seen.card, wanted, clock()));
  if (seen && hasToWait(seen.card, clock())) return true;
  if (seen) return show(parts, channel, seen, wanted);
  const digest = isDigest(subject) ? null : await cards.place(channel.name, clock());
  if (digest === null) return show(parts, channel, await claim(parts, newCard(channel.name, subject), null), wanted);
  await cards.put(newCard(channel.name, subject, digest), null);
  return presentOnce(parts, channel, digest);
}

async function wantedFor(parts: Presenting, channel: Channel, subject: string): Promise<Wanted> {
  const read = async (id: string): Promise<Run> => runOf(id, await parts.ledger.read(id));
  if (!isDigest(subject)) {
    const run = await read(subject);
    return wantedOf(channel.contentOf(run), [run]);
  }
  const members = await parts.cards.within(channel.name, subject);
  const runs = await Promise.all(members.map(({ subject: run }) => read(run)));
  return wantedOf(channel.digestOf(runs), runs);
}

function wantedOf(content: JsonObject, runs: readonly Run[]): Wanted {
  const over = runs.every(isOver);
  const fresh = !over && runs.some(({ asked }) => asked !== null);
  const clicks = runs.flatMap(({ approvals, decision }) => [...approvals, ...(decision ? [decision] : [])]);
  const last = clicks
    .map(({ at }) => at)
    .sort()
    .at(-1);
  return { content, digest: digestOf(content), over, fresh, firmFrom: last ? later(last, answersMs) : '' };
}

function isDigest(subject: string): boolean {
  return subject.startsWith('digest-');
}

function isShown({ replaces }: Channel, { shown, shownAt }: Card, { digest, firmFrom }: Wanted, now: string): boolean {
  if (!replaces) return shown !== null;
  return shown === digest && ((shownAt ?? '') >= firmFrom || now < firmFrom);
}

/** Somebody is at it, or the channel wants to be left alone: whatever moved meanwhile is shown then. */
function hasToWait({ busyUntil, failures, due }: Card, now: string): boolean {
  return (busyUntil ?? '') > now || (failures > 0 && (due ?? '') > now);
}

function dueAfter({ replaces }: Channel, { shownAt }: Card, { over, firmFrom }: Wanted, now: string): string | null {
  if (!replaces) return null;
  if ((shownAt ?? '') < firmFrom) return firmFrom;
  return over ? null : later(now, lookAgainMs);
}

/** Nothing to show: notes when to look again, where that has come or is no longer needed. */
async function settled({ cards, clock }: Presenting, seen: Seen | null, due: string | null): Promise<boolean> {
  const standing = seen?.card.due ?? null;
  if (seen && standing !== null && (due === null || standing <= clock()))
    await cards.put({ ...seen.card, due, busyUntil: null }, seen);
  return true;
}

/** Notes that somebody is at it, before anything is sent: a second one would post a second card. */
function claim({ cards, clock }: Presenting, card: Card, seen: Seen | null): Promise<Seen> {
  const until = later(clock(), busyMs);
  return cards.put({ ...card, busyUntil: until, due: until }, seen);
}

async function show(parts: Presenting, channel: Channel, seen: Seen, wanted: Wanted): Promise<boolean> {
  const { cards, clock } = parts;
  const wait = notYet(channel, seen.card, clock());
  if (wait !== null) return settledUntil(parts, seen, wait);
  const ours = (seen.card.busyUntil ?? '') > clock() ? seen : await claim(parts, seen.card, seen);
  try {
    const at = await send(channel, ours.card.at, wanted.content);
    const card: Card = { ...ours.card, at, shown: wanted.digest, shownAt: clock(), failures: 0, busyUntil: null };
    await cards.put({ ...card, due: dueAfter(channel, card, wanted, clock()) }, ours);
    // The run may have moved while it was shown; whoever came then went away, since we were at it.
    return false;
  } catch (error) {
    const fault = toFault(error);
    if (fault.code === 'card-moved') throw fault;
    return failed(parts, ours, fault);
  }
}

function send(channel: Channel, at: string | null, content: JsonObject): Promise<string> {
  return at === null ? channel.post(content) : channel.replace(at, content).then(() => at);
}

/** When a digest may be shown; null for at once. */
function notYet({ replaces }: Channel, { subject, shownAt, due, busyUntil }: Card, now: string): string | null {
  if (!isDigest(subject)) return null;
  if (replaces) return shownAt !== null && later(shownAt, digestMs) > now ? later(shownAt, digestMs) : null;
  if (busyUntil === null) return due !== null && due > now ? due : null;
  return later(now, gatherMs);
}

async function settledUntil({ cards }: Presenting, seen: Seen, due: string): Promise<boolean> {
  if (seen.card.due === due && seen.card.busyUntil === null) return true;
  await cards.put({ ...seen.card, due, busyUntil: null }, seen);
  return true;
}

/** What did not work is tried again later; a card that is gone is posted anew at once. */
async function failed({ cards, clock, log }: Presenting, ours: Seen, fault: Fault): Promise<boolean> {
  const { channel, subject } = ours.card;
  if (fault.code === 'card-gone') {
    await cards.put({ ...ours.card, at: null, shown: null, busyUntil: null, due: clock() }, ours);
    return false;
  }
  const { disposition, code, message, cause } = fault;
  log.warn({ channel, subject, disposition, code, cause }, `not shown: ${message}`);
  const failures = ours.card.failures + 1;
  const due = later(clock(), Math.max(fault.retryAfterMs ?? 0, presentAgainMs(failures)));
  await cards.put({ ...ours.card, failures, due, busyUntil: null }, ours);
  return true;
}
