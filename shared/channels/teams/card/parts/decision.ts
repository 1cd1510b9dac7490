import type { CardElement } from '@microsoft/teams.cards';
import { approvalsOf } from '../../../../domain/approval.ts';
import { chosenPlan, type Decision, type Run } from '../../../../domain/run.ts';
import { fact, heading, minute, type Room, said, words } from '../text.ts';

/** Who decided what, when and why. */
export function decision(run: Run, room: Room): CardElement[] {
  const { decision: made } = run;
  if (!made) return [];
  const label = chosenPlan(run)?.label ?? made.choice ?? '';
  return [
    heading('Decision'),
    fact('Decided', [
      ...(made.choice === null ? [said('Rejected')] : [said('Approved: '), words(label, room)]),
      said(' by '),
      words(deciders(run, made), room, { weight: 'Bolder' }),
    ]),
    fact('When', [said(minute(made.at))]),
    ...(made.reason === null ? [] : [fact('Reason', [words(made.reason, room)])]),
  ];
}

/** Everybody whose approval it took, in order; whoever rejects does so alone. */
function deciders(run: Run, { digest, byName }: Decision): string {
  const names = approvalsOf(run, digest).map((one) => one.byName);
  return names.length === 0 ? byName : names.join(' and ');
}
