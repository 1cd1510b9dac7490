import { later } from './duration.ts';
import type { Presence } from './identity.ts';
import type { Run } from './run.ts';
import { carriedOutBy, changedAt, foundDone, vetoOf } from './veto.ts';

/** Of the runs of one alert the first goes alone, then five, then the rest (each is touched only if the group before it held). */
const groups = [1, 5] as const;

/** May a run go on by itself, after those of the same alert that come before it? */
export type CanaryVerdict =
  | { readonly verdict: 'go'; readonly reason: string }
  /** `until` is when it can be said at the earliest; null where that depends on others. */
  | { readonly verdict: 'wait'; readonly reason: string; readonly until: string | null }
  | { readonly verdict: 'stop'; readonly reason: string };

/**
 * Looks at the runs that come before one, in their order. Those that touched nobody, since they ended before or all was
 * so already, prove nothing and are not counted: so the first that does act is always alone.
 * @param soakMs how long what the group before did has to stand, in milliseconds
 * @param pastWait is the run past a wait, and has touched nobody yet? Then those like it act about now, and are counted
 */
export function canaryOf(earlier: readonly Run[], now: string, soakMs: number, pastWait: boolean): CanaryVerdict {
  for (const run of earlier) {
    const veto = vetoOf(run);
    if (veto) return { verdict: 'stop', reason: `${nameOf(run)}, of the same alert: ${veto.reason}` };
  }
  const touchesNobody = (run: Run) => run.ended !== null || (!pastWait && foundDone(run));
  const counted = earlier.filter((run) => carriedOutBy(run).length > 0 || !touchesNobody(run));
  const needed = counted.slice(0, sizeBefore(counted.length));
  const pending = needed.find((run) => changedAt(run) === null);
  if (pending?.ended) {
    const { outcome, reason } = pending.ended;
    return { verdict: 'stop', reason: `${nameOf(pending)}, of the same alert, ended half done, ${outcome}: ${reason}` };
  }
  if (pending) return { verdict: 'wait', reason: `waits for ${nameOf(pending)}, of the same alert`, until: null };
  const last = needed
    .flatMap((run) => changedAt(run) ?? [])
    .sort()
    .at(-1);
  const until = last === undefined ? now : later(last, soakMs);
  if (until <= now) return { verdict: 'go', reason: `${needed.length} of the same alert stand` };
  return { verdict: 'wait', reason: `waits whether what was done to ${needed.length} of the same alert stands`, until };
}

/** How many of those before have to stand, for the one at this position: none for the first, one for the next five … */
function sizeBefore(position: number): number {
  let size = 0;
  for (const group of groups) {
    if (position < size + group) return size;
    size += group;
  }
  return size;
}

/** When somebody tried to sign in after the run had changed something, if anybody did: they are there after all. */
export function signedInSince(run: Run, presence: Presence): string | null {
  const since = changedAt(run);
  if (since === null || presence.state !== 'live') return null;
  const { signIns } = presence.user;
  const times = signIns ? [signIns.successful, signIns.interactive, signIns.nonInteractive] : [];
  return times.find((time) => time !== null && Date.parse(time) > Date.parse(since)) ?? null;
}

function nameOf({ opened }: Run): string {
  return opened.identity.displayName;
}
