import { picksOf } from '../domain/choice-id.ts';
import { later } from '../domain/duration.ts';
import { Fault, toFault } from '../domain/fault.ts';
import { type Run, runOf } from '../domain/run.ts';
import type { CameIn, Person, Reply } from '../ports-channels.ts';
import { type Attempt, auditRefusal } from './audit.ts';
import { decide } from './decide.ts';
import type { Engine } from './engine.ts';

type Click = Extract<CameIn, { kind: 'click' }>;

/** How long somebody waits for an answer, in milliseconds: Teams gives up after 10 s and sends the click again. */
const answerMs = 8000;

/**
 * Decides by a button that was pressed in a channel. Which plan it stands for is looked up in the run as it is stored, never taken
 * from what the button sent. Whoever pressed it is answered in any case, and in time: with the card as it stands, or
 * with a sentence. The run goes on by its own message.
 */
export async function click(engine: Engine, clicked: Click): Promise<Reply> {
  const decided = decideBy(engine, clicked).then(
    (run): Reply => ({ card: run }),
    (error: unknown): Reply => replyTo(engine, toFault(error)),
  );
  const late = engine
    .sleep(answerMs)
    .then((): Reply => ({ missing: 'This takes longer than usual. Look again in a minute.' }));
  return Promise.race([decided, late]);
}

async function decideBy(engine: Engine, { who, run: id, pick, reason }: Click): Promise<Run> {
  const attempt = attemptOf(who, id);
  const run = await stored(engine, attempt);
  const picked = picksOf(run).find((one) => one.id === pick);
  if (!picked) throw await refused(engine, attempt, stale(run));
  const { choice, digest } = picked;
  if (isReplay(run, who.id, digest, engine.clock())) throw await refused(engine, attempt, replayed(run));
  return decide(engine, id, { choice, digest, reason }, { ...who, roles: [] }, 'teams');
}

async function stored(engine: Engine, attempt: Attempt & { readonly run: string }): Promise<Run> {
  try {
    return runOf(attempt.run, await engine.ledger.read(attempt.run));
  } catch (error) {
    throw await refused(engine, attempt, toFault(error));
  }
}

function attemptOf({ id, name }: Person, run: string) {
  return { what: 'decision', channel: 'teams', run, by: id, byName: name } as const;
}

async function refused(engine: Engine, attempt: Attempt, fault: Fault): Promise<Fault> {
  await auditRefusal(engine, attempt, fault);
  return fault;
}

function stale(run: Run): Fault {
  const message = run.ended
    ? `This has ended: ${run.ended.outcome}.`
    : 'This card is out of date: what it asked is no longer the question. Look at the newest one.';
  return new Fault('conflict', 'stale-card', message);
}

/** Teams sends a click again within seconds, and people press twice; a decision that comes again later is none of either. */
const againMs = 2 * 60_000;

function isReplay({ decision }: Run, by: string, digest: string | null, now: string): boolean {
  return decision !== null && decision.by === by && decision.digest === digest && later(decision.at, againMs) < now;
}

function replayed({ decision }: Run): Fault {
  return new Fault('conflict', 'replayed', `You decided this already, at ${decision?.at}.`);
}

/** What the person is told. Nothing of what went wrong on our side, but that nothing was decided. */
function replyTo(engine: Engine, fault: Fault): Reply {
  const { disposition, code, message, cause } = fault;
  if (code === 'reason-missing') return { missing: 'A reason is needed to reject.' };
  if (disposition === 'refuse' || disposition === 'reject' || disposition === 'conflict') return { sentence: message };
  engine.log.error({ disposition, code, cause }, 'a click could not be decided');
  return { missing: 'Nothing was decided: something is not to be reached now. Press it again in a minute.' };
}

/** What somebody who is known sent, and no button of ours does: one audit entry, one sentence. */
export async function stray(engine: Engine, came: Extract<CameIn, { kind: 'stray' }>): Promise<Reply> {
  const { who, run, code, message } = came;
  const attempt: Attempt = { what: 'decision', channel: 'teams', run, by: who.id, byName: who.name };
  await auditRefusal(engine, attempt, { code, message });
  return { sentence: message };
}
