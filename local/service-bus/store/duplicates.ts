/** Message ids seen within a window, so that a sender's retry is dropped. */
export class Duplicates {
  readonly #window: number;
  readonly #forgetAt = new Map<string, number>();

  /** @param window milliseconds an id is remembered; 0 remembers nothing */
  constructor(window: number) {
    this.#window = window;
  }

  /** True when the id was already seen within the window; otherwise it is from now on. */
  isRepeat(id: string, now: number): boolean {
    if (this.#window === 0) return false;
    this.#forget(now);
    if (this.#forgetAt.has(id)) return true;
    this.#forgetAt.set(id, now + this.#window);
    return false;
  }

  #forget(now: number): void {
    // One window for all, so the map is in order of expiry and the sweep stops at the first live id.
    for (const [id, at] of this.#forgetAt) {
      if (at > now) return;
      this.#forgetAt.delete(id);
    }
  }
}
