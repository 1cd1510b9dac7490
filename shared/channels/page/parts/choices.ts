import { approvalsOf } from '../../../domain/approval.ts';
import { actionsOf, type Plan } from '../../../domain/plan.ts';
import type { Run } from '../../../domain/run.ts';
import { minute } from '../../teams/card/text.ts';
import type { Viewer } from '../document.ts';
import { type Html, html, type Part } from '../html.ts';
import { steps } from './steps.ts';

/** What a viewer can do with the page: decide with this token, or only look, and why. */
export type Access = { readonly token: string } | { readonly token: null; readonly because: string };

interface Choosing {
  readonly run: Run;
  readonly viewer: Viewer;
  readonly access: Access;
}

/** Every choice with what it does and a button, and rejecting with a reason. */
export function choices(choosing: Choosing): Html {
  const { run, access } = choosing;
  const open = (run.plans ?? []).filter(({ choice }) => run.asked?.choices.includes(choice));
  const looking =
    access.token === null ? html`<p class="notice warn">You can look, but not decide: ${access.because}.</p>\n` : null;
  return html`<h2>${open.length === 1 ? 'What would be done' : 'What can be done'}</h2>
${looking}${open.map((plan) => choice(choosing, plan))}${reject(access)}`;
}

function choice(choosing: Choosing, plan: Plan): Html {
  const { run } = choosing;
  const given = approvalsOf(run, plan.digest);
  return html`<section class="paper${destroys(plan) ? html` danger` : null}">
<h3>${plan.label}</h3>
<ul class="tags">${tags(plan, given.length)}</ul>
${given.map(({ byName, at }) => html`<p class="small">Approved by <strong>${byName}</strong> <span class="soft">${minute(at)}</span></p>\n`)}${steps(run, plan)}
${approve(choosing, plan)}
</section>
`;
}

function tags(plan: Plan, given: number): Part {
  const actions = actionsOf(plan).filter(({ calls }) => calls.length > 0);
  const lasting = actions.filter(({ undo, risk }) => undo === null && risk !== 'notify');
  return [
    lasting.length > 0 ? html`<li class="bad">Not all of it can be undone</li>` : null,
    lasting.length === 0 && !destroys(plan) ? html`<li>Can be undone at any time</li>` : null,
    lasting.length === 0 && destroys(plan) ? html`<li class="bad">Deletes: can be undone for a time only</li>` : null,
    plan.people > 1 ? html`<li>${given} of ${plan.people} approvals</li>` : html`<li>One approval is enough</li>`,
  ];
}

function destroys(plan: Plan): boolean {
  return actionsOf(plan).some(({ risk }) => risk !== 'notify' && risk !== 'annotate' && risk !== 'reversible');
}

function approve({ run, viewer, access }: Choosing, plan: Plan): Part {
  if (access.token === null) return null;
  if (approvalsOf(run, plan.digest).some(({ by }) => by === viewer.id.toLowerCase()))
    return html`<p class="small">You have approved this. Somebody else has to as well.</p>`;
  return html`<form method="post">
<input type="hidden" name="token" value="${access.token}">
<input type="hidden" name="choice" value="${plan.choice}">
<input type="hidden" name="digest" value="${plan.digest}">
<button${destroys(plan) ? html` class="danger"` : null}>Approve: ${plan.label}</button>
</form>`;
}

function reject(access: Access): Part {
  if (access.token === null) return null;
  return html`<section class="paper">
<h3>None of it</h3>
<p class="soft small">Nothing is changed, and it is not asked again for this alert.</p>
<form method="post">
<input type="hidden" name="token" value="${access.token}">
<label for="reason">Reason</label>
<textarea id="reason" name="reason" rows="2" maxlength="500" required></textarea>
<button class="reject">Reject</button>
</form>
</section>`;
}
