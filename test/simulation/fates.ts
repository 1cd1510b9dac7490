import { Fault } from '../../shared/domain/fault.ts';
import { faultOf, silence } from '../../shared/systems/far-side.ts';
import {
  type Effect,
  type Fate,
  type Fiber,
  flightMs,
  isPersons,
  type Policy,
  restedRun,
  type Token,
} from './fiber.ts';
import type { BusWeather } from './hints.ts';
import type { Random } from './random.ts';

/** What goes wrong with one seed, and how often: each is the probability of one call. */
export interface Weather {
  readonly die: number;
  readonly fault: number;
  readonly hold: number;
  readonly pause: number;
  readonly phantom: number;
  /** Clocks are off by at most this, in milliseconds. */
  readonly skewMs: number;
  /** Workers that hesitate between intent and sending, and calls that arrive late. */
  readonly zombies: boolean;
  /** How many there are at a time: what two processes tell apart by their names, two turns of one cannot. */
  readonly processes: number;
  /** A far side often says that Quell may not. */
  readonly forbidden: boolean;
  /** How late reads of the far sides show a change, in milliseconds. */
  readonly lagMs: number;
  readonly bus: BusWeather;
  /** Probability that a message of the dead comes again. */
  readonly keeps: number;
}

/** Nothing goes wrong. */
export const calmWeather: Weather = {
  ...{ die: 0, fault: 0, hold: 0, pause: 0, phantom: 0, skewMs: 0, lagMs: 0, keeps: 1 },
  ...{ zombies: false, forbidden: false, processes: 2 },
  bus: { drop: 0, repeat: 0, delay: 0 },
};

/** Half of the troubles for each seed, each between rare and a storm: all of them always would hide those that need quiet. */
export function weatherOf(random: Random): Weather {
  const some = (from: number, to: number) => (random.chance(0.5) ? from * (to / from) ** random.next() : 0);
  return {
    die: some(0.002, 0.05),
    fault: some(0.005, 0.15),
    hold: some(0.02, 0.3),
    pause: random.chance(0.05) ? 0.2 : some(0.003, 0.05),
    phantom: random.chance(0.1) ? 0.05 : 0,
    skewMs: random.chance(0.3) ? random.pick([50, 2000, 600_000]) : 0,
    lagMs: random.chance(0.3) ? random.pick([100, 1000, 3000]) : 0,
    keeps: random.pick([0, 0.5, 1]),
    zombies: random.chance(0.25),
    forbidden: random.chance(0.1),
    processes: random.chance(0.2) ? 1 : 2,
    bus: { drop: random.chance(0.1) ? 0.9 : some(0.02, 0.5), repeat: some(0.02, 0.5), delay: some(0.02, 0.5) },
  };
}

/** The scheduler of a seed. */
export function chancePolicy(random: Random, weather: Weather): Policy {
  return {
    pick: (runnable) => random.pick(runnable),
    fate: (token) => fateOf(token, random, weather),
    skewMs: () => Math.round(random.between(-weather.skewMs, weather.skewMs)),
    keeps: () => random.chance(weather.keeps),
  };
}

function fateOf(token: Token, random: Random, weather: Weather): Fate {
  const { point } = token;
  if (weather.zombies && random.chance(0.4)) {
    const fate = hesitation(token, random);
    if (fate) return fate;
  }
  if (random.chance(weather.die)) return { fate: 'die', effect: effectOf(point, random) };
  if (random.chance(weather.pause)) return { fate: 'pause', ms: pauseMs(random) };
  if (point === 'sleep' || point === 'answer') return { fate: 'through' };
  if (random.chance(weather.fault)) return faultAt(point, random);
  if (random.chance(weather.hold)) return { fate: 'hold', ms: random.int(random.pick([10, 3000])) };
  if (point === 'effects.send' && random.chance(weather.phantom)) return { fate: 'phantom' };
  if (point === 'effects.send' && weather.forbidden && random.chance(0.3))
    return { fate: 'fault', effect: 'none', error: farFault(403, random, true) };
  return { fate: 'through' };
}

