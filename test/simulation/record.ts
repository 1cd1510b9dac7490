import type { Access } from '../../shared/domain/access.ts';
import type { Call } from '../../shared/domain/call.ts';
import type { Control } from '../../shared/domain/control.ts';
import type { Exclusion } from '../../shared/domain/exclusion.ts';
import type { Presence, Privilege } from '../../shared/domain/identity.ts';
import type { Entry } from '../../shared/domain/ledger.ts';

/** When something happened, in the order of everything, in true time (milliseconds), and in which fiber (0: outside). */
export interface When {
  readonly order: number;
  readonly at: number;
  readonly fiber: number;
  /** How far the clock of the fiber is off. */
  readonly skewMs: number;
}
export interface Written extends When {
  readonly entry: Entry;
}
export interface Sending extends When {
  readonly call: Call;
  readonly key: string;
  readonly changed: boolean;
  /** The process that sent it. */
  readonly worker: string;
  /** When the engine let go of it: it can arrive later. */
  readonly dispatched: number;
}
/** What a fiber saw. */
export type Look =
  | { readonly of: 'presence'; readonly id: string; readonly presence: Presence }
  | { readonly of: 'groups'; readonly person: string; readonly among: readonly string[] }
  | { readonly of: 'privileges'; readonly id: string; readonly privileges: readonly Privilege[] }
  | { readonly of: 'access'; readonly id: string; readonly access: Access }
  | { readonly of: 'exclusion'; readonly id: string; readonly exclusion: Exclusion | null }
  | { readonly of: 'controls'; readonly controls: readonly Control[] }
  | { readonly of: 'budget'; readonly key: string; readonly account: string; readonly granted: boolean };
export type Looked = When & { readonly look: Look };

/** What of an identity an undo puts back. */
export type Tracked = 'live' | 'enabled' | 'mark' | 'assignments' | 'exclusions';

/** Everything that happened to one seed, for the invariants. */
export interface Record {
  readonly entries: Written[];
  readonly sends: Sending[];
  readonly looks: Looked[];
  /** What was told to senders: accepted alerts and the names of their bytes. */
  readonly accepted: { readonly alert: string; readonly sha256: string }[];
  /** Far sides that said when to come again: key of the call, and until when nothing may be sent. */
  readonly throttled: {
    readonly fiber: number;
    readonly key: string;
    readonly order: number;
    readonly at: number;
    readonly until: number;
  }[];
  /** When somebody was told to come again later, and how much later; far sides and storage alike. */
  readonly waits: { readonly at: number; readonly until: number }[];
  /** What others did to an identity behind the engine's back. */
  readonly outside: {
    readonly order: number;
    readonly identity: string;
    readonly what: string;
    readonly touches: Tracked | null;
  }[];
  /** Fault points passed, with what became of the call: `ledger.append die`. */
  readonly fates: Map<string, number>;
  crashes: number;
  steps: number;
  hash: number;
  /** In words, where somebody wants to read it. */
  readonly lines: string[] | null;
}

export function recordOf(verbose: boolean): Record {
  return {
    entries: [],
    sends: [],
    looks: [],
    accepted: [],
    throttled: [],
    waits: [],
    outside: [],
    fates: new Map(),
    crashes: 0,
    steps: 0,
    hash: 0,
    lines: verbose ? [] : null,
  };
}

/** Counts a fate, and takes it into the hash of the trace. */
export function note(record: Record, point: string, fate: string, at: number): void {
  const name = `${point} ${fate}`;
  record.fates.set(name, (record.fates.get(name) ?? 0) + 1);
  record.steps += 1;
  stir(record, name);
  stir(record, String(at));
}

/** FNV-1a over the text, on top of what was there. */
export function stir(record: Record, text: string): void {
  let hash = record.hash ^ 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  record.hash = hash >>> 0;
}
