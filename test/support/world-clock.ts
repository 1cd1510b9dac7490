/** A clock that stands still until somebody moves it. */
export interface Clockwork {
  /** The time now, as a `Clock`. */
  now(): string;
  /** The same in milliseconds since 1970. */
  ms(): number;
  /** Moves it by milliseconds. */
  move(ms: number): void;
  /** Moves it to a time, never back. */
  moveTo(time: string): void;
}

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

export function clockwork(start: string): Clockwork {
  let ms = Date.parse(start);
  return {
    now: () => new Date(ms).toISOString(),
    ms: () => ms,
    move: (by) => {
      ms += by;
    },
    moveTo: (time) => {
      ms = Math.max(ms, Date.parse(time));
    },
  };
}
