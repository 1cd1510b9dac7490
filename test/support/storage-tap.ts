import { once } from 'node:events';
import { createServer, request as forward, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A tap on the way to a storage account: what it counts is what the account is asked, whoever asks, whatever is answered. */
export interface Tap {
  readonly port: number;
  /** What was asked since the last time, such as `table ledger POST`. */
  take(): readonly string[];
  close(): Promise<void>;
}

/** Opens a tap in front of a server on this machine. @param name of what is behind it, for the record */
export async function openTap(name: 'table' | 'blob', port: number): Promise<Tap> {
  let asked: string[] = [];
  const server = createServer((incoming, outgoing) => {
    asked.push(`${name} ${placeOf(incoming.url ?? '')} ${verbOf(incoming)}`);
    const { method, url: path, headers } = incoming;
    const onward = forward({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    take: () => {
      const taken = asked;
      asked = [];
      return taken;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Table or container: `/account/ledger(…)?…` is `ledger`. A transaction names its table only inside. */
function placeOf(url: string): string {
  return /^\/[^/]+\/\$?([\w-]+)/.exec(url)?.[1] ?? '';
}

/** Clients send MERGE and DELETE of old as POST with a header; `PUT` is an upsert or a replacement. */
function verbOf({ method, headers }: IncomingMessage): string {
  return String(headers['x-http-method'] ?? method);
}
