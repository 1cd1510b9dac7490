import { approvalsOf, type Part, partIn } from '../domain/approval.ts';
import type { Channel } from '../domain/audit-entry.ts';
import { controlInWords, controlsOn } from '../domain/control.ts';
import { later } from '../domain/duration.ts';
import { Fault, toFault } from '../domain/fault.ts';
import { actionsOf } from '../domain/plan.ts';
import { checkRight } from '../domain/right.ts';
import type { Run } from '../domain/run.ts';
import type { Caller } from '../ports.ts';
import { noApprover } from './approver.ts';
import { type Attempt, auditRefusal, withAudit } from './audit.ts';
import { controlsNow } from './control.ts';
import type { Engine } from './engine.ts';
import { type Journal, openJournal } from './journal.ts';
import { noteAfter, noteBefore } from './place.ts';

/** What a person decided. */
export interface Answer {
  /** The choice, or null to reject. */
  readonly choice: string | null;
  /** Digest of the plan the person saw; null to reject. */
  readonly digest: string | null;
  readonly reason: string | null;
}

/**
 * Records a person's decision on one plan digest, and wakes the run. Rejecting is final at once; approving is where as
 * many different people approved the same plan as it needs. The same decision by the same person again is quiet.
 * Whatever is refused leaves one audit entry.
 * @param caller as authenticated by the channel; only the object id counts
 * @returns the run with the decision, or with one approval more
 * @throws Fault `refuse` for who may not, `reject` for what cannot be decided, `conflict` where it is decided already,
 * `retry` where who may approve, or what is stopped, cannot be read
 */
export function decide(
  engine: Engine,
  id: string,
  answer: Answer,
  caller: Caller,
  channel: Channel = 'api',
): Promise<Run> {
  const by = caller.id.toLowerCase();
  const attempt: Attempt = { what: 'decision', channel, run: id, by, byName: caller.name };
  return withAudit(engine, attempt, async () => {
    const journal = await openJournal(engine, id);
    const run = journal.run();
    // Elsewhere no token of ours is shown: there the group alone decides.
    if (channel === 'api') checkRight(caller, 'decide');
    await mayDecide(engine, run, by);
    if (answer.choice !== null) await notStopped(engine, run, answer.choice);
    const decided = await record(engine, attempt, journal, { ...answer, by, byName: caller.name });
    await engine.bus.run(id, run.opened.identity.id, { reason: `decided by ${by}` });
    engine.log.info({ run: id, by, choice: answer.choice, channel }, 'decided');
    return decided;
  });
}

const parts: Readonly<Record<Part['code'], string>> = {
  'own-case': 'Nobody decides about themselves.',
  'own-request': 'Whoever raised an alert does not decide on it.',
  'own-playbook': 'Whoever edited a playbook last does not decide on what it wants.',
};

/** May this person decide on this run, now? @throws Fault `refuse`, or `retry` where that cannot be read */
async function mayDecide(engine: Engine, run: Run, by: string): Promise<void> {
  const part = partIn(run.opened, by);
  if (part) throw new Fault('refuse', part.code, parts[part.code]);
  const reason = await noApprover(engine, by);
  if (reason !== null) throw new Fault('refuse', 'not-an-approver', `You cannot approve: your account ${reason}.`);
}

/** @throws Fault `refuse` */
export function notOwnCase(run: Run, caller: Caller): void {
  if (partIn(run.opened, caller.id)?.code === 'own-case') throw new Fault('refuse', 'own-case', parts['own-case']);
}

/** An approval given while it is stopped would be carried out at whatever moment that ends. @throws Fault `refuse` */
async function notStopped(engine: Engine, run: Run, choice: string): Promise<void> {
  const plan = run.plans?.find((one) => one.choice === choice);
  const playbook = run.opened.playbook.name;
  const controls = await controlsNow(engine);
  const stops = plan ? actionsOf(plan).flatMap(({ action }) => controlsOn(controls, { playbook, action })) : [];
  const [stop] = stops;
  if (stop) throw new Fault('refuse', 'stopped', `${controlInWords(stop)}. Approve when it is released.`);
}

interface Said extends Answer {
  readonly by: string;
  readonly byName: string;
}

/** How often a decision is looked at and written again where something else was written meanwhile. */
const attempts = 5;

