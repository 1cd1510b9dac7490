import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keyVaultSigner } from '../../shared/adapters/azure/key-vault-signer.ts';
import { isSigned } from '../../shared/domain/public-key.ts';
import { expectFault } from '../support/adapters-storage.ts';

/*
 * A stand-in that answers as Key Vault is documented to: a challenge to whoever brings no token, Get Key, and Sign over a
 * digest. https://learn.microsoft.com/rest/api/keyvault/keys/sign/sign
 */
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwk = publicKey.export({ format: 'jwk' });
const version = '0123456789abcdef0123456789abcdef';

let server: ReturnType<typeof createServer>;
let address: string;
let asked: string[];
let curve: string;
let failing: number | null;

beforeEach(async () => {
  [asked, curve, failing] = [[], 'P-256', null];
  server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const at = server.address();
  address = `http://127.0.0.1:${typeof at === 'object' && at ? at.port : 0}`;
});
afterEach(async () => {
  server.close();
  await once(server, 'close');
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request);
  const path = new URL(request.url ?? '', address).pathname;
  const send = (status: number, value: object, headers = {}) =>
    response
      .writeHead(status, { 'content-type': 'application/json', connection: 'close', ...headers })
      .end(JSON.stringify(value));
  if (request.headers.authorization !== 'Bearer the-token') {
    const challenge = 'Bearer authorization="https://login.microsoftonline.com/t", resource="https://vault.azure.net"';
    send(401, { error: { code: 'Unauthorized', message: 'no token' } }, { 'www-authenticate': challenge });
    return;
  }
  asked.push(`${request.method} ${path}`);
  if (failing !== null) {
    send(failing, { error: { code: 'Forbidden', message: 'the secret reason' } });
    return;
  }
  const kid = `${address}/keys/seals/${version}`;
  if (request.method === 'GET') {
    send(200, {
      key: { kid, kty: 'EC', crv: curve, x: jwk.x, y: jwk.y, key_ops: ['sign', 'verify'] },
      attributes: { enabled: true },
    });
    return;
  }
  const { alg, value } = JSON.parse(body);
  expect([alg, path]).toEqual(['ES256', `/keys/seals/${version}/sign`]);
  expect(Buffer.from(value, 'base64url')).toHaveLength(32);
  send(200, { kid, value: signatureOf(texts.get(value) ?? '') });
}

/** Node signs texts and Key Vault digests: the stand-in knows the text of each digest that it will be asked for. */
const texts = new Map<string, string>();
function signatureOf(signed: string): string {
  return sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url');
}

function signer() {
  const credential = { getToken: async () => ({ token: 'the-token', expiresOnTimestamp: Date.now() + 3_600_000 }) };
  return keyVaultSigner(`${address}/keys/seals`, credential, {
    disableChallengeResourceVerification: true,
    allowInsecureConnection: true,
  });
}

describe('a key in Key Vault', () => {
  test('signs what it is sent the digest of, and never leaves it', async () => {
    const { createHash } = await import('node:crypto');
    const statement = '{"a":"statement"}';
    texts.set(createHash('sha256').update(statement).digest('base64url'), statement);
    const vault = signer();
    const key = await vault.key();
    expect(key).toEqual({ kty: 'EC', crv: 'P-256', x: jwk.x, y: jwk.y });
    expect(isSigned(key, statement, await vault.sign(statement))).toBe(true);
    expect(isSigned(key, `${statement} `, await vault.sign(statement))).toBe(false);
    expect(asked.filter((one) => one.startsWith('POST'))).toHaveLength(2);
  });

  test('of another curve is refused', async () => {
    curve = 'P-384';
    await expectFault(signer().key(), 'halt', 'seal-key');
  });

  test('that may not be used is a fault, and is asked for again the next time', async () => {
    failing = 403;
    const vault = signer();
    await expectFault(vault.key(), 'halt', 'storage-forbidden');
    failing = null;
    expect((await vault.key()).x).toBe(jwk.x);
  });
});
