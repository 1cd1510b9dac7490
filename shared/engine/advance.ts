import { Fault } from '../domain/fault.ts';
import { type Move, next } from '../domain/move.ts';
import type { Run } from '../domain/run.ts';
import { act } from './act.ts';
import type { Engine } from './engine.ts';
import { guard } from './guard.ts';
import { type Journal, openJournal } from './journal.ts';
import { plan } from './plan.ts';
import { prove } from './prove.ts';
import { endUndo } from './undo.ts';
import { verify } from './verify.ts';

/** More moves than any run has: a loop that does not end is a broken invariant, not a busy run. */
const maxMoves = 200;

/** Rests shorter than this get a delayed message; the timer finds the longer ones. */
const hintWithinMs = 15 * 60_000;

/**
 * Opens the journal of a run, sees what is not done, does that, records it, until the run ends or has to rest.
 * Every trigger comes here; a repeated, late or reordered one finds nothing left to do.
 * @returns the run as it stands
 * @throws Fault `conflict` where somebody else is at it, or whatever a port throws; what was done stays recorded
 */
export async function advance(engine: Engine, id: string): Promise<Run> {
  let journal = await openJournal(engine, id);
  for (let moves = 0; moves < maxMoves; moves += 1) {
    const run = journal.run();
    const move = next(run, engine.clock());
    if (move.move === 'none') {
      await engine.index.close(id);
      return run;
    }
    if (move.move === 'rest') {
      await rest(engine, run, move.until);
      // A decision may have come just before the due time was put off; whoever looks after putting it off sees it.
      const fresh = await openJournal(engine, id);
      if (fresh.sequence() === journal.sequence()) return run;
      journal = fresh;
      continue;
    }
    await perform(engine, journal, move);
  }
  throw new Fault('halt', 'run-without-end', `${id} made ${maxMoves} moves and did not come to rest.`);
}

async function perform(
  engine: Engine,
  journal: Journal,
  move: Exclude<Move, { move: 'none' | 'rest' }>,
): Promise<void> {
  switch (move.move) {
    case 'prove':
      return prove(engine, journal, move.before);
    case 'plan':
      return plan(engine, journal);
    case 'guard':
      return guard(engine, journal);
    case 'ask':
      return journal.append('asked', { choices: [...move.choices], expiresAt: move.expiresAt });
    case 'choose':
      return choose(journal, move);
    case 'wait':
      return journal.append('waiting', { step: move.step, until: move.until });
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

function choose(journal: Journal, { plan: chosen }: Extract<Move, { move: 'choose' }>): Promise<void> {
  const { name, version } = journal.run().opened.playbook;
  const by = `playbook:${name}@${version}`;
  const reason = 'the playbook may act without asking';
  return journal.append('decided', { choice: chosen.choice, digest: chosen.digest, by, byName: name, reason }, by);
}

async function end(engine: Engine, journal: Journal, move: Extract<Move, { move: 'end' }>): Promise<void> {
  await journal.append('run-ended', { outcome: move.outcome, reason: move.reason });
  const { id, opened } = journal.run();
  engine.log.info({ run: id, playbook: opened.playbook.name, outcome: move.outcome }, 'run ended');
}

async function rest(engine: Engine, run: Run, until: string): Promise<void> {
  const session = run.opened.identity.id;
  await engine.index.open({ journal: run.id, kind: 'run', session, due: until });
  const delay = Date.parse(until) - Date.parse(engine.clock());
  if (delay <= hintWithinMs) await engine.bus.run(run.id, session, { reason: `until ${until}`, notBefore: until });
}
