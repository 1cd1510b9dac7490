import type { AuthorizationSystem } from '../domain/access.ts';
import type { Alert, Nomination } from '../domain/alert.ts';
import { type Identity, identityOf } from '../domain/identity.ts';
import type { Playbook } from '../domain/playbook.ts';
import type { Directory } from '../ports.ts';
import type { Deciding } from './engine.ts';
import { lookUp } from './look-up.ts';

/** The identities an alert is about. */
export interface Found {
  readonly identities: readonly Identity[];
  readonly left: readonly { readonly who: string; readonly reason: string }[];
  /** How they were found, for the record. */
  readonly how: string;
  /** Why a person has to look even where the playbook may act; null where there is no doubt. */
  readonly doubt: string | null;
}

/** Resolves the identities that the alert names; where it names none, looks up those the claim is true of. */
export async function findIdentities(
  engine: Deciding,
  alert: Alert,
  playbook: Playbook,
  system: AuthorizationSystem,
): Promise<Found> {
  if (alert.nominations.length === 0) return lookUp(engine, alert, playbook, system);
  const resolved = await Promise.all(alert.nominations.map((one) => resolve(engine.world.directory, one)));
  const identities = resolved.flatMap((one) => ('identity' in one ? [one.identity] : []));
  const left = resolved.flatMap((one) => ('identity' in one ? [] : [one]));
  const byNameOnly = alert.nominations.some(({ by }) => by === 'displayName');
  return {
    identities: [...new Map(identities.map((one) => [one.id, one])).values()],
    left,
    how: `the alert names ${alert.nominations.length}`,
    doubt: byNameOnly ? 'the alert gives a display name, and anybody can have it' : null,
  };
}

type Resolved = { readonly identity: Identity } | { readonly who: string; readonly reason: string };

/** Object ids of the directory are GUIDs. */
const objectId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** One nomination as exactly one immutable identity, or why not. */
async function resolve(directory: Directory, { kind, by, value }: Nomination): Promise<Resolved> {
  if (kind !== 'user') return { who: value, reason: `is a ${kind}; only users can be resolved` };
  if (by === 'id') {
    if (!objectId.test(value)) return { who: value, reason: 'is not an object id of the directory' };
    const presence = await directory.presence(value);
    if (presence.state === 'live') return { identity: identityOf(presence.user) };
    return {
      who: value,
      reason: presence.state === 'deleted' ? 'is already deleted' : 'does not exist in the directory',
    };
  }
  const users = await directory.usersBy(by, value);
  const [user] = users;
  if (!user) return { who: value, reason: 'nobody in the directory has this name' };
  if (users.length === 1) return { identity: identityOf(user) };
  const ids = users.map(({ id }) => id).join(', ');
  return { who: value, reason: `${users.length} users have this name (${ids}): a person has to say which` };
}