/** Those who hesitate where it hurts most, and die where nobody is told of it. */
function hesitation(token: Token, random: Random): Fate | null {
  const { point, fiber } = token;
  if (isPersons(fiber)) return hesitatingDecider(point, random);
  if (restedRun(token) !== null) return hesitatingRester(fiber, random);
  return hesitatingActor(token, random);
}

/** Whoever decides takes their time between noting that and writing it down, and dies before they can note it again, or tell. */
function hesitatingDecider(point: string, random: Random): Fate | null {
  if (point === 'ledger.append') return { fate: 'pause', ms: random.int(20_000) };
  if (point === 'index.open') return random.chance(0.3) ? { fate: 'die', effect: 'none' } : null;
  return point === 'bus.run' && random.chance(0.5) ? { fate: 'die', effect: 'none' } : null;
}

/** Whoever puts a run to rest sleeps before that, and dies before they can look whether somebody came meanwhile. */
function hesitatingRester({ pausedUntil }: Fiber, random: Random): Fate | null {
  if (pausedUntil > 0) return { fate: 'die', effect: 'before' };
  return random.chance(0.5) ? { fate: 'pause', ms: random.int(60_000) } : null;
}

/** Between the intent and the call most of a lease goes by, and the call arrives when its worker is long given up. */
function hesitatingActor({ point, given }: Token, random: Random): Fate | null {
  const late = { lateMs: random.int(flightMs) };
  if (point === 'effects.send')
    return random.chance(0.5)
      ? { fate: 'die', effect: late }
      : { fate: 'fault', effect: late, error: silence('far side', true, 0) };
  const intends = point.startsWith('ledger.append') && JSON.stringify(given[2]).includes('"step-intended"');
  if (!intends) return null;
  return { fate: random.pick(['hold', 'pause']), ms: random.int(20_000) };
}

function pauseMs(random: Random): number {
  return random.int(random.pick([1000, 15_000, 60_000, 3_600_000]));
}

function effectOf(point: string, random: Random): Effect {
  const late = point === 'effects.send' && random.chance(0.3);
  return late ? { lateMs: random.int(flightMs) } : random.pick(['none', 'before']);
}

/** What a far side may say about when to come again: seconds, a date, nothing, and nonsense. */
const retryAfters = ['1', '5', '120', '1000000000', '-5', 'soon', '', null, 'Sun, 01 Mar 2026 12:00:30 GMT'];
const date = 'Sun, 01 Mar 2026 12:00:00 GMT';

function faultAt(point: string, random: Random): Fate {
  if (point === 'effects.send') return faultOfSend(random);
  if (point.startsWith('world.') && !point.startsWith('world.exclusions'))
    return {
      fate: 'fault',
      effect: 'none',
      error: farFault(random.pick([429, 429, 503, 500, 401, 403, 0]), random, false),
    };
  if (point === 'controls.remove' && random.chance(0.3))
    return {
      fate: 'fault',
      effect: 'none',
      error: new Fault('conflict', 'control-replaced', 'Another took its place.'),
    };
  const wait = random.chance(0.2) ? { retryAfterMs: random.int(120_000) } : {};
  const error = new Fault('retry', 'storage-busy', 'Storage is busy.', wait);
  return { fate: 'fault', effect: random.pick(['none', 'before']), error };
}

function faultOfSend(random: Random): Fate {
  const status = random.pick([429, 429, 503, 503, 409, 423, 401, 500, 504, 0, 0, 0, random.chance(0.1) ? 403 : 429]);
  const error = farFault(status, random, true);
  const open = error.disposition === 'uncertain';
  return { fate: 'fault', error, effect: open ? effectOf('effects.send', random) : 'none' };
}

function farFault(status: number, random: Random, writes: boolean): Fault {
  if (status === 0) return silence('far side', writes, new Error('reset'));
  const retryAfter = status === 429 || status === 503 ? random.pick(retryAfters) : null;
  return faultOf({ what: 'far side', status, code: 'unknown', message: 'trouble', retryAfter, date, writes });
}
