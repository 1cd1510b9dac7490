import { approvalsOf, partIn, whyNoApprover } from '../domain/approval.ts';
import { Fault, toFault } from '../domain/fault.ts';
import type { PlannedAction } from '../domain/plan.ts';
import type { Run } from '../domain/run.ts';
import { auditRefusal } from './audit.ts';
import type { Engine } from './engine.ts';
import type { Journal } from './journal.ts';

type Parts = Pick<Engine, 'world' | 'safety'>;

/**
 * Why this person is no approver, read from the directory now and never kept; null where they are one.
 * @throws Fault `retry` where it cannot be read: then nobody approves, and nothing that was approved is done
 */
export async function noApprover({ world, safety }: Parts, id: string): Promise<string | null> {
  const { directory } = world;
  try {
    const [presence, groups] = await Promise.all([
      directory.presence(id),
      directory.groupsAmong(id, safety.approverGroups),
    ]);
    return whyNoApprover(presence, groups);
  } catch (cause) {
    // Not an object id, so nobody.
    if (toFault(cause).disposition === 'reject') return 'is no user of this directory';
    const message = 'Who may approve cannot be read now, so nothing is approved and nothing done.';
    throw new Fault('retry', 'approvers-unreadable', message, { retryAfterMs: 60_000, cause });
  }
}

/** Whose approval the chosen plan rests on; nobody's where the playbook acts by itself. */
function approversOf(run: Run): readonly { readonly by: string; readonly byName: string }[] {
  return approvalsOf(run, run.decision?.digest ?? null);
}

/**
 * Reads again everyone on whose approval the step rests, just before it is carried out. One who may no longer approve
 * voids theirs: it is recorded, and the question is asked again. Taking back and sending word rest on nobody.
 */
export async function approvalLost(engine: Engine, journal: Journal, step: PlannedAction): Promise<boolean> {
  const run = journal.run();
  if (run.undo || step.risk === 'notify') return false;
  for (const { by, byName } of approversOf(run)) {
    const reason = partIn(run.opened, by)?.reason ?? (await noApprover(engine, by));
    if (reason === null) continue;
    const message = `${byName} ${reason}: the approval does not count any more`;
    await journal.append('approval-voided', { by, reason: message });
    const attempt = { what: 'execution', channel: 'engine', run: run.id, by, byName } as const;
    await auditRefusal(engine, attempt, { code: 'approval-voided', message });
    return true;
  }
  return false;
}
