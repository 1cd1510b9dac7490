/** A role assignment as the authorization system holds it: all that is needed to put it back. */
export interface Assignment {
  /** GUID, the last segment of its resource id. */
  readonly name: string;
  readonly scope: string;
  readonly roleDefinitionId: string;
  readonly roleName: string;
  /** The role can only read: every action ends in `/read`, and there are no data actions beyond reading. */
  readonly readOnly: boolean;
  /** The role can give access to others, and so everything to whoever holds it. */
  readonly grantsAccess: boolean;
  readonly principalId: string;
  readonly principalType: string;
  readonly condition: string | null;
  readonly conditionVersion: string | null;
  readonly description: string | null;
}

/** What one identity may do in one authorization system, and by which way. */
export interface Access {
  /** Assigned to the identity itself, at the system or below it. */
  readonly direct: readonly Assignment[];
  /** Assigned to the identity itself above the system (management group or root): not this system's to change. */
  readonly above: readonly Assignment[];
  /** Held through a group. */
  readonly throughGroup: readonly Assignment[];
  /** Not held, but one activation away (Privileged Identity Management). */
  readonly eligible: readonly Assignment[];
}

/** One authorization system, from the system itself and not from an alert. */
export interface AuthorizationSystem {
  readonly type: 'azure' | 'aws' | 'gcp' | 'entra';
  readonly id: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Access that stays after a step, and why: shown before anybody approves. */
export interface Residual {
  readonly what: string;
  readonly why: string;
}

/** Does `wider` contain `scope`? Azure scopes are paths and compare without regard to case; `/` contains all. */
export function covers(wider: string, scope: string): boolean {
  const outer = wider.toLowerCase().replace(/\/+$/, '');
  const inner = scope.toLowerCase();
  return inner === outer || inner.startsWith(`${outer}/`);
}

/** Everything the identity holds now, by whatever way. */
export function heldNow(access: Access): readonly Assignment[] {
  return [...access.direct, ...access.above, ...access.throughGroup];
}
