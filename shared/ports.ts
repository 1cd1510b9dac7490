import type { Access, AuthorizationSystem } from './domain/access.ts';
import type { Claims, Raw, SystemType } from './domain/alert.ts';
import type { AuditRange } from './domain/audit-range.ts';
import type { AuditRecord } from './domain/audit-record.ts';
import type { Budget, BudgetClass, Reserved } from './domain/budget.ts';
import type { Call } from './domain/call.ts';
import type { ApiCall } from './domain/call-entry.ts';
import type { Card } from './domain/card.ts';
import type { Control } from './domain/control.ts';
import type { Exclusion } from './domain/exclusion.ts';
import type { Identity, Presence, Privilege, User } from './domain/identity.ts';
import type { Installation } from './domain/installation.ts';
import type { Json, JsonObject } from './domain/json.ts';
import type { Entry, EntryBody } from './domain/ledger.ts';
import type { Change, Risk } from './domain/plan.ts';
import type { PublicKey } from './domain/public-key.ts';
import type { Report } from './domain/report.ts';
import type { Format } from './domain/report-definition.ts';
import type { Role } from './domain/right.ts';
import type { Run } from './domain/run.ts';
import type { Leaf, Seal } from './domain/seal.ts';

/*
 * Every seam, one page. The engine knows these and the domain; who stands behind them is chosen in `app.ts`.
 * Every method may throw a `Fault`; `retry` and `uncertain` are the ones a far side causes.
 */

/** The time now, ISO 8601 in UTC with milliseconds. */
export type Clock = () => string;

/** Waits that long (milliseconds). */
export type Sleep = (ms: number) => Promise<void>;

/** Insert-only log. One journal per run and per alert, each a hash chain starting at sequence 1. */
export interface Ledger {
  /** All entries of a journal in order; empty where there is none. */
  read(journal: string): Promise<readonly Entry[]>;
  /**
   * Appends one entry after `previous` (null for the first), and returns it.
   * @throws Fault `conflict` where somebody appended first. Where our own write had arrived after all
   * (the answer got lost), that is recognised and is no conflict.
   */
  append(journal: string, previous: Entry | null, body: EntryBody): Promise<Entry>;
  /** The same for entries that belong together, at most 100: all of them are written, or none. */
  appendAll(journal: string, previous: Entry | null, bodies: readonly EntryBody[]): Promise<readonly Entry[]>;
}

/** Every journal, for whoever has to look at all of them. */
export interface Journals {
  /**
   * Whole journals in the order of their names, those after `journal` (null: from the first): about `limit` entries, and at
   * least one journal where there are more. Empty at the end.
   */
  after(journal: string | null, limit: number): Promise<readonly Entry[]>;
}

/** Who works through the backlog. */
export type BacklogReader = 'trail' | 'seals';
/** Entries of a journal that were written together, or were about to be. */
export interface BacklogItem {
  readonly journal: string;
  /** Of the first of them. */
  readonly sequence: number;
  /** When it was noted. */
  readonly at: string;
}

/** Entries that are not in the trail or under a seal yet, and how far each journal is. Derived from ledger and seals. */
export interface Backlog {
  /** Notes for every reader that entries are about to be written. Noting it again is quiet. */
  add(item: BacklogItem): Promise<void>;
  /** What one reader has not done, at most `limit`. */
  open(reader: BacklogReader, limit: number): Promise<readonly BacklogItem[]>;
  /** Takes them off one reader's list; quiet where they are gone. */
  done(reader: BacklogReader, items: readonly BacklogItem[]): Promise<void>;
  /** The last sealed entry of a journal; 0 where there is none. */
  sealedUpTo(journal: string): Promise<number>;
  /** Number of the newest seal that was noted; 0 where none was. */
  sealNoted(): Promise<number>;
  /** Notes what a seal sealed, and then that it was noted. Noting it again changes nothing. */
  noteSeal(number: number, leaves: readonly Leaf[]): Promise<void>;
  /** Where a walk along all journals stands; null where it has not begun. */
  walkedTo(walk: Walk): Promise<string | null>;
  setWalkedTo(walk: Walk, journal: string | null): Promise<void>;
}
export type Walk = 'patrol' | 'rebuild';

/** Audit records by day and by identity. Derived: all of it can be rebuilt from the ledger. */
export interface Trail {
  /** Enters records. Entering one again changes nothing. */
  put(records: readonly AuditRecord[]): Promise<void>;
  /** Records of a range from the oldest on, after the position `after` (null: from the first). Costs what it returns, whatever else there is. */
  page(range: AuditRange, after: string | null, limit: number): Promise<AuditPage>;
  /** Removes up to `limit` rows. @returns how many; 0 where nothing is left */
  clear(limit: number): Promise<number>;
}
export interface AuditPage {
  readonly records: readonly AuditRecord[];
  /** Where to go on; null at the end of the range. */
  readonly next: string | null;
}

