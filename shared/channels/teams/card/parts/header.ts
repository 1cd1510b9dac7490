import type { ContainerStyle, IContainer } from '@microsoft/teams.cards';
import type { Run } from '../../../../domain/run.ts';
import { type Standing, standingOf } from '../../../../domain/standing.ts';
import { line, type Room, said, words } from '../text.ts';

/** What each standing looks like, in our own words. */
const looks: Readonly<Record<Standing, { title: string; style: ContainerStyle }>> = {
  asking: { title: 'Approval needed', style: 'warning' },
  superseded: { title: 'Superseded: planned again', style: 'emphasis' },
  decided: { title: 'Approved, being carried out', style: 'accent' },
  held: { title: 'Held', style: 'warning' },
  done: { title: 'Done and verified', style: 'good' },
  failed: { title: 'Failed', style: 'attention' },
  rejected: { title: 'Rejected', style: 'emphasis' },
  expired: { title: 'Expired: nobody decided', style: 'emphasis' },
  refused: { title: 'Refused by a guard', style: 'attention' },
  undoing: { title: 'Being taken back', style: 'accent' },
  undone: { title: 'Taken back', style: 'good' },
  ended: { title: 'Ended without a change', style: 'emphasis' },
};

/** A standing in our own words, for a line. */
export function inWords(standing: Standing): string {
  return looks[standing].title;
}

/** How it stands, and whom it is about. */
export function header(run: Run, room: Room): IContainer {
  const { title, style } = looks[standingOf(run)];
  const { identity, system } = run.opened;
  return {
    type: 'Container',
    style,
    bleed: true,
    items: [
      { type: 'TextBlock', text: title, weight: 'Bolder', size: 'Large', wrap: true, style: 'heading' },
      line(
        [
          words(identity.displayName, room, { weight: 'Bolder' }),
          said('  '),
          words(identity.userPrincipalName, room),
          said('  in  '),
          words(system.name, room, { weight: 'Bolder' }),
        ],
        { spacing: 'Small' },
      ),
      line([said(`${identity.kind} `, { isSubtle: true, size: 'Small' }), words(identity.id, room, small)], {
        spacing: 'None',
      }),
    ],
  };
}

const small = { isSubtle: true, size: 'Small', fontType: 'Monospace' } as const;
