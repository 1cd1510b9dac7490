import type { Run } from '../../../domain/run.ts';
import { minute } from '../../teams/card/text.ts';
import { type Html, html } from '../html.ts';
import { facts, shown } from './facts.ts';

/** What a fact is called, in this order; others are shown by their own names after these. */
const names: Readonly<Record<string, string>> = {
  lastSuccessfulSignIn: 'Last sign-in',
  lastInteractiveAttempt: 'Last attempt',
  lastNonInteractiveAttempt: 'Last in background',
  created: 'Created',
  account: 'Account',
  directoryRoles: 'Directory roles',
  systemRoles: 'Roles here',
  licences: 'Licences',
};

/** Facts that belong to another part of the page. */
const elsewhere: ReadonlySet<string> = new Set(['alert', 'alertTime', 'alertSender', 'budgetLeft']);

/** What the decision can rest on: the claim, proved against the directory, and what was read beside it. */
export function evidence(run: Run): Html | null {
  const { proof, asked } = run;
  if (!proof) return null;
  const all = [...proof.evidence, ...(asked?.facts ?? [])].filter(({ fact }) => !elsewhere.has(fact));
  const order = Object.keys(names);
  const rank = (fact: string) => (order.includes(fact) ? order.indexOf(fact) : order.length);
  const rows = all
    .toSorted((one, other) => rank(one.fact) - rank(other.fact))
    .map(({ fact, value }) => [names[fact] ?? fact, value === null ? 'none on record' : shown(value)] as const);
  return html`<h2>Evidence</h2>
<section class="paper">
<p><strong>Proved ${proof.claim}</strong>: ${proof.reason} <span class="soft small">(checked ${minute(proof.at)})</span></p>
${facts(rows)}
</section>`;
}

/** A fact that was read when the question was asked; null where it was not. */
export function factOf(run: Run, name: string): string | null {
  const found = run.asked?.facts?.find(({ fact }) => fact === name);
  return found ? shown(found.value) : null;
}
