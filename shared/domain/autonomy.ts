import { z } from 'zod';
import { Fault } from './fault.ts';
import type { Entry } from './ledger.ts';
import { type Mode, modes } from './mode.ts';
import type { Run } from './run.ts';
import { vetoOf } from './veto.ts';

/** What was seen of one version of a playbook since the last veto. */
const measuredSchema = z.strictObject({
  /** Runs that ended by observing. */
  observed: z.int().nonnegative(),
  /** Plans that people approved. */
  approved: z.int().nonnegative(),
  /** Rejections, undos and failures, ever; counting begins again after the last of them. */
  vetoes: z.int().nonnegative(),
  lastVeto: z.strictObject({ at: z.iso.datetime(), reason: z.string() }).nullable(),
});
export type Measured = z.infer<typeof measuredSchema>;

/** The journal of how far each version of each playbook may go on its own. */
export const autonomyJournal = 'autonomy';

/** The one entry it has: a version of a playbook may go further from here on, or less far. The last one counts. */
const autonomyEntrySchema = z.strictObject({
  type: z.literal('autonomy-set'),
  data: z.strictObject({
    /** `name@version` */
    playbook: z.string(),
    from: z.enum(modes),
    to: z.enum(modes),
    byName: z.string(),
    reason: z.string().min(1).max(600),
    /** What it was promoted on; null where it was lowered. */
    measured: measuredSchema.nullable(),
    /** The run that lowered it; null where a person set it. */
    run: z.string().nullable(),
  }),
});
export type AutonomyEntry = z.infer<typeof autonomyEntrySchema>['data'];

/** An entry of the journal, checked. @throws Fault `halt` where the ledger holds something else */
export function autonomyEntryOf(entry: Entry): AutonomyEntry & { time: string } {
  const parsed = autonomyEntrySchema.safeParse({ type: entry.type, data: entry.data });
  if (parsed.success) return { ...parsed.data.data, time: entry.time };
  const message = `Entry ${entry.sequence} of ${entry.journal} is not one about autonomy.`;
  throw new Fault('halt', 'ledger-unreadable', message);
}

/** How far a version has come, and since when: a new one only observes. */
export function earnedIn(
  entries: readonly Entry[],
  playbook: string,
): { readonly mode: Mode; readonly since: string | null } {
  const last = entries.map(autonomyEntryOf).findLast((one) => one.playbook === playbook);
  return { mode: last?.to ?? 'observe', since: last?.time ?? null };
}

/** `name@version`: what a mode is set and earned for. */
export function versionOf({ name, version }: { name: string; version: number }): string {
  return `${name}@${version}`;
}

/** The less far reaching of two modes. */
export function lesser(one: Mode, other: Mode): Mode {
  return modes.indexOf(one) <= modes.indexOf(other) ? one : other;
}

/** What the runs of one version come to. Only those after the last veto count, and none from before `since`. */
export function measured(runs: readonly Run[], since: string | null): Measured {
  const vetoes = runs.flatMap((run) => vetoOf(run) ?? []).sort((a, b) => (a.at < b.at ? -1 : 1));
  const lastVeto = vetoes.at(-1) ?? null;
  const from = [since ?? '', lastVeto?.at ?? ''].sort().at(-1) ?? '';
  const counted = runs.filter(({ openedAt }) => openedAt > from);
  return {
    observed: counted.filter(({ ended }) => ended?.outcome === 'observed').length,
    approved: counted.filter(({ decision }) => decision !== null && decision.choice !== null && !byItself(decision.by))
      .length,
    vetoes: vetoes.length,
    lastVeto,
  };
}

function byItself(by: string): boolean {
  return by.startsWith('playbook:');
}

/**
 * Why a version must not go from one mode to another; null where it may. Upwards one step at a time, each on what was
 * measured since the step before; downwards always.
 * @param after how many are asked for
 */
export function promotionProblem(from: Mode, to: Mode, { observed, approved }: Measured, after: number): string | null {
  const steps = modes.indexOf(to) - modes.indexOf(from);
  if (steps === 0) return `it is at ${to} already`;
  if (steps < 0) return null;
  if (steps > 1) return `from ${from} it comes to ${modes[modes.indexOf(from) + 1]} first`;
  const [count, what] = to === 'approve' ? [observed, 'observed'] : [approved, 'approved by people'];
  return count >= after ? null : `${count} ${what} since the last veto or change; ${after} are asked for`;
}

/** A change of autonomy in a sentence. */
export function autonomyInWords({ playbook, from, to, byName, reason }: AutonomyEntry): string {
  return `${byName} set ${playbook} from ${from} to ${to}: ${reason}`;
}
