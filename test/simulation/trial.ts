import { pass, settle, step, takingBackHeld } from './driver.ts';
import { calmWeather, chancePolicy, weatherOf } from './fates.ts';
import { type Facts, type Violation, violationsOf } from './invariants.ts';
import { anybody, redriveOne, releaseAll, runsOf, takeBack } from './people.ts';
import { type Random, randomOf } from './random.ts';
import { type Record, recordOf } from './record.ts';
import { type Scene, sceneOf } from './scene.ts';
import { Simulation } from './simulation.ts';
import { whimsOf } from './whims.ts';

/** What came of one seed. */
export interface Trial {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly record: Record;
}

/** Runs one seed: a stretch of trouble, then calm, in which everything has to come to its end. */
export async function trial(seed: number, verbose = false): Promise<Trial> {
  const random = randomOf(seed);
  const weather = weatherOf(random);
  const scene = sceneOf(random, weather.lagMs);
  const record = recordOf(verbose);
  const policy = chancePolicy(random, weather);
  const { processes } = weather;
  const simulation = new Simulation(scene.stack, policy, { record, random, processes, limits: scene.limits });
  simulation.hints.weather = weather.bus;
  await trouble(simulation, scene, random, weather.zombies);
  const ended = await calm(simulation, random);
  const facts: Facts = { simulation, scene, weather, record, runs: runsOf(record.entries), ended };
  const violations = await violationsOf(facts);
  if (verbose) for (const { invariant, what } of violations) record.lines?.push(`VIOLATION ${invariant}: ${what}`);
  return { seed, violations, record };
}

/** How many calls a stretch of trouble has. */
const troubleSteps = 450;

async function trouble(simulation: Simulation, scene: Scene, random: Random, zombies: boolean): Promise<void> {
  const whims = whimsOf(simulation, scene, random, zombies);
  whims.alert();
  const { record } = simulation;
  let idle = 0;
  for (let moves = 0; record.steps < troubleSteps && moves < 3 * troubleSteps && idle < 6; moves += 1) {
    if (random.chance(0.04)) await whims.any();
    if (await step(simulation, random)) continue;
    if (whims.answer()) continue;
    if (random.chance(0.1)) whims.meddle();
    if (random.chance(0.2)) await whims.wake();
    if (await pass(simulation)) continue;
    idle += 1;
    await whims.any();
  }
}

/** No more trouble: whatever is open has to end. Then everything is woken once more, and nothing may come of it. */
async function calm(simulation: Simulation, random: Random): Promise<Facts['ended']> {
  const calmFrom = simulation.now;
  simulation.policy = chancePolicy(random, calmWeather);
  simulation.hints.weather = calmWeather.bus;
  simulation.hurryPeople();
  await releaseAll(simulation);
  const settled = () => settle(simulation, takingBackHeld(simulation));
  let quiet = await settled();
  if (random.chance(0.2)) {
    redriveOne(simulation, random);
    quiet = quiet && (await settled());
  }
  if (random.chance(0.3)) {
    const runs = runsOf(simulation.record.entries);
    if (runs.length > 0) takeBack(simulation, random.pick(runs).id, anybody(random));
    quiet = quiet && (await settled());
  }
  const { entries, sends } = simulation.record;
  const [written, sent] = [entries.length, sends.length];
  for (const { id, opened } of runsOf(entries).filter(({ ended, undo }) => (undo ? undo.ended : ended)))
    await simulation.hints.bus.run(id, opened.identity.id, { reason: 'again' });
  quiet = quiet && (await settled());
  return { quiet, calmFrom, again: { entries: entries.length - written, sends: sends.length - sent } };
}
