import type { AuthorizationSystem } from './access.ts';
import type { Alert } from './alert.ts';
import { type Facts, factsOf, holdsOn } from './condition.ts';
import type { Playbook } from './playbook.ts';

/** Why each playbook answers the alert or does not. */
export interface Considered {
  readonly playbook: string;
  readonly version: number;
  readonly digest: string;
  readonly answers: boolean;
  /** Empty where it answers; else everything that speaks against it, not only the first. */
  readonly against: readonly string[];
}

/** The playbook that answers, or none, and what was thought of every one that is for the rule of the alert. */
export interface Match {
  readonly playbook: Playbook | null;
  readonly considered: readonly Considered[];
}

/**
 * Matches an alert to playbooks. Of those that could answer, the lowest priority number does; ties go by name. Playbooks
 * for other rules are not looked at, however many there are.
 */
export function match(alert: Alert, system: AuthorizationSystem, playbooks: readonly Playbook[]): Match {
  const facts = factsOf(alert, system);
  const judged = forRule(playbooks, alert.rule).map((playbook) => ({ playbook, against: against(facts, playbook) }));
  const first = judged.find((one) => one.against.length === 0) ?? null;
  const considered = judged.map(({ playbook, against }) => ({
    playbook: playbook.name,
    version: playbook.version,
    digest: playbook.digest,
    answers: playbook === first?.playbook,
    against:
      against.length === 0 && first && playbook !== first.playbook
        ? [`${first.playbook.name} comes before it (priority ${first.playbook.priority} before ${playbook.priority})`]
        : against,
  }));
  return { playbook: first?.playbook ?? null, considered };
}

/** Everything that speaks against the playbook answering the alert. */
export function reasonsAgainst(alert: Alert, system: AuthorizationSystem, playbook: Playbook): readonly string[] {
  return against(factsOf(alert, system), playbook);
}

function against(facts: Facts, { on, when }: Playbook): readonly string[] {
  const { rule } = facts.alert;
  const { type } = facts.system;
  const reasons: string[] = [];
  if (!on.rules.includes(rule)) reasons.push(`answers ${on.rules.join(', ')}, not ${rule}`);
  if (!on.systems.some((one) => one === type)) reasons.push(`is for ${on.systems.join(', ')}, not ${type}`);
  if (reasons.length > 0 || when === null) return reasons;
  const result = holdsOn(when, facts);
  return result === true ? [] : [result];
}

type ByRule = ReadonlyMap<string, readonly Playbook[]>;

/** Sets of playbooks as they were sorted once; a set nobody holds any more is forgotten. */
const sorted = new WeakMap<readonly Playbook[], ByRule>();

/** The playbooks for a rule, in the order in which they are asked. */
function forRule(playbooks: readonly Playbook[], rule: string): readonly Playbook[] {
  const known = sorted.get(playbooks) ?? byRule(playbooks);
  sorted.set(playbooks, known);
  return known.get(rule) ?? [];
}

function byRule(playbooks: readonly Playbook[]): ByRule {
  const rules = new Map<string, Playbook[]>();
  const inOrder = [...playbooks].sort((a, b) => a.priority - b.priority || compare(a.name, b.name));
  for (const playbook of inOrder)
    for (const rule of new Set(playbook.on.rules)) {
      const known = rules.get(rule);
      if (known) known.push(playbook);
      else rules.set(rule, [playbook]);
    }
  return rules;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
