import type { Sender } from 'rhea';
import { BrokerError } from '../store/broker-error.ts';
import { Timers } from '../store/timers.ts';
import { announce, holdAttach, types } from './amqp.ts';
import type { Consumer, Consumers } from './consumers.ts';

const SESSION_FILTER = 'com.microsoft:session-filter';
const LOCKED_UNTIL = 'com.microsoft:locked-until-utc';
const WAIT_LIMIT = 'com.microsoft:timeout';
const DEFAULT_WAIT_MS = 60_000;
/** From year 1, where .NET counts ticks from, to 1970. */
const EPOCH_OFFSET_MS = 62_135_596_800_000n;
const TICKS_PER_MS = 10_000n;

const TIMED_OUT = { condition: 'com.microsoft:timeout', description: 'No session became available in time.' };

/** Gives consumers their sessions; those that must wait for one get no answer to their attach until then. */
export class SessionAttach {
  readonly #waiting = new Map<Sender, Consumer>();
  readonly #timers = new Timers<Sender>();
  readonly #consumers: Consumers;

  constructor(consumers: Consumers) {
    this.#consumers = consumers;
  }

  /** @throws BrokerError when the client asked for no session, or for one that another receiver holds */
  attach(consumer: Consumer): void {
    const { sender } = consumer;
    if (this.#open(consumer)) return;
    holdAttach(sender);
    this.#waiting.set(sender, consumer);
    this.#timers.set(sender, sender.properties?.[WAIT_LIMIT] ?? DEFAULT_WAIT_MS, () => {
      this.#waiting.delete(sender);
      // Only an attached link can be detached with a reason.
      sender.set_source({ address: sender.source.address });
      sender.open();
      sender.close(TIMED_OUT);
    });
  }

  /** Answers those waiting for whom a session has become free. */
  serve(): void {
    for (const [sender, consumer] of this.#waiting) {
      if (!this.#open(consumer)) continue;
      this.remove(sender);
      sender.open();
    }
  }

  /** Forgets a consumer that stopped waiting. */
  remove(sender: Sender): void {
    this.#waiting.delete(sender);
    this.#timers.clear(sender);
  }

  senders(): Sender[] {
    return [...this.#waiting.keys()];
  }

  close(): void {
    this.#timers.clearAll();
  }

  /** False when any session will do and none is free. */
  #open(consumer: Consumer): boolean {
    const { sender, queue } = consumer;
    const id = wantedSession(sender) ?? queue.nextSession();
    if (id === undefined) return false;
    const until = queue.sessions.accept(id, consumer);
    consumer.sessionId = id;
    sender.set_source({ address: sender.source.address, filter: { [SESSION_FILTER]: id } });
    announce(sender, { properties: { [LOCKED_UNTIL]: types.wrap_long(dotNetTicks(until)) } });
    this.#consumers.add(consumer);
    return true;
  }
}

/** Undefined when any session will do. */
function wantedSession({ source }: Sender): string | undefined {
  if (source.filter && SESSION_FILTER in source.filter) return source.filter[SESSION_FILTER] ?? undefined;
  throw new BrokerError(
    'amqp:not-allowed',
    'It is not possible for an entity that requires sessions to create a non-sessionful message receiver.',
  );
}

function dotNetTicks(epochMilliseconds: number): Buffer {
  const ticks = Buffer.alloc(8);
  ticks.writeBigInt64BE((BigInt(epochMilliseconds) + EPOCH_OFFSET_MS) * TICKS_PER_MS);
  return ticks;
}
