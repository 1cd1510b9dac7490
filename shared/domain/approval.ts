import type { Presence } from './identity.ts';
import type { Run } from './run.ts';
import type { Opened } from './run-entry.ts';

/** Why this person is no approver now; null where they are one. `groups` are the approver groups they are in. */
export function whyNoApprover(presence: Presence, groups: readonly string[]): string | null {
  if (presence.state !== 'live') return presence.state === 'deleted' ? 'is deleted' : 'is no user of this directory';
  if (!presence.user.enabled) return 'is disabled';
  if (presence.user.guest) return 'is a guest';
  return groups.length === 0 ? 'is in no approver group' : null;
}

/** A part somebody has in a run that keeps them from deciding on it. */
export interface Part {
  readonly code: 'own-case' | 'own-request' | 'own-playbook';
  readonly reason: string;
}

/** The part that keeps this person (object id) from deciding on the run; null where there is none. */
export function partIn(opened: Opened, person: string): Part | null {
  const id = person.toLowerCase();
  const { identity, requestedBy, playbook } = opened;
  if (identity.id.toLowerCase() === id) return { code: 'own-case', reason: 'is whom it is about' };
  if (requestedBy.toLowerCase() === `person:${id}`) return { code: 'own-request', reason: 'raised the alert' };
  return playbook.editors.some((editor) => editor.toLowerCase() === id)
    ? { code: 'own-playbook', reason: 'was the last to edit the playbook' }
    : null;
}

/** One person's approval of one plan. */
export interface Approval {
  readonly choice: string;
  readonly digest: string;
  readonly by: string;
  readonly byName: string;
  readonly reason: string | null;
  readonly at: string;
}

/** The approvals that stand for a plan, one for each person. */
export function approvalsOf(run: Pick<Run, 'approvals'>, digest: string | null): readonly Approval[] {
  return run.approvals.filter((one) => one.digest === digest);
}

/** Plans that somebody has approved and that need more people. */
export function halfApproved(run: Run): readonly { choice: string; approved: number; people: number }[] {
  if (run.decision) return [];
  return (run.plans ?? []).flatMap(({ choice, digest, people }) => {
    const approved = approvalsOf(run, digest).length;
    return approved > 0 ? [{ choice, approved, people }] : [];
  });
}
