import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { RestError } from '@azure/data-tables';
import { afterEach, describe, expect, test } from 'vitest';
import { connectionStringOf, freePort } from '../../local/stack/azurite.ts';
import { connectStorage } from '../../shared/adapters/azure/connect.ts';
import { azureExclusions } from '../../shared/adapters/azure/exclusions.ts';
import { azureLedger } from '../../shared/adapters/azure/ledger.ts';
import { storageCall } from '../../shared/adapters/azure/storage-call.ts';
import { storageFault } from '../../shared/adapters/azure/storage-fault.ts';
import { azureVault } from '../../shared/adapters/azure/vault.ts';
import { memoryVault } from '../../shared/adapters/memory/vault.ts';
import { Fault } from '../../shared/domain/fault.ts';
import { bodyOf } from '../support/adapters-ledger.ts';
import { expectFault } from '../support/adapters-storage.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A storage account that answers as told. */
async function storageThat(answer: RequestListener) {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    request.resume();
    answer(request, response);
  }).listen(0, '127.0.0.1');
  closing.push(() => server.close().closeAllConnections());
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return { ...clients(port), requests: () => requests };
}

function clients(port: number) {
  const storage = connectStorage({ connectionString: connectionStringOf(port, port) });
  const vault = azureVault(storage.container('vault'));
  const table = storage.table('ledger');
  return { vault, table, ledger: azureLedger(table, memoryVault()), exclusions: azureExclusions(table) };
}

const answering =
  (status: number, headers = {}): RequestListener =>
  (_, response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end('{}');

describe('storage that is not there', () => {
  test('is a retry, in bounded time', async () => {
    const { ledger, vault, exclusions } = clients(await freePort());
    const startedAt = performance.now();
    await Promise.all([
      expectFault(ledger.append('run-1', null, bodyOf(1)), 'retry', 'storage-unreachable'),
      expectFault(vault.put(Buffer.from('x'), ''), 'retry', 'storage-unreachable'),
      expectFault(exclusions.find('s', 'a'), 'retry', 'storage-unreachable'),
    ]);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  test('or never answers, is a retry once our patience is at an end', async () => {
    const { table, requests } = await storageThat(() => {});
    const startedAt = performance.now();
    const call = storageCall('Waiting', (options) => table.createTable(options), 300);
    await expectFault(call, 'retry', 'storage-unreachable');
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(requests()).toBe(1);
  });

  test('and then is, works without a new client', async () => {
    let up = false;
    const { vault } = await storageThat((request, response) => {
      if (up) answering(201)(request, response);
      else request.socket.destroy();
    });
    await expectFault(vault.put(Buffer.from('x'), ''), 'retry', 'storage-unreachable');
    up = true;
    expect(await vault.put(Buffer.from('x'), '')).toMatchObject({ bytes: 1 });
  });
});

describe('storage that answers', () => {
  test('503 with a time to wait is not asked again before, and the time is passed on', async () => {
    const { ledger, vault, requests } = await storageThat(answering(503, { 'retry-after': '7' }));
    const wanted = { disposition: 'retry', code: 'storage-busy', retryAfterMs: 7_000 };
    await expect(ledger.append('run-1', null, bodyOf(1))).rejects.toMatchObject(wanted);
    await expect(vault.put(Buffer.from('x'), '')).rejects.toMatchObject(wanted);
    expect(requests()).toBe(2);
  });

  test('a hiccup is asked again at once', async () => {
    const answers = [500, 503, 201];
    const { vault, requests } = await storageThat((request, response) =>
      answering(answers.shift() ?? 201)(request, response),
    );
    expect(await vault.put(Buffer.from('x'), '')).toMatchObject({ bytes: 1 });
    expect(requests()).toBe(4);
  });

  test.each([
    [400, 'halt', 'storage-refused'],
    [401, 'halt', 'storage-forbidden'],
    [403, 'halt', 'storage-forbidden'],
    [404, 'halt', 'storage-missing'],
    [409, 'conflict', 'storage-conflict'],
    [412, 'conflict', 'storage-conflict'],
    [413, 'halt', 'storage-refused'],
  ] as const)('%i is a %s and is not repeated', async (status, disposition, code) => {
    const { vault, requests } = await storageThat(answering(status));
    await expectFault(vault.put(Buffer.from('x'), ''), disposition, code);
    expect(requests()).toBe(1);
  });
});

describe('an error of the storage client', () => {
  const withAnswer = (status: number, headers: Record<string, string>) =>
    Object.assign(new RestError('x', { statusCode: status }), { response: { headers: new Headers(headers) } });
  const named = (name: string) => Object.assign(new Error('x'), { name });

  test('names the wait also as a date, counted from the date of the answer', () => {
    const date = 'Sun, 01 Mar 2026 09:00:00 GMT';
    const dated = withAnswer(429, { date, 'retry-after': 'Sun, 01 Mar 2026 09:01:30 GMT' });
    expect(storageFault('It', dated).retryAfterMs).toBe(90_000);
    expect(storageFault('It', withAnswer(429, { 'retry-after': 'soon' })).retryAfterMs).toBeUndefined();
  });

  test('without a status is the network, a token that could not be had, or a mistake of ours', () => {
    const codeOf = (error: unknown) => storageFault('It', error).code;
    expect(codeOf(Object.assign(new Error('x'), { code: 'ECONNRESET' }))).toBe('storage-unreachable');
    expect(codeOf(named('CredentialUnavailableError'))).toBe('storage-unreachable');
    expect(codeOf(named('AbortError'))).toBe('storage-unreachable');
    expect(codeOf(Object.assign(new TypeError('x'), { code: 'ERR_INVALID_CHAR' }))).toBe('storage-refused');
    expect(codeOf('thrown text')).toBe('storage-refused');
  });

  test('that is a Fault already stays what it is', () => {
    const fault = new Fault('halt', 'vault-missing', 'x');
    expect(storageFault('It', fault)).toBe(fault);
  });
});

describe('connecting', () => {
  const credential = { getToken: async () => null };

  test('in the clear is for this machine only', () => {
    const elsewhere = connectionStringOf(80, 80).replaceAll('127.0.0.1', 'storage.example');
    const insecure = expect.objectContaining({ disposition: 'halt', code: 'storage-insecure' });
    expect(() => connectStorage({ connectionString: elsewhere })).toThrow(insecure);
    const tables = 'http://t.example';
    const mixed = connectStorage({ tables, blobs: 'https://b.example', credential });
    expect(() => mixed.table('ledger')).toThrow(insecure);
  });

  test('takes endpoints with a credential, or the words for the local account', () => {
    const account = {
      tables: 'https://a.table.core.windows.net',
      blobs: 'https://a.blob.core.windows.net',
      credential,
    };
    const azure = connectStorage(account);
    expect(azure.table('ledger').url).toBe(account.tables);
    expect(azure.container('vault').url).toBe(`${account.blobs}/vault`);
    const local = connectStorage({ connectionString: 'UseDevelopmentStorage=true' });
    expect(local.table('ledger').url).toBe('http://127.0.0.1:10002/devstoreaccount1');
  });
});
