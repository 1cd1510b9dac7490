import { controller, runsOf, takeBack } from './people.ts';
import type { Random } from './random.ts';
import type { Simulation } from './simulation.ts';

/** How many messages are worked on at once. */
const atOnce = 4;

/** One thing that can happen now; false where there is none. */
export async function step(simulation: Simulation, random: Random | null): Promise<boolean> {
  await simulation.arrive();
  const runnable = simulation.runnable();
  const messages = simulation.working() < atOnce ? simulation.deliverable() : [];
  const count = runnable.length + messages.length;
  if (count === 0) return false;
  const chosen = random ? random.int(count) : 0;
  if (chosen >= runnable.length) {
    const message = messages[chosen - runnable.length];
    if (message) simulation.deliver(message);
    return true;
  }
  const token = runnable[chosen];
  if (token) await simulation.letGo(token);
  return true;
}

/** Has the timer look, or lets time pass until something can happen; false where nothing ever will. */
export async function pass(simulation: Simulation): Promise<boolean> {
  if (await tickIfDue(simulation)) return true;
  const next = await simulation.nextTime();
  if (next === null) return false;
  await simulation.advance(next);
  await tickIfDue(simulation);
  return true;
}

/** The timer comes when something is due, on a host that does not stand still. */
async function tickIfDue(simulation: Simulation): Promise<boolean> {
  const [open] = await simulation.stack.engine.index.due(simulation.stack.clock.now(), 1);
  const ticking = simulation.fibers.some(({ task, pausedUntil }) => task === 'tick' && pausedUntil <= simulation.now);
  if (!open || ticking) return false;
  simulation.tick();
  return true;
}

/** How many moves everything has to come to an end in, once nothing goes wrong any more. */
const mostMoves = 6000;

/**
 * Goes on, the oldest first, until nothing is open any more. `idle` is asked whenever nothing can happen at the time,
 * and says whether it began something.
 * @returns whether it came to rest at all
 */
export async function settle(simulation: Simulation, idle: () => boolean = () => false): Promise<boolean> {
  for (let moves = 0; moves < mostMoves; moves += 1) {
    if (await step(simulation, null)) continue;
    if (idle()) continue;
    await letGhostsGo(simulation);
    if (!(await pass(simulation))) return true;
  }
  return false;
}

/**
 * What was noted as open and never written down is looked for every minute, in vain: its sender died and was told nothing.
 * Once nobody is at anything any more it is let go, so that the minutes of a month need not all be lived through.
 */
async function letGhostsGo({ tokens, fibers, stack, record }: Simulation): Promise<void> {
  if (tokens.length > 0 || fibers.length > 0) return;
  const written = new Set(record.entries.map(({ entry }) => entry.journal));
  for (const { journal } of await stack.engine.index.due('9999-01-01T00:00:00.000Z', 100))
    if (!written.has(journal)) await stack.engine.index.close(journal);
}

/** How often a run that waits for others of its alert is left to look again, before somebody takes it back. */
const mostLooks = 30;

/**
 * What a full budget holds, or another run of the same alert, would look again every minute, for as long as the budget
 * counts or nobody decides on the other: somebody takes it back.
 */
export function takingBackHeld(simulation: Simulation): () => boolean {
  const looks = new Map<string, number>();
  const done = new Set<string>();
  return () => {
    const held = runsOf(simulation.record.entries).filter((run) => run.held && !run.ended && !run.undo);
    for (const { id, held: hold } of held)
      looks.set(id, (looks.get(id) ?? 0) + (hold?.reason.includes('quarantined') ? mostLooks : 1));
    const due = held.filter(({ id }) => (looks.get(id) ?? 0) >= mostLooks && !done.has(id));
    for (const { id } of due) done.add(id);
    for (const { id } of due) takeBack(simulation, id, controller);
    return due.length > 0;
  };
}
