import type { CardElement, IAdaptiveCard } from '@microsoft/teams.cards';
import { chosenPlan, type Run } from '../../../domain/run.ts';
import { type Standing, standingOf } from '../../../domain/standing.ts';
import { fitted } from './fit.ts';
import { buttons, pageLink } from './parts/buttons.ts';
import { changes } from './parts/changes.ts';
import { decision } from './parts/decision.ts';
import { evidence } from './parts/evidence.ts';
import { header } from './parts/header.ts';
import { result } from './parts/result.ts';
import { terms } from './parts/terms.ts';
import { why } from './parts/why.ts';
import type { Room } from './text.ts';

/** More choices than this have their changes on the page, not on the card. */
const mostChoices = 4;

/**
 * The card of a run that asked, as the run stands: the same entries give the same card.
 * @param page where the evidence is; null where there is no page
 */
export function runCard(run: Run, page: string | null): IAdaptiveCard {
  return fitted((room) => ({
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.5',
    msteams: { width: 'full' },
    body: bodyOf(run, room, page),
  }));
}

function bodyOf(run: Run, room: Room, page: string | null): CardElement[] {
  const standing = standingOf(run);
  if (standing === 'asking')
    return [
      header(run, room),
      ...why(run, room),
      ...evidence(run, room),
      ...planned(run, room, standing),
      ...terms(run, room),
      ...buttons(run, room, page),
    ];
  return [
    header(run, room),
    ...decision(run, room),
    ...result(run, room),
    ...planned(run, room, standing),
    ...why(run, room),
    ...pageLink(page),
  ];
}

/** Before a decision every choice, after it the one that was taken. */
function planned(run: Run, room: Room, standing: Standing): CardElement[] {
  const chosen = chosenPlan(run);
  if (chosen) return [changes(run, chosen, room)];
  if (standing !== 'asking') return [];
  const plans = (run.plans ?? []).filter(({ choice }) => run.asked?.choices.includes(choice));
  return plans.slice(0, mostChoices).map((plan) => changes(run, plan, room));
}
