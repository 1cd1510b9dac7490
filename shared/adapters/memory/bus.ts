import type { Bus, Clock, Hint } from '../../ports.ts';
import { instantOf, messageKeyOf } from '../keys.ts';

/** A message as its receiver sees it. */
export interface MemoryMessage {
  readonly queue: 'alerts' | 'runs';
  readonly id: string;
  /** Null in `alerts`, which has no sessions. */
  readonly session: string | null;
  readonly body: { readonly alert: string } | { readonly run: string };
  /** When it can be taken (ISO 8601). */
  readonly from: string;
}
export interface MemoryBus extends Bus {
  /** Takes the message that has waited longest, or null where none can be taken yet. It does not come again. */
  take(): MemoryMessage | null;
}

/** As long as the queue `alerts` remembers a message id; `runs` remembers none, there the session keeps order. */
const rememberedMs = 10 * 60_000;

/** A bus that lasts as long as the process. */
export function memoryBus(clock: Clock): MemoryBus {
  const waiting: MemoryMessage[] = [];
  const remembered = new Map<string, number>();
  const seen = (id: string) => {
    const now = Date.parse(clock());
    const last = remembered.get(id) ?? Number.NEGATIVE_INFINITY;
    if (now - last < rememberedMs) return true;
    remembered.set(id, now);
    return false;
  };
  return {
    alert: async (alert, hint) => {
      const id = messageKeyOf(`${alert}:${hint.reason}`);
      const from = fromOf(hint, clock);
      if (!seen(id)) waiting.push({ queue: 'alerts', id, session: null, body: { alert }, from });
    },
    run: async (run, session, hint) => {
      const id = messageKeyOf(`${run}:${hint.reason}`);
      const from = fromOf(hint, clock);
      waiting.push({ queue: 'runs', id, session: messageKeyOf(session), body: { run }, from });
    },
    take: () => {
      const now = instantOf(clock());
      const ready = waiting.filter(({ from }) => from <= now);
      const [first = null] = ready.sort((one, other) => Date.parse(one.from) - Date.parse(other.from));
      if (first) waiting.splice(waiting.indexOf(first), 1);
      return first;
    },
  };
}

/** A message whose time is past already waits from now on, behind those that were there before. */
function fromOf({ notBefore }: Hint, clock: Clock): string {
  const now = clock();
  return new Date(Math.max(Date.parse(instantOf(now)), Date.parse(instantOf(notBefore ?? now)))).toISOString();
}
