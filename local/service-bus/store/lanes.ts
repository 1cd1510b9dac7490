import type { StoredMessage } from './message.ts';

/** The lane of every message in a queue without sessions. */
export const ONLY_LANE = '';

/** Messages waiting to be received, in sequence order; one lane per session. */
export class Lanes {
  readonly #lanes = new Map<string, StoredMessage[]>();

  /** A message that comes back takes its old place, ahead of later ones. */
  offer(message: StoredMessage): void {
    const lane = this.#lanes.get(message.lane) ?? [];
    const before = lane.findLastIndex((other) => other.sequence < message.sequence);
    lane.splice(before + 1, 0, message);
    this.#lanes.set(message.lane, lane);
  }

  take(name: string): StoredMessage | undefined {
    const first = this.#lanes.get(name)?.[0];
    if (first) this.withdraw(first);
    return first;
  }

  /** Does nothing when the message is not waiting. */
  withdraw(message: StoredMessage): void {
    const lane = this.#lanes.get(message.lane);
    const at = lane?.indexOf(message) ?? -1;
    if (!lane || at < 0) return;
    lane.splice(at, 1);
    // Session ids are unbounded, so an empty lane must not stay behind.
    if (lane.length === 0) this.#lanes.delete(message.lane);
  }

  /** The lane, among those that qualify, whose first message has waited longest. */
  oldest(qualifies: (name: string) => boolean): string | undefined {
    let oldest: StoredMessage | undefined;
    for (const [name, [first]] of this.#lanes) {
      if (first && first.sequence < (oldest?.sequence ?? Number.POSITIVE_INFINITY) && qualifies(name)) oldest = first;
    }
    return oldest?.lane;
  }
}
