import type { Plan } from '../../shared/domain/plan.ts';
import type { Found, Row } from './intents.ts';

/** What stands decided, counted without the engine's own fold. */
export interface Standing {
  /** The plan that enough people approved, or the playbook chose; null where somebody rejected. */
  readonly plan: Plan | null;
  readonly by: readonly string[];
  readonly order: number;
}

interface Approved {
  readonly by: string;
  readonly plan: Plan;
}

/** How far deciding has come. */
interface Deciding {
  readonly plans: readonly Plan[];
  /** Until when the question stands; null where nobody is asked. */
  readonly asked: string | null;
  readonly approvals: readonly Approved[];
  readonly standing: Standing | null;
}

const undecided: Deciding = { plans: [], asked: null, approvals: [], standing: null };

/** The decision that stands after these entries; null where none does. */
export function standingDecision(rows: readonly Row[]): Standing | null {
  return rows.reduce(after, undecided).standing;
}

function after(before: Deciding, { written, entry }: Row): Deciding {
  switch (entry.type) {
    case 'planned':
      return { ...undecided, plans: entry.data.plans };
    case 'plan-voided':
    case 'redriven':
      return undecided;
    case 'approval-voided': {
      const approvals = before.approvals.filter(({ by }) => by !== entry.data.by);
      return { ...before, approvals, asked: null, standing: null };
    }
    case 'asked':
      return { ...before, asked: entry.data.expiresAt };
    case 'decided':
      return before.standing ? before : decided(before, entry, written.order);
    default:
      return before;
  }
}

function decided(before: Deciding, { data, time }: Found<'decided'>['entry'], order: number): Deciding {
  const { by, choice, digest } = data;
  const alone = by.startsWith('playbook:');
  if (!alone && (before.asked === null || time >= before.asked)) return before;
  if (choice === null) return { ...before, standing: { plan: null, by: [by], order } };
  const plan = before.plans.find((one) => one.choice === choice && one.digest === digest);
  if (!plan) return before;
  const others = before.approvals.filter((one) => one.by !== by || one.plan !== plan);
  const approvals = [...others, { by, plan }];
  const people = approvals.filter((one) => one.plan === plan).map((one) => one.by);
  const enough = alone || people.length >= plan.people;
  return { ...before, approvals, standing: enough ? { plan, by: people, order } : null };
}
