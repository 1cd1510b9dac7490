import { drift, meddle } from './drift.ts';
import { anybody, control, person, redriveOne, releaseAll, runsOf, send, takeBack } from './people.ts';
import type { Random } from './random.ts';
import type { Scene } from './scene.ts';
import type { Simulation } from './simulation.ts';

export interface Whims {
  alert(): void;
  /** Perhaps somebody looks at an open question, best while it is put to rest; false where nobody does. */
  answer(): boolean;
  /** A run is looked at for no reason: best while somebody decides. */
  wake(): unknown;
  /** Somebody meddles with what is just being taken back, or waits; false where nothing does. */
  meddle(): boolean;
  any(): Promise<void>;
}

/** What people and others come up with. */
export function whimsOf(simulation: Simulation, scene: Scene, random: Random, zombies: boolean): Whims {
  const waiting = [...scene.alerts];
  const sent: (typeof waiting)[number][] = [];
  const notify = (body: (typeof waiting)[number]) => {
    let tries = 0;
    const go = () => {
      tries += 1;
      if (tries < 20) send(simulation, body, go);
    };
    go();
  };
  const alert = () => {
    const body = waiting.shift() ?? (sent.length > 0 ? random.pick(sent) : undefined);
    if (!body) return;
    sent.push(body);
    notify(body);
  };
  const decision = () => {
    const asked = runsOf(simulation.record.entries).filter((run) => run.asked && !run.ended && run.plans);
    if (asked.length > 0) person(simulation, random.pick(asked), random);
  };
  const questions = () =>
    runsOf(simulation.record.entries).filter((run) => run.asked && !run.decision && !run.ended && run.plans);
  const answer = () => {
    const open = questions();
    if (open.length > 0) person(simulation, random.pick(open), random);
    return open.length > 0;
  };
  const interrupted = new Set<string>();
  const interrupt = () => {
    const resting = simulation.resting().filter((id) => !interrupted.has(id));
    const run = resting.length > 0 && questions().find(({ id }) => resting.includes(id));
    if (!run) return false;
    interrupted.add(run.id);
    person(simulation, run, random, 1);
    return true;
  };
  const back = () => {
    const flying = simulation.inFlight();
    const runs = flying.length > 0 ? flying : runsOf(simulation.record.entries).map(({ id }) => id);
    if (runs.length > 0) takeBack(simulation, random.pick(runs), anybody(random));
  };
  const wake = () => {
    const all = runsOf(simulation.record.entries);
    const [deciding, now] = [simulation.deciding(), all.map(({ id }) => id)];
    const some = deciding.length > 0 ? deciding : now;
    if (some.length === 0) return;
    const id = random.pick(some);
    const session = all.find((run) => run.id === id)?.opened.identity.id;
    return session && simulation.hints.bus.run(id, session, { reason: 'once more' });
  };
  const poison = () =>
    simulation.hints.messages.push({
      queue: random.pick(['alerts', 'runs']),
      body: random.pick([{ run: 'run-00000000000000000000000000000000' }, 'bad', null, { alert: 1 }]),
      session: null,
      from: simulation.now,
      deliveries: 0,
      lockedBy: null,
    });
  const time = () => simulation.advance(simulation.now + random.int(random.pick([50, 5000, 30_000, 7_200_000])));
  const undoes = zombies || random.chance(0.5);
  const stops = random.chance(0.3);
  const drifts = random.chance(0.5);
  const redrives = random.chance(0.4);
  const all: (() => unknown)[] = [
    alert,
    ...[decision, decision, decision, decision],
    ...(undoes ? [back] : []),
    ...(zombies ? [back, back, back, wake] : []),
    ...(stops
      ? [
          () => control(simulation, random, true),
          () => control(simulation, random, false),
          () => releaseAll(simulation),
        ]
      : []),
    ...(drifts ? [() => drift(simulation, random)] : []),
    ...(redrives ? [() => redriveOne(simulation, random)] : []),
    () => simulation.tick(),
    poison,
    time,
  ];
  return {
    alert,
    answer: () => (zombies && interrupt()) || (random.chance(0.5) && answer()),
    wake: () => zombies && wake(),
    meddle: () => drifts && meddle(simulation, random),
    any: async () => void (await random.pick(all)()),
  };
}
