import { Fault } from '../../shared/domain/fault.ts';
import type { Bus } from '../../shared/ports.ts';
import type { Fiber } from './fiber.ts';
import type { Random } from './random.ts';

/** A message that lies in a queue. */
export interface Message {
  readonly queue: 'alerts' | 'runs';
  readonly body: unknown;
  readonly session: string | null;
  /** Not to be had before (milliseconds since 1970). */
  from: number;
  deliveries: number;
  /** Whoever works on it; its session is nobody else's meanwhile. */
  lockedBy: Fiber | null;
}

/** How a bus treats messages: each probability is of one message. */
export interface BusWeather {
  readonly drop: number;
  readonly repeat: number;
  readonly delay: number;
}

/** Queues that lose, repeat, delay and reorder. */
export interface Hints {
  readonly bus: Bus;
  readonly messages: Message[];
  weather: BusWeather;
}

/** Queue `alerts` remembers a message id this long. */
const rememberedMs = 10 * 60_000;

export function hintsOf(now: () => number, random: Random): Hints {
  const remembered = new Map<string, number>();
  const hints: Hints = {
    messages: [],
    weather: { drop: 0, repeat: 0, delay: 0 },
    bus: {
      alert: async (alert, { reason, notBefore }) => {
        const id = keyOf(`${alert}:${reason}`);
        const last = remembered.get(id);
        if (last !== undefined && now() - last < rememberedMs) return;
        remembered.set(id, now());
        put({ queue: 'alerts', body: { alert }, session: null }, notBefore);
      },
      run: async (run, session, { reason, notBefore }) => {
        keyOf(`${run}:${reason}`);
        put({ queue: 'runs', body: { run }, session: keyOf(session) }, notBefore);
      },
    },
  };
  const put = (message: Pick<Message, 'queue' | 'body' | 'session'>, notBefore?: string) => {
    const { drop, repeat, delay } = hints.weather;
    if (random.chance(drop)) return;
    const from = Math.max(now(), notBefore === undefined ? 0 : Date.parse(notBefore));
    const copies = random.chance(repeat) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const lateMs = random.chance(delay) ? random.int(120_000) : 0;
      hints.messages.push({ ...message, from: from + lateMs, deliveries: 0, lockedBy: null });
    }
  };
  return hints;
}

function keyOf(text: string): string {
  if (text === '' || text.length > 128) throw new Fault('halt', 'bus-key', 'This text cannot be the id of a message.');
  return text;
}
