import type { ActionArray, CardElement } from '@microsoft/teams.cards';
import { picksOf } from '../../../../domain/choice-id.ts';
import type { Run } from '../../../../domain/run.ts';
import { plain, type Room } from '../text.ts';

/** The one thing a button of ours asks for. */
export const decideVerb = 'quell.decide';

/** A card shows six buttons at most in Teams; two are for rejecting and for the evidence. */
const mostChoices = 4;

/** The field for a reason, the choices, rejecting, and the way to the page with everything. */
export function buttons(run: Run, room: Room, page: string | null): CardElement[] {
  const picks = picksOf(run);
  const label = (choice: string) => run.plans?.find((plan) => plan.choice === choice)?.label ?? choice;
  const choices: ActionArray = picks
    .flatMap(({ id, choice }) => (choice === null ? [] : [{ id, choice }]))
    .slice(0, mostChoices)
    .map(({ id, choice }) => ({
      type: 'Action.Execute',
      title: plain(label(choice), Math.min(room.text, 80)),
      verb: decideVerb,
      data: { run: run.id, pick: id },
      style: 'positive',
    }));
  const reject: ActionArray = picks
    .filter(({ choice }) => choice === null)
    .map(({ id }) => ({
      type: 'Action.Execute',
      title: 'Reject',
      verb: decideVerb,
      data: { run: run.id, pick: id },
      style: 'destructive',
    }));
  return [
    {
      type: 'Input.Text',
      id: 'reason',
      label: 'Reason (needed to reject)',
      isMultiline: false,
      maxLength: 500,
      placeholder: 'Why, in a sentence',
    },
    { type: 'ActionSet', actions: [...choices, ...reject, ...openPage(page)] },
  ];
}

/** The way to the evidence alone, where there is nothing to decide any more. */
export function pageLink(page: string | null): CardElement[] {
  return page === null ? [] : [{ type: 'ActionSet', actions: openPage(page) }];
}

function openPage(page: string | null): ActionArray {
  return page === null ? [] : [{ type: 'Action.OpenUrl', title: 'Open evidence', url: page }];
}
