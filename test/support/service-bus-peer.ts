import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { ServiceBusClient, type ServiceBusReceivedMessage, type ServiceBusReceiver } from '@azure/service-bus';
import { type Broker, startBroker } from '../../local/service-bus/broker.ts';
import type { QueueSettings } from '../../local/service-bus/store/settings.ts';
import type { BrokerConfig } from '../../local/service-bus/wire/namespace.ts';

/** A broker on a free port and a real client connected to it; `await using` closes both. */
export interface Peer extends AsyncDisposable {
  readonly broker: Broker;
  readonly client: ServiceBusClient;
}

export async function startPeer(config: BrokerConfig): Promise<Peer> {
  const broker = await startBroker(config, { port: 0 });
  const client = connect(broker.connectionString);
  const close = async () => {
    await client.close();
    await broker.close();
  };
  return { broker, client, [Symbol.asyncDispose]: close };
}

/** The common case: one queue named `q`, its sender and its receiver. */
export async function startQueue(settings: QueueSettings = {}) {
  const peer = await startPeer({ queues: { q: settings } });
  return {
    ...peer,
    sender: peer.client.createSender('q'),
    receiver: peer.client.createReceiver('q'),
    deadLetters: peer.client.createReceiver('q', { subQueueType: 'deadLetter' }),
    counts: () => peer.broker.counts('q'),
  };
}

/** A client whose retries take fractions of a second; the default first retry comes after thirty. */
export function connect(connectionString: string, { maxRetries = 3, timeoutInMs = 5_000 } = {}): ServiceBusClient {
  return new ServiceBusClient(connectionString, { retryOptions: { maxRetries, timeoutInMs, retryDelayInMs: 300 } });
}

export async function receiveOne(receiver: ServiceBusReceiver): Promise<ServiceBusReceivedMessage> {
  const [message] = await receiver.receiveMessages(1, { maxWaitTimeInMs: 3_000 });
  if (!message) throw new Error(`no message arrived at ${receiver.entityPath}`);
  return message;
}

/** Receives until there are `count` messages; throws when they stop coming. */
export async function receiveAll(receiver: ServiceBusReceiver, count: number): Promise<ServiceBusReceivedMessage[]> {
  const messages: ServiceBusReceivedMessage[] = [];
  while (messages.length < count) {
    const more = await receiver.receiveMessages(count - messages.length, { maxWaitTimeInMs: 2_000 });
    if (more.length === 0) throw new Error(`${messages.length} of ${count} messages arrived at ${receiver.entityPath}`);
    messages.push(...more);
  }
  return messages;
}

export async function completeAll(
  receiver: ServiceBusReceiver,
  messages: readonly ServiceBusReceivedMessage[],
): Promise<void> {
  await Promise.all(messages.map((message) => receiver.completeMessage(message)));
}

export function bodies(messages: readonly { body: unknown }[]): unknown[] {
  return messages.map(({ body }) => body);
}

/** The broker in a process of its own; `await using` kills it if the test has not ended it. */
export interface PeerProcess extends AsyncDisposable {
  readonly ready: { readonly ready: string; readonly port: number; readonly connectionString: string };
  /** Sends the signal and waits for the end. @returns the exit code, or null when the signal ended it */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** Runs `local/service-bus/main.ts` and waits for its ready line. @param port 0 for any */
export async function spawnPeer(port = 0): Promise<PeerProcess> {
  const main = new URL('../../local/service-bus/main.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // A test that times out never gets to dispose of anything.
  const killNow = () => child.kill('SIGKILL');
  process.once('exit', killNow);
  child.once('exit', () => process.off('exit', killNow));
  const [line] = await once(createInterface(child.stdout), 'line');
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const exited = once(child, 'exit');
    child.kill(signal);
    const [code] = await exited;
    return code;
  };
  return { ready: JSON.parse(line), end, [Symbol.asyncDispose]: async () => void (await end('SIGKILL')) };
}
