import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { app } from '@azure/functions';
import { ServiceBusClient } from '@azure/service-bus';

/*
 * Counts what the functions ask of storage, bus and far sides, by kind, and says so at `GET api/bench/look`, with the
 * memory of the process, and with `?collect` after a collection. Nothing of what is counted is changed.
 */
const counts: Record<string, number> = {};
const count = (kind: string): void => {
  counts[kind] = (counts[kind] ?? 0) + 1;
};

const endpoints = Object.fromEntries(
  (process.env.AzureWebJobsStorage ?? '').split(';').map((part) => {
    const at = part.indexOf('=');
    return [part.slice(0, at), part.slice(at + 1)];
  }),
);

/** A host and port, as they are in a request; of nothing, one that no request has. */
const hostOf = (url: string | undefined): string => (url ? new URL(url).host : '-');
const hosts = { blob: hostOf(endpoints.BlobEndpoint), table: hostOf(endpoints.TableEndpoint) };

/** One row is asked for by its keys, others by a filter. */
function tableKind(method: string, path: string): string {
  if (path.includes('$batch')) return 'table batch';
  if (method !== 'GET') return `table ${method}`;
  return path.includes('(PartitionKey') || path.includes('(PartitionKey'.replace('(', '%28'))
    ? 'table get'
    : 'table query';
}

function kindOf(host: string, method: string, path: string): string {
  if (host === hosts.table) return tableKind(method, path);
  if (host === hosts.blob) return `blob ${method}`;
  return path.startsWith('/local/inbox') ? 'inbox' : `tenant ${method}`;
}

subscribe('http.client.request.start', (message) => {
  const { request } = message as { readonly request: ClientRequest };
  const method = String(request.getHeader('x-http-method') ?? request.method);
  count(kindOf(String(request.getHeader('host')), method, request.path));
});
subscribe('undici:request:create', (message) => {
  const { request } = message as { readonly request: { origin: string; method: string; path: string } };
  count(kindOf(hostOf(request.origin), request.method, request.path));
});

const createSender = ServiceBusClient.prototype.createSender;
ServiceBusClient.prototype.createSender = function (...given: Parameters<typeof createSender>) {
  const sender = createSender.apply(this, given);
  const sendMessages = sender.sendMessages.bind(sender);
  sender.sendMessages = (...message: Parameters<typeof sendMessages>) => {
    count('bus send');
    return sendMessages(...message);
  };
  return sender;
};

app.hook.preInvocation(({ invocationContext }) => {
  if (invocationContext.options.trigger.type === 'serviceBusTrigger') count('bus deliver');
});

/** Everything that is not reachable goes, so that what is left says whether something is kept. */
function collect(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

app.http('bench-look', {
  methods: ['GET'],
  authLevel: 'anonymous',
  route: 'bench/look',
  handler: (request) => {
    if (request.query.has('collect')) collect();
    return { jsonBody: { counts, memory: process.memoryUsage() } };
  },
});
