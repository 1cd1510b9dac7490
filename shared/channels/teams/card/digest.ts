import type { CardElement, IAdaptiveCard } from '@microsoft/teams.cards';
import type { Run } from '../../../domain/run.ts';
import { standingOf } from '../../../domain/standing.ts';
import { fitted } from './fit.ts';
import { inWords } from './parts/header.ts';
import { line, minute, type Room, said, words } from './text.ts';

/** Where the page of a run is; null where there is none. */
export type PageOf = (run: string) => string | null;

/** One card for many runs at once: each with how it stands and the way to its page, where it is decided. */
export function digestCard(runs: readonly Run[], pageOf: PageOf): IAdaptiveCard {
  const open = runs.filter((run) => standingOf(run) === 'asking');
  return fitted((room) => {
    const shown = inOrder(runs).slice(0, room.items * 2);
    const more = runs.length - shown.length;
    return {
      type: 'AdaptiveCard',
      $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
      version: '1.5',
      msteams: { width: 'full' },
      body: [
        {
          type: 'Container',
          style: open.length > 0 ? 'warning' : 'good',
          bleed: true,
          items: [
            { type: 'TextBlock', text: titleOf(open.length, runs.length), weight: 'Bolder', size: 'Large', wrap: true },
            line([said('Too many at once for a card each. Every one is decided on its own page.', { isSubtle: true })]),
          ],
        },
        ...shown.map((run) => rowOf(run, room, pageOf(run.id))),
        ...(more > 0 ? [line([said(`and ${more} more`, { isSubtle: true })])] : []),
      ],
    };
  });
}

function titleOf(open: number, all: number): string {
  return open === 0 ? `All ${all} are decided` : `${open} of ${all} approvals needed`;
}

/** Who still waits comes first; otherwise in the order they came. */
function inOrder(runs: readonly Run[]): readonly Run[] {
  const rank = (run: Run) => (standingOf(run) === 'asking' ? 0 : 1);
  return [...runs].sort((a, b) => rank(a) - rank(b) || (a.openedAt < b.openedAt ? -1 : 1));
}

function rowOf(run: Run, room: Room, page: string | null): CardElement {
  const { identity, system, playbook } = run.opened;
  const standing = standingOf(run);
  const until = standing === 'asking' && run.asked ? `, until ${minute(run.asked.expiresAt)}` : '';
  return {
    type: 'ColumnSet',
    separator: true,
    spacing: 'Small',
    columns: [
      {
        type: 'Column',
        width: 'stretch',
        items: [
          line([
            words(identity.displayName, room, { weight: 'Bolder' }),
            said(' in '),
            words(system.name, room),
            said(' · '),
            words(playbook.name, room, { isSubtle: true }),
          ]),
          line([said(`${inWords(standing)}${until}`, { isSubtle: true, size: 'Small' })], { spacing: 'None' }),
        ],
      },
      ...(page === null
        ? []
        : [
            {
              type: 'Column' as const,
              width: 'auto' as const,
              verticalContentAlignment: 'Center' as const,
              items: [{ type: 'ActionSet' as const, actions: [openOne(page, standing === 'asking')] }],
            },
          ]),
    ],
  };
}

function openOne(url: string, asking: boolean) {
  return { type: 'Action.OpenUrl' as const, title: asking ? 'Decide' : 'Open', url };
}
