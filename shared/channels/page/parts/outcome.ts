import { approvalsOf } from '../../../domain/approval.ts';
import { chosenPlan, type Run } from '../../../domain/run.ts';
import { minute } from '../../teams/card/text.ts';
import { type Html, html, type Part } from '../html.ts';
import { facts } from './facts.ts';
import { steps } from './steps.ts';

/** Who decided, when and why, and what came of it so far. */
export function outcome(run: Run): Html {
  const plan = chosenPlan(run);
  const { decision, ended, held, undo } = run;
  const rows = facts([
    decision ? [decision.choice === null ? 'Rejected by' : 'Approved by', people(run)] : null,
    decision?.reason ? ['Reason', decision.reason] : null,
    plan ? ['Plan', plan.label] : null,
    held ? ['Held', held.reason] : null,
    ended ? ['Result', html`${ended.reason} <span class="soft small">${minute(ended.at)}</span>`] : null,
    undo ? ['Taken back by', `${undo.byName}: ${undo.reason}`] : null,
    undo?.ended ? ['Undo', `${undo.ended.outcome}: ${undo.ended.reason}`] : null,
  ]);
  const refresh = ended || undo?.ended ? null : html`<p class="small"><a href="">Look again</a></p>`;
  return html`<section class="paper">\n${rows}\n${refresh}</section>
${plan ? html`<section class="paper">\n<h2 class="plain">${plan.label}</h2>\n${steps(run, plan)}\n</section>` : null}`;
}

/** Everybody whose word it rests on. */
function people({ decision, approvals }: Run): Part {
  const all = approvalsOf({ approvals }, decision?.digest ?? null);
  return (all.length > 0 ? all : decision ? [decision] : []).map(
    ({ byName, at }, index) =>
      html`${index === 0 ? '' : html`<br>`}<strong>${byName}</strong> <span class="soft small">${minute(at)}</span>`,
  );
}
