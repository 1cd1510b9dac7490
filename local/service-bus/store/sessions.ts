import { BrokerError } from './broker-error.ts';
import { Timers } from './timers.ts';

/** Whoever holds a session, told when its lock runs out under it. */
export interface SessionHolder {
  sessionLost(): void;
}

interface Session {
  holder: SessionHolder | undefined;
  state: unknown;
}

/** Session locks and the state receivers leave with a session. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();
  readonly #timers = new Timers<string>();
  readonly #duration: number;
  readonly #released: (id: string, expired: boolean) => void;

  /** @param released called after a session became free; `expired` when its lock ran out */
  constructor(duration: number, released: (id: string, expired: boolean) => void) {
    this.#duration = duration;
    this.#released = released;
  }

  isHeld(id: string): boolean {
    return this.#sessions.get(id)?.holder !== undefined;
  }

  /**
   * @returns until when the session is held, epoch milliseconds
   * @throws BrokerError when another receiver holds it
   */
  accept(id: string, holder: SessionHolder): number {
    if (this.isHeld(id)) {
      throw new BrokerError(
        'com.microsoft:session-cannot-be-locked',
        `The requested session '${id}' cannot be accepted. It may be locked by another receiver.`,
      );
    }
    this.#session(id).holder = holder;
    return this.renew(id);
  }

  /**
   * @returns the new end of the lock, epoch milliseconds
   * @throws BrokerError when nobody holds the session
   */
  renew(id: string): number {
    const holder = this.#sessions.get(id)?.holder;
    if (!holder) throw new BrokerError('com.microsoft:session-lock-lost', `The session lock has expired on '${id}'.`);
    this.#timers.set(id, this.#duration, () => {
      this.#free(id, true);
      holder.sessionLost();
    });
    return Date.now() + this.#duration;
  }

  /** Does nothing unless this holder still has the session. */
  release(id: string, holder: SessionHolder): void {
    if (this.#sessions.get(id)?.holder === holder) this.#free(id, false);
  }

  state(id: string): unknown {
    return this.#sessions.get(id)?.state ?? null;
  }

  setState(id: string, state: unknown): void {
    this.#session(id).state = state;
  }

  close(): void {
    this.#timers.clearAll();
  }

  #free(id: string, expired: boolean): void {
    this.#timers.clear(id);
    const session = this.#session(id);
    session.holder = undefined;
    if (session.state === undefined || session.state === null) this.#sessions.delete(id);
    this.#released(id, expired);
  }

  #session(id: string): Session {
    const session = this.#sessions.get(id) ?? { holder: undefined, state: undefined };
    this.#sessions.set(id, session);
    return session;
  }
}
