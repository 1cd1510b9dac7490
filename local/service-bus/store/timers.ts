// setTimeout takes a signed 32-bit number of milliseconds and fires at once when given more.
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** At most one pending action per key. None of them keeps the process alive. */
export class Timers<Key> {
  readonly #pending = new Map<Key, NodeJS.Timeout>();

  /** Replaces whatever was pending for the key. Waits of any length are kept; an infinite one never fires. */
  set(key: Key, milliseconds: number, action: () => void): void {
    this.clear(key);
    if (milliseconds === Number.POSITIVE_INFINITY) return;
    const wait = Math.min(milliseconds, LONGEST_TIMEOUT);
    const elapsed = () => {
      this.#pending.delete(key);
      if (wait < milliseconds) this.set(key, milliseconds - wait, action);
      else action();
    };
    this.#pending.set(key, setTimeout(elapsed, wait).unref());
  }

  clear(key: Key): void {
    clearTimeout(this.#pending.get(key));
    this.#pending.delete(key);
  }

  clearAll(): void {
    for (const key of [...this.#pending.keys()]) this.clear(key);
  }
}
