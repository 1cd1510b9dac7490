import { z } from 'zod';
import { idOf } from './digest.ts';

/** The kinds of authorization system. `entra` is the tenant itself. */
export const systemTypes = ['azure', 'aws', 'gcp', 'entra'] as const;
export type SystemType = (typeof systemTypes)[number];

/** The kinds of identity an alert can nominate. */
export const identityKinds = ['user', 'group', 'role', 'service-principal', 'service-account'] as const;
export type IdentityKind = (typeof identityKinds)[number];

const text = (max: number) => z.string().min(1).max(max);

/** What an alert says an identity is. Only an `id` is immutable; the rest has to be resolved to one. */
export const nominationSchema = z.strictObject({
  kind: z.enum(identityKinds),
  by: z.enum(['id', 'userPrincipalName', 'displayName']),
  value: text(320),
});
export type Nomination = z.infer<typeof nominationSchema>;

/** What a source reads out of a notification: claims, none of them believed. */
export const claimsSchema = z.strictObject({
  /** Rule as a slug, e.g. `inactive-users`: what playbooks listen for. */
  rule: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    .max(100),
  /** Rule as the notification wrote it. */
  ruleName: text(200),
  /** Name of the alert, free text chosen by its author. */
  title: text(300),
  system: z.strictObject({ type: z.enum(systemTypes), id: text(200) }),
  /** Empty where the notification names nobody: identities are then looked up. */
  nominations: z.array(nominationSchema).max(200),
  /** How many identities the notification speaks of; null where it does not say. */
  identityCount: z.int().nonnegative().nullable(),
  /** When the source says it happened (ISO 8601, UTC). */
  occurredAt: z.iso.datetime(),
  /** The source's own key for this alert, so that its repeats are recognised; null where it has none. */
  dedupeKey: text(500).nullable(),
});
export type Claims = z.infer<typeof claimsSchema>;

/** Where the raw bytes are and how they came. */
export const rawSchema = z.strictObject({
  /** SHA-256 of the bytes: their name in the vault. */
  sha256: z.string().length(64),
  contentType: z.string(),
  bytes: z.int().nonnegative(),
});
export type Raw = z.infer<typeof rawSchema>;

/** One normalized notification, whatever raised it. */
export const alertSchema = claimsSchema.extend({
  id: z.string(),
  source: text(100),
  /** Who sent it, as authenticated: `person:…`, `app:…`, `mail:domain`, `queue`. */
  sender: text(300),
  receivedAt: z.iso.datetime(),
  raw: rawSchema,
});
export type Alert = z.infer<typeof alertSchema>;

/**
 * The alert that claims make. Its id is a digest of what is claimed, not of how it was sent: the same alert again,
 * by another delivery, has the same id and so finds the same runs.
 */
export function alertOf(
  claims: Claims,
  received: { source: string; sender: string; receivedAt: string; raw: Raw },
): Alert {
  return { ...claims, ...received, id: idOf('alert', [received.source, claims]) };
}

/** `Overprovisioned Active Users` → `overprovisioned-active-users`: a name as a slug. */
export function slugOf(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
