import { setTimeout as sleep } from 'node:timers/promises';
import type { TypedData } from './core.ts';
import { parseNcrontab } from './ncrontab.ts';
import { parseTimeSpan } from './timespan.ts';

const MINUTE = 60_000;
const LONGEST_SLEEP = 60 * MINUTE; // timers overflow at 24.8 days, and the clock may be moved while we sleep
const LATE = 1_000;
const NEVER = new Date('0001-01-01T00:00:00Z');

export interface Schedule {
  next: (after: Date) => Date | undefined;
  adjustForDST: boolean;
}

export interface TimerOptions {
  schedule: Schedule;
  runOnStartup: boolean;
  useMonitor: boolean;
  fire: (info: TypedData) => Promise<unknown>;
}

export interface RunningTimer {
  stop(): Promise<void>;
}

export function parseSchedule(text: string): Schedule {
  if (!text.includes(':')) return { next: parseNcrontab(text), adjustForDST: true };
  const every = parseTimeSpan(text);
  if (every <= 0) throw new Error(`The schedule "${text}" has no length.`);
  return { next: (after) => new Date(after.getTime() + every), adjustForDST: false };
}

/** One loop per timer: a run that outlasts its interval delays the next one and never overlaps it. */
export function startTimer(options: TimerOptions): RunningTimer {
  const stopping = new AbortController();
  const running = loop(options, stopping.signal);
  return {
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}

async function loop({ schedule, runOnStartup, useMonitor, fire }: TimerOptions, signal: AbortSignal): Promise<void> {
  const monitored = useMonitor && isSlow(schedule);
  let last = NEVER;
  let updated = NEVER;
  if (runOnStartup) await fire(timerInfo(schedule, false, undefined));

  let due = schedule.next(new Date());
  while (due && (await sleepUntil(due, signal))) {
    const isPastDue = Date.now() - due.getTime() > LATE;
    await fire(timerInfo(schedule, isPastDue, monitored ? { last, next: due, updated } : undefined));
    last = due;
    updated = new Date();
    // A timer may wake a millisecond early; counting from the due time keeps it from firing twice.
    due = schedule.next(new Date(Math.max(updated.getTime(), due.getTime())));
  }
}

/** The host keeps no status for schedules that come round within a minute. */
function isSlow(schedule: Schedule): boolean {
  const first = schedule.next(new Date());
  const second = first && schedule.next(first);
  return !first || !second || second.getTime() - first.getTime() >= MINUTE;
}

async function sleepUntil(due: Date, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    const left = due.getTime() - Date.now();
    if (left <= 0) return true;
    await sleep(Math.min(left, LONGEST_SLEEP), undefined, { signal }).catch(() => undefined);
  }
  return false;
}

/** TimerInfo as the host serializes it; the library turns the names to camel case. */
function timerInfo(
  schedule: Schedule,
  isPastDue: boolean,
  status: { last: Date; next: Date; updated: Date } | undefined,
): TypedData {
  const info = {
    Schedule: { AdjustForDST: schedule.adjustForDST },
    ScheduleStatus: status
      ? { Last: stamp(status.last), Next: stamp(status.next), LastUpdated: stamp(status.updated) }
      : null,
    IsPastDue: isPastDue,
  };
  return { json: JSON.stringify(info) };
}

function stamp(time: Date): string {
  return time.toISOString().replace('Z', '+00:00');
}
