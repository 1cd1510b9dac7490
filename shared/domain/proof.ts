import { z } from 'zod';
import { type Access, heldNow } from './access.ts';
import { daysBetween } from './duration.ts';
import type { Presence, SignIns, User } from './identity.ts';
import { jsonSchema } from './json.ts';

/** What a playbook wants proved before it acts. */
export const claimNames = ['inactive', 'super'] as const;
export type ClaimName = (typeof claimNames)[number];

/** An observed fact, with where it comes from. */
export const evidenceSchema = z.strictObject({ fact: z.string(), value: jsonSchema, source: z.string() });
export type Evidence = z.infer<typeof evidenceSchema>;

/** What proving each claim reads of the user. */
export const claimReads: Readonly<Record<ClaimName, readonly (keyof User)[]>> = { inactive: ['signIns'], super: [] };

/** The claim checked against the authorization system. `unknown` is not `true`: it satisfies nothing that changes anything. */
export const proofSchema = z.strictObject({
  claim: z.enum(claimNames),
  verdict: z.enum(['true', 'false', 'unknown']),
  reason: z.string(),
  evidence: z.array(evidenceSchema),
  /** When it was observed. */
  at: z.iso.datetime(),
});
export type Proof = z.infer<typeof proofSchema>;

/**
 * How late sign-in activity may appear, in days. Entra documents up to 24 h for the value and about 6 h for reports
 * (learn.microsoft.com/entra/identity/monitoring-health/howto-manage-inactive-user-accounts); doubled to be sure.
 */
export const reportingLagDays = 2;

/** How old a proof may be when something is changed on its strength: 15 minutes. */
export const proofFreshMs = 15 * 60_000;

interface Question {
  readonly claim: ClaimName;
  readonly days: number;
}

/**
 * Is the user inactive? Signing in is needed to use any permission, so no sign-in for the period means that no
 * authorization system was used in it: enough for every system, though not necessary for any one.
 *
 * Of the three times the directory keeps, two count failed attempts too, and the one that does not starts in December
 * 2023. So: any success or unexplained attempt in the period is not inactivity, attempts alone are unknown, no record is unknown.
 */
export function proveInactive(presence: Presence, question: Question, now: string): Proof {
  const base = { claim: 'inactive', at: now } as const;
  if (presence.state !== 'live') return { ...base, verdict: 'unknown', reason: gone(presence), evidence: [] };
  const { signIns } = presence.user;
  if (signIns === null)
    return {
      ...base,
      verdict: 'unknown',
      reason: 'the directory has no sign-in on record: never signed in, or not since records began',
      evidence: [{ fact: 'signInActivity', value: null, source: 'graph' }],
    };
  const evidence = [
    { fact: 'lastSuccessfulSignIn', value: signIns.successful, source: 'graph' },
    { fact: 'lastInteractiveAttempt', value: signIns.interactive, source: 'graph' },
    { fact: 'lastNonInteractiveAttempt', value: signIns.nonInteractive, source: 'graph' },
  ];
  return { ...base, evidence, ...judge(signIns, question.days, now) };
}

function judge(signIns: SignIns, days: number, now: string): Pick<Proof, 'verdict' | 'reason'> {
  const needed = days + reportingLagDays;
  const success = daysSince(signIns.successful, now);
  const attempt = daysSince(latest(signIns), now);
  if (attempt === null) return { verdict: 'unknown', reason: 'every sign-in time is empty' };
  if (Number.isNaN(attempt)) return { verdict: 'unknown', reason: 'a sign-in time cannot be read' };
  if (success !== null && success < needed)
    return {
      verdict: 'false',
      reason: `signed in ${ago(success)}; ${needed} days without are asked for (${days} and ${reportingLagDays} for late reports)`,
    };
  if (attempt >= needed)
    return { verdict: 'true', reason: `no sign-in and no attempt for ${attempt} days; ${needed} are asked for` };
  if (success === null)
    return {
      verdict: 'unknown',
      reason: `a sign-in was tried ${ago(attempt)} and no success is on record: it may or may not have succeeded`,
    };
  return {
    verdict: 'unknown',
    reason: `last success ${success} days ago, but a sign-in was tried ${ago(attempt)}: somebody is at this account`,
  };
}

/** Does the user hold everything in the system: a role that can give access to others, at the system or above it? */
export function proveSuper(access: Access, systemScope: string, now: string): Proof {
  const held = heldNow(access).filter((one) => one.grantsAccess && atOrAbove(one.scope, systemScope));
  const evidence = held.map((one) => ({ fact: one.roleName, value: one.scope, source: 'azure' }));
  const base = { claim: 'super', evidence, at: now } as const;
  if (held.length === 0) return { ...base, verdict: 'false', reason: 'holds no role over the whole system' };
  return {
    ...base,
    verdict: 'true',
    reason: `holds ${held.map((one) => one.roleName).join(', ')} over the whole system`,
  };
}

function atOrAbove(scope: string, systemScope: string): boolean {
  return scope.toLowerCase() === systemScope.toLowerCase() || !scope.toLowerCase().startsWith('/subscriptions/');
}

function gone(presence: Presence): string {
  return presence.state === 'deleted' ? 'the user is in the deleted items' : 'the directory does not have the user';
}

function latest(signIns: SignIns): string | null {
  const times = [signIns.successful, signIns.interactive, signIns.nonInteractive].filter((time) => time !== null);
  const unreadable = times.find((time) => Number.isNaN(Date.parse(time)));
  return unreadable ?? times.sort((a, b) => Date.parse(b) - Date.parse(a))[0] ?? null;
}

function daysSince(time: string | null, now: string): number | null {
  return time === null ? null : daysBetween(time, now);
}

function ago(days: number): string {
  if (days < 1) return 'within the last day';
  return days === 1 ? 'a day ago' : `${days} days ago`;
}
