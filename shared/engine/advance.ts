import { later } from '../domain/duration.ts';
import { Fault } from '../domain/fault.ts';
import { type Move, next } from '../domain/move.ts';
import type { Run } from '../domain/run.ts';
import { act } from './act.ts';
import { auditRefusal } from './audit.ts';
import { heedVeto } from './autonomy.ts';
import { canary } from './canary.ts';
import type { Engine } from './engine.ts';
import { factsFor } from './facts.ts';
import { guard } from './guard.ts';
import { lookAgainMs } from './hold.ts';
import { type Beginning, type Journal, openJournal } from './journal.ts';
import { looking } from './looking.ts';
import type { Announced } from './opening.ts';
import { type Place, placeOf } from './place.ts';
import { plan } from './plan.ts';
import { prove } from './prove.ts';
import { recorderOf } from './record.ts';
import { endUndo } from './undo.ts';
import { verify } from './verify.ts';

/** More moves than any run has: a loop that does not end is a broken invariant, not a busy run. */
const maxMoves = 200;

/** Rests shorter than this get a delayed message; the timer finds the longer ones. */
const hintWithinMs = 15 * 60_000;

/**
 * Opens the journal of a run, sees what is not done, does that, records it, until the run ends or has to rest.
 * Every trigger comes here; a repeated, late or reordered one finds nothing left to do.
 * @param from the alert whose answer announces the run, where it comes from there: until it ends or rests, that is what is
 * noted as open
 * @returns the run as it stands
 * @throws Fault `conflict` where somebody else is at it, or whatever a port throws; what was done stays recorded
 */
export async function advance(given: Engine, id: string, from?: Announced): Promise<Run> {
  const place = placeOf(given, id, from?.listed ?? null);
  try {
    return await movesOf(given, id, { place, beginning: from?.beginning });
  } catch (error) {
    await place.fail();
    throw error;
  }
}

interface From {
  readonly place: Place;
  readonly beginning: Beginning | undefined;
}

async function movesOf(given: Engine, id: string, { place, beginning }: From): Promise<Run> {
  const { engine: once, before } = looking({ ...given, worker: `${given.worker}.${given.turns()}` });
  const recorder = recorderOf(once);
  const { engine } = recorder;
  let journal = await openJournal(given, id, recorder, beginning);
  await heedVeto(given, journal.run());
  for (let moves = 0; moves < maxMoves; moves += 1) {
    recorder.begin();
    const move = next(journal.run(), engine.clock());
    before(move.move);
    const after = await make(engine, journal, { move, place });
    if (after === 'on') continue;
    if (after === 'over') return journal.run();
    // A decision, or somebody who takes it back, may have come just before; whoever looks after putting it off sees that.
    const fresh = await openJournal(given, id, recorder);
    if (fresh.sequence() === journal.sequence()) return journal.run();
    journal = fresh;
  }
  throw new Fault('halt', 'run-without-end', `${id} made ${maxMoves} moves and did not come to rest.`);
}

/** Makes the move. @returns whether to go on with the next, to look whether somebody came meanwhile, or that nobody can have */
async function make(
  engine: Engine,
  journal: Journal,
  { move, place }: { move: Move; place: Place },
): Promise<'on' | 'look' | 'over'> {
  if (move.move === 'none') {
    await heedVeto(engine, journal.run());
    return (await place.leave(journal.sequence())) === 'kept' ? 'over' : 'look';
  }
  if (move.move !== 'rest') await attempt(engine, journal, move);
  const until = move.move === 'rest' ? move.until : heldUntil(engine, journal.run());
  if (until === null) return 'on';
  await journal.flush();
  await rest(engine, journal, { until, place });
  return 'look';
}

type Work = Exclude<Move, { move: 'none' | 'rest' }>;

/** Does it; where it fails, what had been noted before is written down all the same, so that nobody has to find it again. */
async function attempt(engine: Engine, journal: Journal, move: Work): Promise<void> {
  try {
    await perform(engine, journal, move);
  } catch (error) {
    await journal.flush().catch(() => undefined);
    throw error;
  }
}

/** Does what the move says, and records it. */
export async function perform(engine: Engine, journal: Journal, move: Work): Promise<void> {
  switch (move.move) {
    case 'prove':
      return prove(engine, journal, move.before);
    case 'plan':
      return plan(engine, journal);
    case 'guard':
      return guard(engine, journal);
    case 'ask':
      return ask(engine, journal, move);
    case 'canary':
      return canary(engine, journal, move);
    case 'choose':
      return choose(journal, move);
    case 'wait':
      return journal.note('waiting', { step: move.step, until: move.until });
    case 'act':
      return act(engine, journal, move);
    case 'verify':
      return verify(engine, journal, move);
    case 'end':
      return end(engine, journal, move);
    case 'undo-end':
      return endUndo(engine, journal, move);
  }
}

async function ask(engine: Engine, journal: Journal, move: Extract<Move, { move: 'ask' }>): Promise<void> {
  const { choices, expiresAt } = move;
  return journal.append('asked', { choices: [...choices], expiresAt, facts: await factsFor(engine, journal.run()) });
}

function choose(journal: Journal, { plan: chosen }: Extract<Move, { move: 'choose' }>): Promise<void> {
  const { name, version } = journal.run().opened.playbook;
  const by = `playbook:${name}@${version}`;
  const reason = 'the playbook may act without asking';
  return journal.note('decided', { choice: chosen.choice, digest: chosen.digest, by, byName: name, reason }, by);
}

async function end(engine: Engine, journal: Journal, move: Extract<Move, { move: 'end' }>): Promise<void> {
  await journal.append('run-ended', { outcome: move.outcome, reason: move.reason });
  const { id, opened, decision } = journal.run();
  // What a person approved and is not carried out is worth knowing outside of the run, too.
  if (decision?.choice && (move.outcome === 'refused' || move.outcome === 'not-confirmed'))
    await auditRefusal(
      engine,
      { what: 'execution', channel: 'engine', run: id, by: decision.by, byName: decision.byName },
      { code: move.outcome, message: move.reason },
    );
  engine.log.info({ run: id, playbook: opened.playbook.name, outcome: move.outcome }, 'run ended');
}

/** When a run that is held looks again; null where it is not. */
function heldUntil({ clock }: Engine, run: Run): string | null {
  return run.held ? later(clock(), lookAgainMs) : null;
}

/** A held run is left to the timer: every look would leave a message, and every message be a look. */
async function rest(
  engine: Engine,
  journal: Journal,
  { until, place }: { until: string; place: Place },
): Promise<void> {
  const run = journal.run();
  const session = run.opened.identity.id;
  await place.stay({ journal: run.id, kind: 'run', session, due: until, knows: journal.sequence() });
  const delay = Date.parse(until) - Date.parse(engine.clock());
  if (!run.held && delay <= hintWithinMs)
    await engine.bus.run(run.id, session, { reason: `until ${until}`, notBefore: until });
}
