import type { AuthorizationSystem } from './access.ts';
import type { Alert } from './alert.ts';
import { holds } from './condition.ts';
import type { Playbook } from './playbook.ts';

/** Why each playbook answers the alert or does not. */
export interface Considered {
  readonly playbook: string;
  readonly answers: boolean;
  /** Empty where it answers; else everything that speaks against it, not only the first. */
  readonly against: readonly string[];
}

/** The playbook that answers, or none, and what was thought of every one. */
export interface Match {
  readonly playbook: Playbook | null;
  readonly considered: readonly Considered[];
}

/** Matches an alert to playbooks. Of those that could answer, the lowest priority number does; ties go by name. */
export function match(alert: Alert, system: AuthorizationSystem, playbooks: readonly Playbook[]): Match {
  const inOrder = [...playbooks].sort((a, b) => a.priority - b.priority || compare(a.name, b.name));
  const judged = inOrder.map((playbook) => ({ playbook, against: reasonsAgainst(alert, system, playbook) }));
  const first = judged.find((one) => one.against.length === 0) ?? null;
  const considered = judged.map(({ playbook, against }) => ({
    playbook: playbook.name,
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
  const against: string[] = [];
  if (!playbook.on.rules.includes(alert.rule))
    against.push(`answers ${playbook.on.rules.join(', ')}, not ${alert.rule}`);
  if (!playbook.on.systems.includes(system.type))
    against.push(`is for ${playbook.on.systems.join(', ')}, not ${system.type}`);
  if (against.length > 0 || playbook.when === null) return against;
  const result = holds(playbook.when, alert, system);
  return result === true ? [] : [result];
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
