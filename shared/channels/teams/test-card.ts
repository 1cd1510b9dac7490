import type { JsonObject } from '../../domain/json.ts';
import { line, said, words } from './card/text.ts';
import { messageOf } from './message.ts';

/** A card that asks nothing: where it appears, questions will. */
export function testCard(by: string, at: string): JsonObject {
  return messageOf(
    {
      type: 'AdaptiveCard',
      $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
      version: '1.5',
      body: [
        { type: 'TextBlock', text: 'Quell can ask here', weight: 'Bolder', size: 'Large', wrap: true },
        line([said('A test by '), words(by, { text: 80, items: 1 }), said(`, ${at}. There is nothing to decide.`)]),
      ],
    },
    'Quell can ask here',
  );
}
