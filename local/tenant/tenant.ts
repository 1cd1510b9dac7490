import type { State } from './model.ts';

/** One write that took effect, as `GET /local/mutations` shows it. */
export interface Mutation {
  readonly seq: number;
  readonly time: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

export interface Tenant {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** What a reader sees: behind the truth for as long as `lag` says. */
  view(): State;
  /** The truth, for checks made while writing. */
  truth(): State;
  /** Changes the truth; what was there before stays visible to readers for as long as `lag` says. */
  change(edit: (state: State) => void): void;
  setLag(milliseconds: number): void;
  record(method: string, path: string, status: number): void;
  mutations(): readonly Mutation[];
  /** Everything as it was at the start. */
  reset(): void;
}

export function createTenant(seed: () => State, now: () => number): Tenant {
  let state = seed();
  let lag = 0;
  let past: { readonly until: number; readonly state: State }[] = [];
  let log: Mutation[] = [];

  return {
    now,
    truth: () => state,
    view() {
      past = past.filter(({ until }) => until > now());
      return past[0]?.state ?? state;
    },
    change(edit) {
      // Copied only where somebody still reads what was there before: copying thousands of users takes its time.
      if (lag > 0) {
        past.push({ until: now() + lag, state });
        state = structuredClone(state);
      }
      edit(state);
    },
    setLag(milliseconds) {
      lag = milliseconds;
      past = [];
    },
    record(method, path, status) {
      log.push({ seq: log.length + 1, time: new Date(now()).toISOString(), method, path, status });
    },
    mutations: () => log,
    reset() {
      [state, lag, past, log] = [seed(), 0, [], []];
    },
  };
}
