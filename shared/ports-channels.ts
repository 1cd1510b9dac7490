import type { Card } from './domain/card.ts';
import type { Installation } from './domain/installation.ts';
import type { JsonObject } from './domain/json.ts';
import type { Run } from './domain/run.ts';

/*
 * The seams of the channels in which people are asked. The flow itself knows none of them.
 */

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
