import type { CardElement } from '@microsoft/teams.cards';
import type { Run } from '../../../../domain/run.ts';
import { fact, heading, minute, type Room, said, words } from '../text.ts';
import { factOf } from './evidence.ts';

/** On which terms it is asked: how many have to agree, until when, and how much room is left. */
export function terms(run: Run, room: Room): CardElement[] {
  const { asked } = run;
  if (!asked) return [];
  const budget = factOf(run, 'budgetLeft');
  return [
    heading('Decision'),
    fact('Approvals', [said('0 of 1')]),
    fact('Expires', [said(minute(asked.expiresAt))]),
    ...(budget === null ? [] : [fact('Budget left', [words(budget, room), said(' when asked', { isSubtle: true })])]),
    ...(run.voided.length === 0
      ? []
      : [fact('Asked again', [words(`the plan changed: ${run.voided.at(-1) ?? ''}`, room, { color: 'Warning' })])]),
  ];
}