/** Seals, one after the other. Insert-only; where the storage can do it, nobody can change or remove one. */
export interface Seals {
  /** The highest number there is, by name alone: of a seal that may be gone or changed. 0 where there is none. */
  count(): Promise<number>;
  /** The newest; null where there is none. @throws Fault `halt` (`seal-unreadable`) where it is not one we write */
  latest(): Promise<Seal | null>;
  /** Null where there is none of that number. @throws Fault `halt` (`seal-unreadable`) where it is not one we write */
  read(number: number): Promise<Seal | null>;
  /** Keeps a seal; quiet where the same is kept already. @throws Fault `conflict` where another of its number is */
  put(seal: Seal): Promise<void>;
}

/** A key that can be used and not taken away. */
export interface Signer {
  readonly key: () => Promise<PublicKey>;
  /** ES256 of the text: 64 bytes in base64url. */
  sign(text: string): Promise<string>;
}

/** What is still open, and lists of runs by day and by identity. Derived: all of it can be rebuilt from the ledger. */
export interface Index {
  /** Notes that a journal is open and when to look at it next. Replaces what was noted before. */
  open(item: OpenItem): Promise<void>;
  /** Forgets an open journal; quiet where there is none. */
  close(journal: string): Promise<void>;
  /** Open journals whose time has come, oldest first. */
  due(now: string, limit: number): Promise<readonly OpenItem[]>;
  /** Enters a run in the lists, and notes that it is open where `open` is given. Entering it again changes nothing. */
  list(run: ListedRun, open?: OpenItem): Promise<void>;
  /** Listed runs, newest first, at most `limit`; of one identity where asked. Those of one alert are in its journal. */
  runs(query: RunQuery): Promise<readonly ListedRun[]>;
}
/** A place in the list of runs: what comes after it is older. */
export type ListPlace = Pick<ListedRun, 'run' | 'receivedAt'>;
export interface RunQuery {
  readonly identity?: string;
  /** Received at that time or later, and before this one (ISO 8601). */
  readonly from?: string;
  readonly before?: string;
  /** Goes on after this one, the last of what was listed before. */
  readonly after?: ListPlace;
  readonly limit: number;
}

/** An index that can be emptied, to be built again. */
export interface RebuildableIndex extends Index {
  /** Removes up to `limit` rows of the lists; what is open stays. @returns how many; 0 where nothing is left */
  clear(limit: number): Promise<number>;
}
export interface OpenItem {
  readonly journal: string;
  readonly kind: 'alert' | 'run';
  /** Session of its messages: the identity for a run, the journal itself for an alert. */
  readonly session: string;
  readonly due: string;
}
export interface ListedRun {
  readonly run: string;
  readonly alert: string;
  readonly identity: string;
  /** When the alert was received: known before the run is opened, so that entering it again is entering the same. */
  readonly receivedAt: string;
}

/** Raw notifications as bytes, named by their SHA-256. Never changed. */
export interface Vault {
  /** Keeps the bytes and returns where; keeping the same bytes again is quiet. */
  put(bytes: Uint8Array, contentType: string): Promise<Raw>;
  /** @throws Fault `halt` where the bytes are missing or no longer match their name. */
  get(sha256: string): Promise<Uint8Array>;
}

/** Messages are hints that there is something to do; losing one costs time, never work. */
export interface Bus {
  /** Says that an alert is waiting. `notBefore` (ISO 8601) delays the hint. */
  alert(alert: string, hint: Hint): Promise<void>;
  /** Says that a run has something to do; messages of one session (the identity) come one at a time, in order. */
  run(run: string, session: string, hint: Hint): Promise<void>;
}
export interface Hint {
  /** Why, in a word; a part of the message id, so that the same hint twice within ten minutes is one. */
  readonly reason: string;
  readonly notBefore?: string;
}

/** Identities deliberately left alone. */
export interface Exclusions {
  find(system: string, identity: string): Promise<Exclusion | null>;
  put(exclusion: Exclusion): Promise<void>;
  remove(system: string, identity: string): Promise<void>;
}

/** The same, for whoever looks over all of them. */
export interface ExclusionList extends Exclusions {
  /** Those that end at `from` or later and before `before` (ISO 8601), the soonest first, at most `limit`. */
  ending(period: { from: string; before: string; limit: number }): Promise<readonly Exclusion[]>;
}

/** Reports as they were made: kept once, never changed. */
export interface ReportStore {
  /** Keeps the text under this name; false where there is one already, which stays as it is. */
  put(name: string, text: string, contentType: string): Promise<boolean>;
  /** The text of that name; null where there is none. */
  get(name: string): Promise<string | null>;
}

