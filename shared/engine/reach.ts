import { later } from '../domain/duration.ts';
import { refusals } from '../domain/guard.ts';
import type { User } from '../domain/identity.ts';
import { type ClaimName, proveInactive, reportingLagDays } from '../domain/proof.ts';
import type { Deciding } from './engine.ts';

/** How many identities of today's directory a claim is true of. */
export interface Reach {
  readonly claim: ClaimName;
  readonly days: number;
  readonly at: string;
  /** Proved now, whatever system they have access to: no alert can name more. Null where that cannot be counted. */
  readonly proved: number | null;
  /** Of these, those that a guard which looks at the account alone does not protect. */
  readonly unprotected: number | null;
}

/** Counts whom a playbook with this claim could touch at the most. Reads the directory and nothing else. */
export async function reachOf(
  { world, clock, safety }: Pick<Deciding, 'world' | 'clock' | 'safety'>,
  { claim, days }: { claim: ClaimName; days: number },
): Promise<Reach> {
  const now = clock();
  const about = { claim, days, at: now };
  if (claim !== 'inactive') return { ...about, proved: null, unprotected: null };
  const quiet = await world.directory.quietSince(later(now, -(days + reportingLagDays) * 86_400_000));
  const proved = quiet.filter(
    (user) => proveInactive({ state: 'live', user }, { claim, days }, now).verdict === 'true',
  );
  const open = (user: User) => {
    const facts = { now, run: '', presence: { state: 'live', user } as const, approver: false, privileges: [] };
    const guarded = { action: 'any', risk: 'destructive', changesAccount: true } as const;
    return refusals({ ...facts, exclusion: null, safety }, guarded).length === 0;
  };
  return { ...about, proved: proved.length, unprotected: proved.filter(open).length };
}
