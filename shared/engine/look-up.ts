import { type Access, type AuthorizationSystem, heldNow } from '../domain/access.ts';
import type { Alert } from '../domain/alert.ts';
import { later } from '../domain/duration.ts';
import { type Identity, identityOf, type User } from '../domain/identity.ts';
import type { Playbook } from '../domain/playbook.ts';
import { type ClaimName, type Proof, proveInactive, reportingLagDays } from '../domain/proof.ts';
import type { AccessControl } from '../ports.ts';
import type { Deciding } from './engine.ts';
import type { Found } from './resolve.ts';

/** How many identities are looked at side by side: the far side's limits are per second, not per alert. */
const atOnce = 5;

interface LookedUp {
  readonly identities: readonly Identity[];
  readonly left: Found['left'];
  readonly how: string;
}

/** Where the identities of each claim are found. */
const lookUps: Readonly<
  Record<ClaimName, (engine: Deciding, control: AccessControl, playbook: Playbook, system: string) => Promise<LookedUp>>
> = { inactive: lookUpInactive, super: lookUpSuper };

/**
 * Looks up the identities an alert speaks of without naming them. More than the alert counted is a doubt: then a person
 * decides, whatever the playbook may do.
 */
export async function lookUp(
  engine: Deciding,
  alert: Alert,
  playbook: Playbook,
  system: AuthorizationSystem,
): Promise<Found> {
  const control = engine.world.accessControl[system.type];
  if (!control) return { identities: [], left: [], how: `nothing is connected that knows ${system.type}`, doubt: null };
  const { identities, left, how } = await lookUps[playbook.proof.claim](engine, control, playbook, system.id);
  const said = alert.identityCount;
  const doubt =
    said !== null && identities.length > said
      ? `the alert counts ${said} identities, ${identities.length} were found`
      : null;
  return { identities, left, how: said === null ? how : `the alert counts ${said}, ${how}`, doubt };
}

/** Users quiet for the period who have any access to the system, directly, through a group, or one activation away. */
async function lookUpInactive(
  engine: Deciding,
  control: AccessControl,
  playbook: Playbook,
  system: string,
): Promise<LookedUp> {
  const now = engine.clock();
  const days = playbook.proof.days + reportingLagDays;
  const quiet = await engine.world.directory.quietSince(later(now, -days * 86_400_000));
  const looked = await inGroups(quiet, async (user) => ({
    user,
    access: await control.access(system, user.id),
    proof: proveInactive({ state: 'live', user }, playbook.proof, now),
  }));
  const withAccess = looked.filter(({ access }) => hasAccess(access));
  const inactive = withAccess.filter(({ proof }) => proof.verdict === 'true');
  const left = withAccess
    .filter(({ proof }) => proof.verdict !== 'true')
    .map(({ user, proof }) => leftOut(user, proof));
  const how = `${quiet.length} users were quiet for ${days} days, ${withAccess.length} of them have access here, ${inactive.length} are proved inactive`;
  return { identities: inactive.map(({ user }) => identityOf(user)), left, how };
}

function hasAccess(access: Access): boolean {
  return heldNow(access).length > 0 || access.eligible.length > 0;
}

function leftOut(user: User, proof: Proof): Found['left'][number] {
  return {
    who: user.userPrincipalName,
    reason: `${proof.verdict === 'unknown' ? 'unknown' : 'not inactive'}: ${proof.reason}`,
  };
}

async function lookUpSuper(
  engine: Deciding,
  control: AccessControl,
  _playbook: Playbook,
  system: string,
): Promise<LookedUp> {
  const ids = await control.superUsers(system);
  const presences = await inGroups(ids, (id) => engine.world.directory.presence(id));
  const identities = presences.flatMap((one) => (one.state === 'live' ? [identityOf(one.user)] : []));
  return { identities, left: [], how: `${identities.length} users hold everything here` };
}

async function inGroups<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += atOnce)
    results.push(...(await Promise.all(items.slice(start, start + atOnce).map(work))));
  return results;
}
