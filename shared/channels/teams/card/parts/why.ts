import type { CardElement } from '@microsoft/teams.cards';
import type { Run } from '../../../../domain/run.ts';
import { fact, heading, minute, type Room, said, words } from '../text.ts';

/** Why somebody is asked: rule, alert, time, who raised it, and by which playbook. */
export function why(run: Run, room: Room): CardElement[] {
  const { rule, source, requestedBy, alert, title, occurredAt, playbook, mode } = run.opened;
  return [
    heading('Why'),
    fact('Rule', [
      words(rule, room),
      said(' by '),
      words(source, room),
      said(`, ${minute(occurredAt ?? run.openedAt)}`),
    ]),
    fact('Alert', [
      ...(title === undefined ? [] : [words(title, room), said('  ')]),
      words(alert, { ...room, text: 40 }, { fontType: 'Monospace', size: 'Small', isSubtle: true }),
    ]),
    fact('Requested by', [words(requestedBy, room)]),
    fact('Playbook', [words(`${playbook.name} v${playbook.version}`, room), said(` (${mode})`)]),
  ];
}
