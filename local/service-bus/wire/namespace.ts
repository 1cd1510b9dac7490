import { deadLetterSettings } from '../store/dead-letter.ts';
import { Queue } from '../store/queue.ts';
import type { QueueSettings } from '../store/settings.ts';
import { entityNotFound } from './amqp-error.ts';

/** The entities of a namespace, by name. Names are matched without regard to case. */
export interface BrokerConfig {
  readonly queues?: Readonly<Record<string, QueueSettings>>;
  readonly topics?: Readonly<Record<string, { readonly subscriptions: Readonly<Record<string, QueueSettings>> }>>;
}

/** Finds queues by the addresses clients use. */
export class Namespace {
  readonly #queues = new Map<string, Queue>();
  readonly #topics = new Map<string, Queue[]>();
  readonly #available: () => void;

  /** @param available called whenever some queue may have something to deliver */
  constructor({ queues = {}, topics = {} }: BrokerConfig, available: () => void) {
    this.#available = available;
    for (const [name, settings] of Object.entries(queues)) this.#add(name, settings);
    for (const [name, { subscriptions }] of Object.entries(topics)) {
      const fanOut = Object.entries(subscriptions).map(([subscription, settings]) =>
        this.#add(`${name}/Subscriptions/${subscription}`, settings),
      );
      this.#topics.set(normalize(name), fanOut);
    }
  }

  /**
   * The queue, subscription or dead-letter queue at an address.
   * @throws BrokerError when there is none
   */
  queue(address: string): Queue {
    const queue = this.#queues.get(normalize(address));
    if (!queue) throw entityNotFound(address);
    return queue;
  }

  /**
   * Where a message sent to the address goes: to the queue, or to every subscription of the topic.
   * @throws BrokerError when there is neither
   */
  targets(address: string): Queue[] {
    return this.#topics.get(normalize(address)) ?? [this.queue(address)];
  }

  close(): void {
    for (const queue of this.#queues.values()) queue.close();
  }

  #add(path: string, settings: QueueSettings): Queue {
    const available = this.#available;
    const deadLetters = new Queue(`${path}/$DeadLetterQueue`, deadLetterSettings(settings), { available });
    const queue = new Queue(path, settings, { available, deadLetters });
    for (const entity of [queue, deadLetters]) this.#queues.set(normalize(entity.name), entity);
    return queue;
  }
}

/** Clients name an entity by its path or by a URL ending in it. */
function normalize(address: string): string {
  return address
    .replace(/^(sb|amqps?):\/\/[^/]+\//, '')
    .replace(/^\/+|\/+$/g, '')
    .toLowerCase();
}