/** A report as text of one format. */
export type Render = (report: Report, format: Format) => Promise<string>;

/** What must not be done now: the kill switch and quarantines. Never cached. */
export interface Controls {
  /** Everything in force, in a fixed order. @throws Fault whenever they cannot be read whole: then nothing may be done */
  list(): Promise<readonly Control[]>;
  /** Sets it, in place of one of the same kind on the same thing. */
  put(control: Control): Promise<void>;
  /** Removes it as it was seen; quiet where it is gone. @throws Fault `conflict` where another has taken its place */
  remove(control: Control): Promise<void>;
}

/** How many changes of a class a system has room for. One count for all playbooks and sources. */
export interface Budgets {
  /**
   * Takes one place in every window, atomically, or says which window is full. The same key again moves to now and is
   * counted once, so a retry takes no second place.
   * @throws Fault `retry` where too many are at it: nothing was taken, nothing may be done
   */
  reserve(request: BudgetRequest): Promise<Reserved>;
  /** For how many more there is room now. For people to read: who acts reserves. */
  left(request: Omit<BudgetRequest, 'key'>): Promise<number>;
}
export interface BudgetRequest {
  readonly class: BudgetClass;
  readonly system: string;
  /** Run and step. */
  readonly key: string;
  readonly now: string;
  readonly budget: Budget;
}

/** The directory that identities live in. Reads only. */
export interface Directory {
  /** Where the user with this object id stands. */
  presence(id: string): Promise<Presence>;
  /** Every live user with exactly this name; more than one for a display name is ordinary. */
  usersBy(by: 'userPrincipalName' | 'displayName', value: string): Promise<readonly User[]>;
  /** Live users whose last interactive attempt is before `time`; users without any record are not among them. */
  quietSince(time: string): Promise<readonly User[]>;
  /** How many users there are, guests and blocked ones included; may lag by some minutes. */
  userCount(): Promise<number>;
  /** Which of these groups (at most 20) the user is in, directly or through other groups; none where there is no such live user. */
  groupsAmong(id: string, groups: readonly string[]): Promise<readonly string[]>;
  /**
   * What gives the user power over others, held or one activation away, each with the way it comes: directory roles,
   * membership and ownership of role-assignable groups, and eligibility for a group.
   */
  privileges(id: string): Promise<readonly Privilege[]>;
}

/** One kind of authorization system. Reads only. */
export interface AccessControl {
  /** The system, or null where it does not exist or we may not see it. */
  system(id: string): Promise<AuthorizationSystem | null>;
  /** What one identity may do there. */
  access(system: string, identity: string): Promise<Access>;
  /** Object ids of the users who hold a role over the whole system, directly. */
  superUsers(system: string): Promise<readonly string[]>;
}

/** What the engine reads of the world. */
export interface World {
  readonly directory: Directory;
  readonly accessControl: Readonly<Partial<Record<SystemType, AccessControl>>>;
  readonly exclusions: Pick<Exclusions, 'find'>;
}

/**
 * The only way anything is ever changed. Sends one call exactly as it stands and returns what was answered.
 * What the far side says when the call had already taken effect is success. The risk of the step says with which of our
 * identities it is sent.
 * @throws Fault `refuse` where the far side forbids it, `reject` where it calls it wrong, `retry` where it is busy,
 * `uncertain` where no answer came.
 */
export interface Effects {
  send(call: Call, key: string, risk: Risk): Promise<Json>;
}

/** What a step is about. */
export interface Target {
  readonly run: string;
  readonly identity: Identity;
  readonly system: { readonly type: SystemType; readonly id: string; readonly name: string };
}

/** One kind of change. Adding one: its file, its fixture, its test, its row in `actions/catalog.ts`. */
export interface Action {
  readonly name: string;
  readonly risk: Risk;
  /**
   * What makes doing it twice the same as doing it once: a state that is set, a create whose id is derived, a delete by
   * immutable id; or word sent with a key, which its receiver can recognise.
   */
  readonly effect: 'set-state' | 'keyed-create' | 'delete-by-id' | 'notify';
  /** Changes the account object in the directory. */
  readonly changesAccount: boolean;
  /** Everything the engine's own identity needs for it, and nothing else. */
  readonly permissions: { readonly graph: readonly string[]; readonly azure: readonly string[] };
  /** What is wrong with a playbook's `with`; null where nothing is. */
  settingsProblem(settings: JsonObject): string | null;
  /** What there is now. The only part that reads. */
  observe(world: World, target: Target): Promise<Json>;
  /** What would be done about it: exact calls and their undo. Pure. */
  plan(observed: Json, target: Target, settings: JsonObject, now: string): Change;
  /** Is it as the change wanted it? Pure. */
  satisfied(observed: Json, change: Change): boolean;
}

