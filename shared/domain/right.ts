import { Fault } from './fault.ts';

/** What somebody may do here. Every HTTP function asks for one of these. */
export const rights = [
  /** See runs, alerts, controls, queries and reports. */
  'read',
  /** Say yes or no to a plan; a place in an approver group is needed as well. */
  'decide',
  /** Take back what a run changed. */
  'undo',
  /** Decide again what was decided, or would have been: reads live systems, changes nothing. */
  'replay',
  /** Let a failed run go on. */
  'redrive',
  /** Stop everything, a playbook or an action. */
  'stop',
  /** Let what was stopped go on. */
  'release',
  /** Change what Quell goes by: modes of playbooks, exclusions, derived tables. */
  'administer',
  /** Send alerts. */
  'send',
] as const;
export type Right = (typeof rights)[number];

interface RoleRow {
  readonly title: string;
  readonly about: string;
  readonly rights: readonly Right[];
  /** Who can be given it: people, or programs as well. */
  readonly members: readonly ('User' | 'Application')[];
}

/**
 * The app roles of the API, by the value that stands in a token, and what each may do. Rights add up. Nobody who
 * administers may decide by that alone, and programs never decide, undo, release or administer.
 */
export const roles = {
  'Quell.Reader': {
    title: 'Reader',
    about: 'Reads runs, alerts, controls, audit queries and reports.',
    rights: ['read'],
    members: ['User', 'Application'],
  },
  'Quell.Responder': {
    title: 'Responder',
    about: 'Reads, replays and redrives runs, takes them back, and stops what goes wrong.',
    rights: ['read', 'replay', 'redrive', 'undo', 'stop'],
    members: ['User'],
  },
  'Quell.Approver': {
    title: 'Approver',
    about: 'Reads, decides about plans, takes runs back, and stops what goes wrong.',
    rights: ['read', 'decide', 'undo', 'stop'],
    members: ['User'],
  },
  'Quell.Author': {
    title: 'Author',
    about: 'Reads, and tries playbooks on what happened: replay and backtest, which change nothing.',
    rights: ['read', 'replay'],
    members: ['User', 'Application'],
  },
  'Quell.Administrator': {
    title: 'Administrator',
    about: 'Reads, stops and releases, and changes modes, exclusions and derived tables. Does not decide.',
    rights: ['read', 'stop', 'release', 'administer'],
    members: ['User'],
  },
  'Alerts.Send': {
    title: 'Alert sender',
    about: 'Sends alerts over HTTP, and does nothing else.',
    rights: ['send'],
    members: ['User', 'Application'],
  },
} as const satisfies Readonly<Record<string, RoleRow>>;
export type Role = keyof typeof roles;

/** Is it one of ours? What else a token holds gives nothing here. */
export function isRole(name: string): name is Role {
  return Object.hasOwn(roles, name);
}

/** Roles that have a right, in the order of the table. */
export function rolesWith(right: Right): readonly Role[] {
  return Object.keys(roles)
    .filter(isRole)
    .filter((role) => grants(role, right));
}

/** @throws Fault `refuse` (403) for a caller without the right */
export function checkRight(caller: { readonly roles: readonly Role[] }, right: Right): void {
  if (caller.roles.some((role) => grants(role, right))) return;
  const message = `The right to ${right} is missing; it comes with ${rolesWith(right).join(' or ')}.`;
  throw new Fault('refuse', 'role-missing', message);
}

function grants(role: Role, right: Right): boolean {
  const row: RoleRow = roles[role];
  return row.rights.includes(right);
}
