import { milliseconds } from '../../../domain/duration.ts';
import { canonical } from '../../../domain/json.ts';
import type { Plan, PlannedAction, PlannedStep } from '../../../domain/plan.ts';
import type { Run, StepState } from '../../../domain/run.ts';
import { exactLines } from '../../../domain/timeline.ts';
import { minute } from '../../teams/card/text.ts';
import { type Html, html, lines, type Part } from '../html.ts';
import { type Known, named, state, wait } from './facts.ts';

/** What a plan does, step by step: before → after, its undo, what stays; and every call as it will be sent. */
export function steps(run: Run, plan: Plan): Html {
  const { identity, system } = run.opened;
  const known: Known = {
    ids: new Set([run.id, identity.id, system.id]),
    system: [`/subscriptions/${system.id}`, system.name],
  };
  const residual = plan.steps.flatMap((step) => ('action' in step ? step.residual : []));
  return html`<ol class="steps">
${plan.steps.map((step) => html`<li>${mark(run.steps.get(step.key))}${words(step, known)}</li>\n`)}</ol>
${residual.map((one) => html`<p class="stays small">Stays: ${named(one.what, known.system)} <span class="soft">(${one.why})</span></p>\n`)}
<details><summary>Every call, exactly</summary>
<pre>${lines([...exactLines(plan), `plan ${plan.digest}`])}</pre></details>`;
}

function words(step: PlannedStep, known: Known): Part {
  if ('wait' in step) {
    const [now, then] = [wait(step.ms), wait(milliseconds(step.wait))];
    return now === then ? `Wait ${now}` : `Wait ${now} (in this trial, instead of ${then})`;
  }
  if ('prove' in step) return 'Prove again, and stop where it is no longer true';
  const summary = named(step.summary, known.system);
  if (step.calls.length === 0) return html`${summary} <span class="soft">(already so)</span>`;
  return html`${summary}${change(step, known)}<span class="soft small">${undo(step)}</span>`;
}

/** Where an action compares nothing, there is nothing to show. */
function change({ before, after }: PlannedAction, known: Known): Html {
  if (canonical(after) === '{}') return html`<br>`;
  const [now, then] = [state(before, known), state(after, known)];
  return html`<span class="change"><b>now</b> <del>${now}</del><br><b>then</b> <ins>${then}</ins></span>`;
}

function undo({ undo: calls, undoNote }: PlannedAction): string {
  return `${calls === null ? 'Cannot be undone' : 'Undo'}: ${undoNote}`;
}

/** How far a step is; nothing while nothing has happened. */
function mark(state: StepState | undefined): Part {
  switch (state?.state) {
    case undefined:
      return null;
    case 'verified':
      return html`<strong>✓ verified</strong> `;
    case 'failed':
      return html`<strong>✗ failed</strong> ${state.reason}: `;
    case 'waiting':
      return `(until ${minute(state.until)}) `;
    default:
      return html`<span class="soft">… being done</span> `;
  }
}
