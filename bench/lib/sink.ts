import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The far side of the comparison: takes a call, counts it, answers. */
export interface Sink {
  readonly url: string;
  /** How often each alert id was acted on. */
  readonly seen: Map<string, number>;
  /** Links that it was told. */
  readonly links: string[];
  /** How long an answer takes, in milliseconds. */
  delayMs: number;
  close(): void;
}

export async function openSink(): Promise<Sink> {
  const seen = new Map<string, number>();
  const links: string[] = [];
  const sink = { seen, links, delayMs: 0, url: '', close: () => server.close() };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { id: given = '', link } = JSON.parse(body || '{}');
    const id = String(given);
    if (typeof link === 'string') links.push(link);
    seen.set(id, (seen.get(id) ?? 0) + 1);
    setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}'), sink.delayMs);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(sink, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/act` });
}
