import type { CardElement } from '@microsoft/teams.cards';
import { approvalsOf } from '../../../../domain/approval.ts';
import type { Plan } from '../../../../domain/plan.ts';
import type { Run } from '../../../../domain/run.ts';
import { fact, heading, minute, type Room, said, words } from '../text.ts';
import { factOf } from './evidence.ts';

/** On which terms it is asked: how many have to agree, until when, and how much room is left. */
export function terms(run: Run, room: Room): CardElement[] {
  const { asked } = run;
  if (!asked) return [];
  const budget = factOf(run, 'budgetLeft');
  const plans = (run.plans ?? []).filter(({ choice }) => asked.choices.includes(choice)).slice(0, room.items);
  return [
    heading('Decision'),
    ...plans.map((plan) => approvals(run, plan, room)),
    fact('Expires', [said(minute(asked.expiresAt))]),
    ...(budget === null ? [] : [fact('Budget left', [words(budget, room), said(' when asked', { isSubtle: true })])]),
    ...(run.voided.length === 0
      ? []
      : [fact('Asked again', [words(`the plan changed: ${run.voided.at(-1) ?? ''}`, room, { color: 'Warning' })])]),
  ];
}

/** How many have approved a choice, of how many it needs, and who. */
function approvals(run: Run, { digest, people, label }: Plan, room: Room): CardElement {
  const given = approvalsOf(run, digest);
  const names = given.map(({ byName, at }) => `${byName} ${minute(at)}`).join(', ');
  return fact('Approvals', [
    said(`${given.length} of ${people}`, { weight: 'Bolder' }),
    said(' for '),
    words(label, room),
    ...(names === '' ? [] : [said(': '), words(names, room)]),
  ]);
}
