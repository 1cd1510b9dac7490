import type { Run } from '../../domain/run.ts';
import { type Standing, standingOf } from '../../domain/standing.ts';
import { documentOf, type Viewer } from './document.ts';
import { type Html, html, type Part } from './html.ts';
import { type Access, choices } from './parts/choices.ts';
import { evidence } from './parts/evidence.ts';
import { span } from './parts/facts.ts';
import { outcome } from './parts/outcome.ts';
import { why } from './parts/why.ts';

/** What has just happened, above everything else. */
export interface Notice {
  readonly tone: 'good' | 'warn' | 'bad';
  readonly text: string;
}

interface Shown {
  readonly run: Run;
  /** ISO 8601. */
  readonly now: string;
  readonly viewer: Viewer;
  readonly access: Access;
  readonly notice: Notice | null;
}

/** What each standing is called, and its tone. */
const looks: Readonly<Record<Standing, readonly [string, '' | Notice['tone']]>> = {
  asking: ['Approval needed', 'warn'],
  superseded: ['Being planned again', ''],
  decided: ['Approved, being carried out', 'good'],
  held: ['Held', 'warn'],
  done: ['Done and verified', 'good'],
  failed: ['Failed', 'bad'],
  rejected: ['Rejected', ''],
  expired: ['Expired: nobody decided', ''],
  refused: ['Refused by a guard', 'bad'],
  undoing: ['Being taken back', 'warn'],
  undone: ['Taken back', 'good'],
  ended: ['Ended without a change', ''],
};

/** The page of a run, for somebody who may see it: the same plan as on the card and in the CLI. Pure. */
export function approvalPage(shown: Shown): string {
  const { run, viewer, notice } = shown;
  const open = isOpen(shown);
  const said = notice ? html`<p class="notice ${notice.tone}" role="status">${notice.text}</p>\n` : null;
  const body = html`${heading(shown, open)}
${said}${open ? [evidence(run), choices(shown)] : outcome(run)}
${why(run)}
${open ? null : evidence(run)}`;
  return documentOf({ title: open ? 'Approval needed' : looks[standingOf(run)][0], viewer, body });
}

function isOpen({ run, now }: Shown): boolean {
  return standingOf(run) === 'asking' && now < (run.asked?.expiresAt ?? '');
}

function heading({ run, now }: Shown, open: boolean): Html {
  const { identity, system, playbook, rule } = run.opened;
  const expired = standingOf(run) === 'asking' && !open;
  const [title, tone] = looks[expired ? 'expired' : standingOf(run)];
  const left: Part = open ? html` · ${span(now, run.asked?.expiresAt ?? now)} left` : null;
  return html`<p><span class="status ${tone}">${title}${left}</span></p>
<h1>${open ? html`What should happen to ${identity.displayName}?` : identity.displayName}</h1>
<p class="soft">${identity.userPrincipalName} in <strong>${system.name}</strong></p>
<p class="soft small">${identity.kind} <code>${identity.id}</code></p>
<p class="soft small">Asked by ${playbook.name} v${playbook.version}, because of an alert of the rule ${rule}</p>`;
}
