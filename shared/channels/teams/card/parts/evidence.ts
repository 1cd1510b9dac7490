import type { CardElement } from '@microsoft/teams.cards';
import type { Json } from '../../../../domain/json.ts';
import type { Run } from '../../../../domain/run.ts';
import { fact, heading, minute, type Room, said, words } from '../text.ts';

/** What each fact is called on the card, in this order; a fact that is not here is not shown. */
const names: Readonly<Record<string, string>> = {
  lastSuccessfulSignIn: 'Last sign-in',
  lastInteractiveAttempt: 'Last attempt',
  lastNonInteractiveAttempt: 'Last background',
  created: 'Created',
  account: 'Account',
  directoryRoles: 'Directory roles',
  systemRoles: 'Roles here',
  licences: 'Licences',
};

/** What the decision can rest on: the proof, and the facts that were read when it was asked. */
export function evidence(run: Run, room: Room): CardElement[] {
  const { proof } = run;
  if (!proof) return [];
  const facts = [...proof.evidence, ...(run.asked?.facts ?? [])];
  const success = facts.find((one) => one.fact === 'lastSuccessfulSignIn')?.value;
  const known = Object.entries(names).flatMap(([name, title]) => {
    const found = facts.find((one) => one.fact === name);
    const sameAgain = name !== 'lastSuccessfulSignIn' && name.startsWith('last') && found?.value === success;
    return found && !sameAgain ? [fact(title, [words(shown(found.value), room)])] : [];
  });
  const others = proof.evidence.filter((one) => !(one.fact in names)).slice(0, room.items);
  return [
    heading('Evidence'),
    fact('Proved', [words(`${proof.claim}: ${proof.reason}`, room), said(` (${minute(proof.at)})`)]),
    ...known,
    ...others.map((one) => fact('Holds', [words(`${one.fact} on ${shown(one.value)}`, room)])),
  ];
}

/** What was read about one thing when the question was asked; null where it was not. */
export function factOf(run: Run, name: string): string | null {
  const found = run.asked?.facts?.find(({ fact: one }) => one === name);
  return found ? shown(found.value) : null;
}

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;

/** A value as text: times to the minute, lists with commas. */
function shown(value: Json): string {
  if (value === null) return 'none on record';
  if (typeof value === 'string') return instant.test(value) ? minute(value) : value;
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(shown).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
