import type { CardElement } from '@microsoft/teams.cards';
import type { Run } from '../../../../domain/run.ts';
import { fact, heading, minute, type Room, said, words } from '../text.ts';

/** What came of it: why it is held or over, who takes it back, and how that ended. */
export function result(run: Run, room: Room): CardElement[] {
  const { ended, held, undo, voided } = run;
  const facts = [
    ...(voided.length > 0 && !run.plans ? [fact('Voided', [words(voided.at(-1) ?? '', room)])] : []),
    ...(held && !ended ? [fact('Held', [words(held.reason, room)])] : []),
    ...(ended ? [fact('Result', [words(ended.reason, room)]), fact('Ended', [said(minute(ended.at))])] : []),
    ...(undo ? [fact('Taken back', [words(`${undo.byName}: ${undo.reason}`, room)])] : []),
    ...(undo?.ended ? [fact('Undo', [words(`${undo.ended.outcome}: ${undo.ended.reason}`, room)])] : []),
  ];
  return facts.length === 0 ? [] : [heading('What came of it'), ...facts];
}
