import type { Access, AuthorizationSystem } from './domain/access.ts';
import type { Claims, Raw, SystemType } from './domain/alert.ts';
import type { Budget, BudgetClass, Reserved } from './domain/budget.ts';
import type { Call } from './domain/call.ts';
import type { ApiCall } from './domain/call-entry.ts';
import type { Control } from './domain/control.ts';
import type { Exclusion } from './domain/exclusion.ts';
import type { Identity, Presence, Privilege, User } from './domain/identity.ts';
import type { Json, JsonObject } from './domain/json.ts';
import type { Entry, EntryBody } from './domain/ledger.ts';
import type { Change, Risk } from './domain/plan.ts';
import type { Role } from './domain/right.ts';

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

/** What is still open, and lists of runs by day and by identity. Derived: all of it can be rebuilt from the ledger. */
export interface Index {
  /** Notes that a journal is open and when to look at it next. Replaces what was noted before. */
  open(item: OpenItem): Promise<void>;
  /**
   * Notes when to look again at what was found due, which is firm then only where it is for longer. Quiet where anything else
   * was noted of it since, or it was forgotten.
   */
  looked(found: OpenItem, due: string): Promise<void>;
  /**
   * Forgets an open journal; quiet where there is none.
   * @param knows how many of its entries the caller knows of, where that matters: what is firm, or was noted by somebody who
   * knew of more, stays
   */
  close(journal: string, knows?: number): Promise<void>;
  /** Open journals whose time has come, oldest first. */
  due(now: string, limit: number): Promise<readonly OpenItem[]>;
  /**
   * Enters a run in the lists, and in the same transaction notes what is open and forgets what no longer is, where given.
   * Entering it again changes nothing.
   */
  list(run: ListedRun, beside?: { readonly open?: OpenItem; readonly close?: string }): Promise<void>;
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

export interface OpenItem {
  readonly journal: string;
  readonly kind: 'alert' | 'run';
  /** Session of its messages: the identity for a run, the journal itself for an alert. */
  readonly session: string;
  readonly due: string;
  /**
   * How many entries of its journal the writer knew of, where it puts the journal off: what somebody noted who knew of
   * more stands, however late this one comes.
   */
  readonly knows?: number | undefined;
  /**
   * Noted before something is written, by whoever is about to and may die right after: until the timer looks at that time
   * or later, whoever knows of no more can neither put it off nor forget it.
   */
  readonly firm?: string | undefined;
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
