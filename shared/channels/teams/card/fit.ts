import type { IAdaptiveCard } from '@microsoft/teams.cards';
import { Fault } from '../../../domain/fault.ts';
import type { Room } from './text.ts';

/** Teams counts 28 KB in UTF-16 for some ways a card can take, so no card has more characters of JSON than this. */
export const longestCard = 14_000;

/** From roomy to narrow; the last fits whatever the alert and the playbook say. */
const rooms: readonly Room[] = [
  { text: 300, items: 12 },
  { text: 200, items: 6 },
  { text: 160, items: 4 },
  { text: 120, items: 3 },
  { text: 80, items: 3 },
  { text: 60, items: 2 },
  { text: 40, items: 2 },
  { text: 24, items: 1 },
];

/** The roomiest card that is short enough. @throws Fault `halt` where even the narrowest is too long */
export function fitted(build: (room: Room) => IAdaptiveCard): IAdaptiveCard {
  for (const room of rooms) {
    const card = build(room);
    if (JSON.stringify(card).length <= longestCard) return card;
  }
  throw new Fault('halt', 'card-too-large', `No card of ${longestCard} characters can hold this.`);
}
