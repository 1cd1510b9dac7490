import { type Exclusion, inForce, markInForce } from './exclusion.ts';
import type { Presence, Privilege, User } from './identity.ts';
import type { Risk } from './plan.ts';

/** What the guards look at. Read fresh every time; a fact that cannot be read stops the run, it is never left out. */
export interface GuardFacts {
  readonly now: string;
  readonly run: string;
  readonly presence: Presence;
  /** Is the identity in a group whose members approve? */
  readonly approver: boolean;
  readonly privileges: readonly Privilege[];
  readonly exclusion: Exclusion | null;
  readonly safety: Safety;
}

/** Who must not be touched, from the settings. Object ids, lower case. */
export interface Safety {
  /** Emergency access accounts and whoever else the organisation names. */
  readonly breakGlass: readonly string[];
  /** Groups whose members, direct or through other groups, may approve. */
  readonly approverGroups: readonly string[];
  /** Identities Quell itself runs as. */
  readonly ourselves: readonly string[];
}

/** What a guard has to know about an action. */
export interface GuardedAction {
  readonly action: string;
  readonly risk: Risk;
  /** Changes the account object itself, which for a synced user belongs on-premises. */
  readonly changesAccount: boolean;
}

/** A reason not to act. */
export interface Refusal {
  readonly guard: string;
  readonly action: string;
  readonly reason: string;
}

interface Guard {
  readonly name: string;
  /** The reason to stop this action, or null. */
  readonly stops: (facts: GuardFacts, user: User, action: GuardedAction) => string | null;
}

/** Accounts younger than this are set up but not yet used: 30 days. */
export const youngDays = 30;

/** In order of the gate. Every guard applies to every action that touches the identity; sending word is not touching. */
const guards: readonly Guard[] = [
  {
    name: 'break-glass list',
    stops: ({ safety }, _user, { risk }) =>
      risk === 'destructive' && safety.breakGlass.length === 0
        ? 'the list of emergency access accounts is empty; nothing destructive runs without it'
        : null,
  },
  {
    name: 'break-glass',
    stops: ({ safety }, user) =>
      names(safety.breakGlass, user)
        ? 'is on the break-glass list: it looks unused because it is for emergencies'
        : null,
  },
  {
    name: 'ourselves',
    stops: ({ safety }, user) => (names(safety.ourselves, user) ? 'is an identity Quell runs as' : null),
  },
  {
    name: 'approver',
    stops: ({ approver }) =>
      approver ? 'is an approver: changing who can decide is not a decision for a playbook' : null,
  },
  {
    name: 'privileged',
    stops: ({ privileges }) =>
      privileges.length === 0 ? null : `holds power over others: ${privileges.map(inWords).join('; ')}`,
  },
  {
    name: 'synced',
    stops: (_facts, user, { changesAccount }) =>
      user.synced && changesAccount ? 'is mastered on-premises: change it there, or the next sync undoes it' : null,
  },
  {
    name: 'recently created',
    stops: ({ now }, user) => tooYoung(user, now),
  },
  {
    name: 'excluded',
    stops: ({ exclusion, run, now }, user) => excluded(user, exclusion, run, now),
  },
];

/** Every reason not to take the action; empty where there is none. Fails closed: an identity that is not live is a reason. */
export function refusals(facts: GuardFacts, action: GuardedAction): readonly Refusal[] {
  if (action.risk === 'notify') return [];
  const { presence } = facts;
  if (presence.state !== 'live') {
    const reason = presence.state === 'deleted' ? 'is already deleted' : 'does not exist in the directory';
    return [{ guard: 'exactly one target', action: action.action, reason }];
  }
  return guards.flatMap(({ name, stops }) => {
    const reason = stops(facts, presence.user, action);
    return reason === null ? [] : [{ guard: name, action: action.action, reason }];
  });
}

/** Names of the guards, in order. */
export const guardNames: readonly string[] = guards.map(({ name }) => name);

function names(list: readonly string[], user: User): boolean {
  return list.some((id) => id.toLowerCase() === user.id.toLowerCase());
}

function inWords({ role, scope, held, through }: Privilege): string {
  const way = through === 'direct' ? '' : ` through ${through}`;
  return `${role}${held === 'eligible' ? ' (eligible)' : ''} on ${scope}${way}`;
}

function tooYoung(user: User, now: string): string | null {
  if (user.createdAt === null) return 'has no creation date, so it may be new';
  const age = (Date.parse(now) - Date.parse(user.createdAt)) / 86_400_000;
  if (Number.isNaN(age)) return 'has a creation date that cannot be read, so it may be new';
  return age < youngDays ? `was created ${Math.floor(age)} days ago; ${youngDays} are asked for` : null;
}

/** Excluded by somebody else: a run that excludes and then goes on is not stopped by its own mark. */
function excluded(user: User, exclusion: Exclusion | null, run: string, now: string): string | null {
  if (exclusion?.run === run) return null;
  if (exclusion && inForce(exclusion, now))
    return `is excluded until ${exclusion.expiresAt.slice(0, 10)}: ${exclusion.reason}`;
  if (user.excludeMark !== null && markInForce(user.excludeMark, now))
    return `carries the exclusion mark "${user.excludeMark}"`;
  return null;
}
