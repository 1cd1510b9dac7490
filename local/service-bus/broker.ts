import type { AddressInfo, Server, Socket } from 'node:net';
import type { Container } from 'rhea';
import type { QueueCounts } from './store/queue.ts';
import { createContainer } from './wire/amqp.ts';
import type { Authorize } from './wire/cbs.ts';
import { serveInbound } from './wire/inbound.ts';
import { type BrokerConfig, Namespace } from './wire/namespace.ts';
import { Outbound } from './wire/outbound.ts';

export interface BrokerOptions {
  /** TCP port; 0 takes any free one. */
  readonly port: number;
  /** Address to listen on. Default 127.0.0.1. */
  readonly host?: string;
  /** Whether a client's token is good for an entity. Default: every token is. */
  readonly authorize?: Authorize;
}

/** A running Service Bus namespace. */
export interface Broker {
  readonly port: number;
  /** What `new ServiceBusClient(…)` takes. */
  readonly connectionString: string;
  /**
   * Messages in a queue, subscription (`topic/Subscriptions/name`) or dead-letter queue, by state.
   * @throws BrokerError when there is no such entity
   */
  counts(entity: string): QueueCounts;
  /** Cuts every client's connection, as a failing network would. */
  dropConnections(): void;
  /** Cuts every connection and stops listening; messages are gone. */
  close(): Promise<void>;
}

/**
 * Starts an AMQP 1.0 peer that behaves like a Service Bus namespace towards `@azure/service-bus`. Messages live in memory.
 * @throws when the port cannot be listened on
 */
export async function startBroker(config: BrokerConfig, options: BrokerOptions): Promise<Broker> {
  const { port, host = '127.0.0.1', authorize = () => true } = options;
  const outbound = new Outbound();
  const namespace = new Namespace(config, outbound.deliverSoon);
  const container = createServiceContainer();
  serveInbound(container, namespace, authorize);
  outbound.serve(container, namespace);
  const server = container.listen({ port, host });
  const sockets = trackSockets(server, outbound);
  const listening = await portOf(server);
  const dropConnections = () => {
    // Without an error rhea would miss it, and its idle timer would keep the process alive for minutes.
    for (const socket of sockets) socket.destroy(new Error('connection dropped by the broker'));
  };
  return {
    port: listening,
    connectionString: connectionString(host, listening),
    counts: (entity) => namespace.queue(entity).counts(),
    dropConnections,
    close: async () => {
      outbound.close();
      namespace.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      dropConnections();
      await closed;
    },
  };
}

function createServiceContainer(): Container {
  const container = createContainer({
    id: 'local-service-bus',
    receiver_options: { autoaccept: false, credit_window: 500 },
    sender_options: { treat_modified_as_released: false },
    max_frame_size: 65_536,
    idle_time_out: 120_000,
  });
  container.sasl_server_mechanisms.enable_anonymous();
  // A client that breaks off is dealt with when its socket closes; unheard, these events would throw or print.
  for (const event of ['error', 'connection_error', 'protocol_error', 'disconnected']) container.on(event, () => {});
  return container;
}

/** rhea notices a socket's end but not its loss, and would go on delivering into it. */
function trackSockets(server: Server, outbound: Outbound): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.on('close', () => {
      sockets.delete(socket);
      outbound.forgetWhere((sender) => sender.connection.socket === socket);
    });
  });
  return sockets;
}

async function portOf(server: Server): Promise<number> {
  await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject));
  const address = server.address() as AddressInfo;
  return address.port;
}

function connectionString(host: string, port: number): string {
  const parts = {
    Endpoint: `sb://${host}:${port}`,
    SharedAccessKeyName: 'RootManageSharedAccessKey',
    SharedAccessKey: 'local',
    UseDevelopmentEmulator: 'true',
  };
  return Object.entries(parts)
    .map(([key, value]) => `${key}=${value};`)
    .join('');
}
