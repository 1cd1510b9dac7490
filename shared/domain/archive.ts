import { z } from 'zod';
import type { Access, AuthorizationSystem } from './access.ts';
import type { Alert } from './alert.ts';
import type { Budget, BudgetClass } from './budget.ts';
import type { GuardFacts, Safety } from './guard.ts';
import type { Presence } from './identity.ts';
import type { Playbook } from './playbook.ts';

/*
 * An archive is text, one JSON object a line: its head, then cases in the order in which their alerts were received,
 * each after the playbooks and settings it refers to. It is made from journals alone and holds no names of people.
 */

/** What was read about one identity of an alert when the alert was answered. */
export interface CaseRun {
  readonly identity: string;
  /** When the claim was proved; null where it never was. */
  readonly at: string | null;
  /** The evidence of the proof; null where it was not recorded. */
  readonly presence: Presence | null;
  readonly access: Access | null;
  /** What the guards looked at (their presence where it is another); null where they were not asked, or it was not recorded. */
  readonly facts: (Omit<GuardFacts, 'safety' | 'presence'> & { readonly presence?: Presence }) | null;
  /** Digest of the settings the guards went by. */
  readonly safety: string | null;
  /** What a person or the playbook chose. */
  readonly choice: string | null;
}

/** One alert, with what was known when it was answered. */
export interface Case {
  readonly kind: 'case';
  readonly alert: Alert;
  /** As it was read then; null where that was not recorded. */
  readonly system: AuthorizationSystem | null;
  /** SHA-256 of the playbooks that answered; null where it was not recorded. */
  readonly playbooks: string | null;
  readonly runs: readonly CaseRun[];
}

export type ArchiveLine =
  | Case
  | {
      readonly kind: 'archive';
      readonly format: 1;
      readonly budgets: Readonly<Record<BudgetClass, Budget>>;
    }
  | { readonly kind: 'playbooks'; readonly sha256: string; readonly playbooks: readonly Playbook[] }
  | { readonly kind: 'safety'; readonly digest: string; readonly safety: Safety };

/** Enough to tell lines apart and to fail on others: a whole check of every case would take longer than deciding it. */
const lineSchema = z.union([
  z.object({
    kind: z.literal('case'),
    alert: z.object({ rule: z.string(), receivedAt: z.string() }),
    runs: z.array(z.unknown()),
  }),
  z.object({ kind: z.literal('archive'), format: z.literal(1) }),
  z.object({ kind: z.literal('playbooks'), sha256: z.string(), playbooks: z.array(z.unknown()) }),
  z.object({ kind: z.literal('safety'), digest: z.string() }),
]);

/** A line of an archive; null where it is none. */
export function archiveLineOf(text: string): ArchiveLine | null {
  try {
    const value: unknown = JSON.parse(text);
    return isLine(value) ? value : null;
  } catch {
    return null;
  }
}

function isLine(value: unknown): value is ArchiveLine {
  if (value !== null && typeof value === 'object' && 'kind' in value && value.kind === 'case')
    return 'alert' in value && 'runs' in value && Array.isArray(value.runs);
  return lineSchema.safeParse(value).success;
}