/**
 * Where people are asked. Runs and decisions never depend on one: what it does not show now, it shows later.
 * Its methods that make content are pure, so that the same run is the same card.
 */
export interface Channel {
  readonly name: string;
  /** Can what stands there be replaced? Where not, word is sent once that somebody is asked, and never again. */
  readonly replaces: boolean;
  /** What to show of a run. */
  contentOf(run: Run): JsonObject;
  /** What to show of many at once. */
  digestOf(runs: readonly Run[]): JsonObject;
  /** Shows it, and returns where, in its own words. @throws Fault `uncertain` where it may stand there */
  post(content: JsonObject): Promise<string>;
  /** Shows this in place of what stands there; the same again changes nothing. @throws Fault `reject` `card-gone` where nothing does */
  replace(at: string, content: JsonObject): Promise<void>;
}

/** What came in by a channel, once it is believed. */
export type CameIn =
  /** Somebody pressed a button of ours; `pick` says which. */
  | {
      readonly kind: 'click';
      readonly who: Person;
      readonly run: string;
      readonly pick: string;
      readonly reason: string | null;
    }
  /** Somebody who is known sent what none of our buttons sends. */
  | {
      readonly kind: 'stray';
      readonly who: Person;
      readonly run: string | null;
      readonly code: string;
      readonly message: string;
    }
  | { readonly kind: 'installed'; readonly installation: Installation }
  | { readonly kind: 'removed'; readonly id: string }
  | { readonly kind: 'other' };
/** Somebody as the channel vouches for them: an object id of our tenant, and a name for people to read. */
export interface Person {
  readonly id: string;
  readonly name: string;
}

/** What a channel is told in answer: the card as it stands, a sentence, or a sentence that something is missing. */
export type Reply = { readonly card: Run } | { readonly sentence: string } | { readonly missing: string };

/** The way in of a channel. */
export interface Door {
  /** @throws Fault `refuse` (401, 403) for what is not authentic, `retry` where that cannot be said now */
  open(authorization: string | null, text: string): Promise<CameIn>;
  /** The answer as the channel's protocol has it. */
  answer(reply: Reply): JsonObject;
}

/** What is shown where. */
export interface Cards {
  find(channel: string, subject: string): Promise<Seen | null>;
  /** Keeps it where it is still as it was seen (null: not there). @throws Fault `conflict` where somebody was faster */
  put(card: Card, seen: Seen | null): Promise<Seen>;
  /** Cards whose time has come, oldest first. */
  due(now: string, limit: number): Promise<readonly Card[]>;
  /** Every card that a digest shows, by subject. */
  within(channel: string, digest: string): Promise<readonly Card[]>;
  /** Where a new card goes: null for one of its own, else the digest. Counted over all workers. */
  place(channel: string, now: string): Promise<string | null>;
}
export interface Seen {
  readonly card: Card;
  /** Changes with every change. */
  readonly version: string;
}

/** Where the app of a channel was installed. */
export interface Installations {
  /** Every one, latest first. */
  list(): Promise<readonly Installation[]>;
  put(installation: Installation): Promise<void>;
  /** Quiet where it is gone. */
  remove(id: string): Promise<void>;
}

/** What came in by HTTP or queue, before anybody believed it. */
export interface Received {
  readonly bytes: Uint8Array;
  /** Media type with its parameters, as sent. */
  readonly contentType: string;
  /** The `Authorization` header; null where there is none. */
  readonly authorization: string | null;
  readonly receivedAt: string;
}

/** One source of alerts. Adding one: its file, its fixture, its test, its row in `sources/catalog.ts`. */
export interface Source {
  readonly name: string;
  /** Media types it accepts, lower case, without parameters. */
  readonly accepts: readonly string[];
  /**
   * What a sender of bad input gets: `answer` a 4xx that says what is wrong; `quarantine` a 202, because the sender
   * would drop the notification for good on a 4xx. Recorded either way.
   */
  readonly badInput: 'answer' | 'quarantine';
  /** Who sent it, proved over the raw bytes. @throws Fault `refuse` (401, 403) */
  authenticate(received: Received): Promise<string>;
  /** What it claims. @throws Fault `reject` */
  read(received: Received): Promise<Claims>;
}

/** A person or program calling the API. */
export interface Caller {
  /** Object id. */
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
}

/** Believes a bearer token, or does not. @throws Fault `refuse` with status 401 */
export type Authenticate = (authorization: string | null) => Promise<Caller>;

/** Writes down that a call began (status null) or how it ended. @throws Fault `retry` where it cannot be, in time */
export type RecordCall = (call: ApiCall, status: number | null) => Promise<void>;

/** Structured log, one line per event; `fields` never hold secrets. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