/** Appends the decision to the run as it was read: of several at the same moment, each sees what the one before left. */
async function record(engine: Engine, attempt: Attempt, first: Journal, said: Said): Promise<Run> {
  const { id } = first.run();
  for (let count = 1; ; count += 1) {
    const journal = count === 1 ? first : await openJournal(engine, id);
    const run = journal.run();
    if (repeats(run, said)) {
      await tellAgain(engine, attempt, run);
      await noteAfter(engine, journal);
      return run;
    }
    checkClock(engine.clock(), journal.lastAt());
    checkDecision(run, said, engine.clock());
    await noteBefore(engine, journal);
    if (!(await appended(journal, said, count))) continue;
    await noteAfter(engine, journal);
    return counted(journal.run(), said);
  }
}

async function appended(journal: Journal, said: Said, count: number): Promise<boolean> {
  try {
    await journal.append('decided', said, `person:${said.by}`);
    return true;
  } catch (error) {
    if (toFault(error).disposition !== 'conflict') throw error;
    if (count < attempts) return false;
    throw new Fault('conflict', 'run-moved', `${journal.run().id} moved while you decided; look at it again.`);
  }
}

/** Time went by between looking and writing: a decision that came too late is written down, and counts nothing. */
function counted(run: Run, { by, choice }: Said): Run {
  if (run.decision?.by === by || (choice !== null && run.approvals.some((one) => one.by === by))) return run;
  throw new Fault('conflict', 'expired', `The question stood until ${run.asked?.expiresAt}.`);
}

/** Two approvals by one person are one. Where more people are needed, trying is worth an entry. */
async function tellAgain(engine: Engine, attempt: Attempt, run: Run): Promise<void> {
  if (run.decision) return;
  const message = 'Approved the same plan before; another person has to.';
  await auditRefusal(engine, attempt, { code: 'same-person', message });
}

function repeats({ decision, approvals }: Run, { by, choice, digest }: Said): boolean {
  const same = (one: { by: string; choice: string | null; digest: string | null }) =>
    one.by === by && one.choice === choice && one.digest === digest;
  return approvals.some(same) || (decision !== null && same(decision));
}

/** Clocks may differ by this much, in milliseconds. */
const skewMs = 5 * 60_000;

function checkClock(now: string, lastAt: string): void {
  if (later(now, skewMs) >= lastAt) return;
  const message = 'The clock here is behind the ledger; a question may seem open that is not.';
  throw new Fault('retry', 'clock-behind', message);
}

/** Can this be decided now? @throws Fault `conflict`, or `reject` where the answer is wrong */
export function checkDecision(run: Run, answer: Answer, now: string): void {
  if (run.undo) throw new Fault('conflict', 'taken-back', `${run.undo.byName} has taken ${run.id} back.`);
  if (run.ended) throw new Fault('conflict', 'run-ended', `${run.id} has ended: ${run.ended.outcome}.`);
  if (run.decision) throw new Fault('conflict', 'already-decided', `${run.decision.byName} has decided this already.`);
  if (!run.asked) throw new Fault('conflict', 'not-asked', `${run.id} is not waiting for a decision.`);
  if (now >= run.asked.expiresAt)
    throw new Fault('conflict', 'expired', `The question stood until ${run.asked.expiresAt}.`);
  if (answer.choice === null) needsReason(answer.reason);
  else checkChoice(run, answer.choice, answer.digest);
}

function checkChoice(run: Run, choice: string, digest: string | null): void {
  const choices = run.asked?.choices ?? [];
  if (!choices.includes(choice))
    throw new Fault('reject', 'unknown-choice', `${choice} is not one of: ${choices.join(', ')}.`);
  if (run.plans?.find((one) => one.choice === choice)?.digest !== digest)
    throw new Fault('conflict', 'plan-changed', 'The plan is no longer the one you saw; look at it again.');
}

function needsReason(reason: string | null): void {
  if (!reason) throw new Fault('reject', 'reason-missing', 'Rejecting needs a reason.');
}

/** How many approvals a plan has and needs, where the answer was for one. */
export function approvalCount(run: Run, { digest }: Answer): { approved: number; people: number } | null {
  const plan = run.plans?.find((one) => one.digest === digest);
  return plan ? { approved: approvalsOf(run, plan.digest).length, people: plan.people } : null;
}
