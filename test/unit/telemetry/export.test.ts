import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { exportSpans } from '../../../shared/telemetry/export.ts';
import { inSpan } from '../../../shared/telemetry/spans.ts';
import { eventually } from '../../support/host.ts';

test('spans reach a collector by OTLP/HTTP; where it is away, the work goes on and the log says so', async () => {
  const asked: { url: string | undefined; spans: unknown[] }[] = [];
  let status = 200;
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    asked.push({ url: request.url, spans: JSON.parse(body).resourceSpans[0].scopeSpans[0].spans });
    response.writeHead(status).end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const warned: string[] = [];
  const log = {
    info: () => {},
    warn: (_fields: object, message: string) => void warned.push(message),
    error: () => {},
  };
  exportSpans(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, log, () => '1');
  await inSpan('outer', {}, () => inSpan('inner', {}, async () => undefined));
  await eventually(() => asked[0]);
  expect(asked).toMatchObject([{ url: '/v1/traces', spans: [{ name: 'inner' }, { name: 'outer' }] }]);
  status = 503;
  await inSpan('lost', {}, async () => undefined);
  await eventually(() => warned[0]);
  expect(warned).toEqual(['spans could not be sent']);
  server.closeAllConnections();
  server.close();
});
