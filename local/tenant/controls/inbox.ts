import type { Answer, Asked } from '../wire.ts';

export interface Message {
  readonly receivedAt: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** How often it came. Repeats carry the same `Idempotency-Key`. */
  count: number;
}

export interface Inbox {
  receive(asked: Asked, time: string): Answer;
  list(): Answer;
  clear(): void;
}

/** Receives notifications as a careful receiver does: a repeat is answered like the first and kept once. */
export function createInbox(): Inbox {
  let messages: Message[] = [];
  return {
    receive({ headers, body }, receivedAt) {
      const key = headers['idempotency-key'];
      const known = key === undefined ? undefined : messages.find((one) => one.headers['idempotency-key'] === key);
      const message = known ?? { receivedAt, headers, body: parse(body), count: 0 };
      if (!known) messages.push(message);
      message.count += 1;
      return { status: 200, body: { count: message.count } };
    },
    list: () => ({ status: 200, body: { messages } }),
    clear() {
      messages = [];
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
