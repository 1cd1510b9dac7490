import type { IAdaptiveCard } from '@microsoft/teams.cards';
import { type JsonObject, toJson } from '../../domain/json.ts';

/** The media type of an Adaptive Card. */
export const cardType = 'application/vnd.microsoft.card.adaptive';

/** A message with a card; `summary` is what a notification says before it is opened. */
export function messageOf(card: IAdaptiveCard, summary: string): JsonObject {
  return { type: 'message', summary, attachments: [{ contentType: cardType, content: toJson(card) }] };
}
