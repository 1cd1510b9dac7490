import type { Run } from '../../../domain/run.ts';
import { minute } from '../../teams/card/text.ts';
import { type Html, html } from '../html.ts';
import { factOf } from './evidence.ts';
import { facts } from './facts.ts';

/** Why somebody is asked: rule, alert, who raised it, by which playbook, and on which terms. */
export function why(run: Run): Html {
  const { rule, source, alert, requestedBy, playbook, mode } = run.opened;
  const title = factOf(run, 'alert');
  const budget = factOf(run, 'budgetLeft');
  const rows = facts([
    ['Rule', html`${rule} <span class="soft">by ${source}</span>`],
    title === null ? null : ['Alert', title],
    ['Raised by', requestedBy],
    ['Received', minute(factOf(run, 'alertTime') ?? run.openedAt)],
    ['Playbook', html`${playbook.name} v${playbook.version} <span class="soft">(${mode})</span>`],
    run.asked ? ['Open until', minute(run.asked.expiresAt)] : null,
    budget === null ? null : ['Budget left', budget],
    run.voided.length === 0 ? null : ['Asked again', `the plan changed: ${run.voided.at(-1)}`],
    ['Run', html`<code>${run.id}</code>`],
    ['Alert id', html`<code>${alert}</code>`],
  ]);
  return html`<h2>Why this is asked</h2>\n<section class="paper">\n<p>${playbook.description}</p>\n${rows}\n</section>`;
}
