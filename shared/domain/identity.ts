import { z } from 'zod';
import { identityKinds } from './alert.ts';

/** An identity by its immutable id. The names are for people only; nothing is ever decided on them. */
export const identitySchema = z.strictObject({
  kind: z.enum(identityKinds),
  /** Object id in the directory. */
  id: z.string().min(1),
  displayName: z.string(),
  userPrincipalName: z.string(),
});
export type Identity = z.infer<typeof identitySchema>;

/** Times of the last sign-ins (ISO 8601); null where the directory has none on record. */
export interface SignIns {
  /** Kept since December 2023, not back-filled. */
  readonly successful: string | null;
  /** Attempts, failed ones included. */
  readonly interactive: string | null;
  /** Attempts, failed ones included. */
  readonly nonInteractive: string | null;
}

/** A user as the directory holds it now. */
export interface User {
  readonly id: string;
  readonly displayName: string;
  readonly userPrincipalName: string;
  readonly enabled: boolean;
  readonly guest: boolean;
  /** Mastered on-premises: the directory is not where it can be changed. */
  readonly synced: boolean;
  readonly createdAt: string | null;
  /** null where the directory keeps no sign-in activity for the user: never signed in, or not since April 2020. */
  readonly signIns: SignIns | null;
  /** Tokens issued before this are no longer valid; null where never set. */
  readonly sessionsValidFrom: string | null;
  /** Value of the `AlertResponse.ckExcludeFromReports` attribute; null where unset. */
  readonly excludeMark: string | null;
  /** How many licences are assigned, directly or through groups. */
  readonly licences: number;
}

/** Where a user stands: in the directory, in its deleted items, or nowhere. */
export type Presence =
  | { readonly state: 'live'; readonly user: User }
  | { readonly state: 'deleted'; readonly user: User }
  | { readonly state: 'absent' };

/** A role that gives power over others, held now or one activation away. */
export interface Privilege {
  readonly role: string;
  /** `directory`, or the Azure scope. */
  readonly scope: string;
  readonly held: 'active' | 'eligible';
  /** `direct`, or the name of the group it comes through. */
  readonly through: string;
}

/** The identity a live user is, without the facts that change. */
export function identityOf(user: User): Identity {
  return { kind: 'user', id: user.id, displayName: user.displayName, userPrincipalName: user.userPrincipalName };
}
