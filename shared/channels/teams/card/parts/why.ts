import type { CardElement } from '@microsoft/teams.cards';
import type { Run } from '../../../../domain/run.ts';
import { fact, heading, minute, type Room, said, words } from '../text.ts';
import { factOf } from './evidence.ts';

/** Why somebody is asked: rule, alert, time, who raised it, and by which playbook. */
export function why(run: Run, room: Room): CardElement[] {
  const { rule, source, alert, playbook, mode } = run.opened;
  const title = factOf(run, 'alert');
  const sender = factOf(run, 'alertSender');
  const at = factOf(run, 'alertTime');
  return [
    heading('Why'),
    fact('Rule', [words(rule, room), said(' by '), words(source, room)]),
    ...(title === null ? [] : [fact('Alert', [words(title, room)])]),
    fact('Alert id', [words(alert, room, { fontType: 'Monospace', size: 'Small' })]),
    fact('Time', [said(minute(at ?? run.openedAt))]),
    ...(sender === null ? [] : [fact('Requested by', [words(sender, room)])]),
    fact('Playbook', [words(`${playbook.name} v${playbook.version}`, room), said(` (${mode})`, { isSubtle: true })]),
  ];
}
