import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { connection } from '../../cli/sign-in.ts';
import { ENGINE } from '../../local/tenant/seed.ts';
import { IDENTITY_HEADER, type TestTenant, testTenant } from '../support/tenant.ts';

const away = 'https://quell.example.com';
const local = 'http://127.0.0.1:7071';

let tenant: TestTenant;
let folder: string;
const home = process.cwd();

beforeAll(async () => {
  tenant = await testTenant();
  folder = await mkdtemp(join(tmpdir(), 'quell-cli-'));
  process.chdir(folder);
});
afterEach(() => vi.unstubAllEnvs());
afterAll(async () => {
  process.chdir(home);
  await rm(folder, { recursive: true, force: true });
  await tenant.close();
});

test('a host elsewhere gets a token of the identity that is signed in, for the API and nothing else', async () => {
  // The chain asks the managed identity endpoint where there is one; the stand-in tenant has it.
  vi.stubEnv('IDENTITY_ENDPOINT', `${tenant.url}/msi/token`);
  vi.stubEnv('IDENTITY_HEADER', IDENTITY_HEADER);
  vi.stubEnv('AZURE_TOKEN_CREDENTIALS', 'ManagedIdentityCredential');
  const { url, token } = await connection({ QUELL_URL: `${away}/` });
  expect([url, decodeJwt(token).aud, decodeJwt(token).oid]).toEqual([away, 'api://quell', ENGINE.objectId]);
  const other = await connection({ QUELL_URL: away, QUELL_AUDIENCE: 'api://another/' });
  expect(decodeJwt(other.token).aud).toBe('api://another');
});

test('where nobody is signed in, one line says what to do', async () => {
  vi.stubEnv('AZURE_TOKEN_CREDENTIALS', 'AzureCliCredential');
  vi.stubEnv('PATH', '/nowhere');
  await expect(connection({ QUELL_URL: away })).rejects.toThrow(
    /^no token for api:\/\/quell\/\.default: nobody is signed in here; try az login, or set QUELL_TOKEN$/,
  );
});

test('a token that is given is used as it is, and not sent in the clear', async () => {
  expect(await connection({ QUELL_URL: away, QUELL_TOKEN: 't' })).toEqual({ url: away, token: 't' });
  expect(await connection({ QUELL_URL: local, QUELL_TOKEN: 't' })).toEqual({ url: local, token: 't' });
  const inTheClear = { QUELL_URL: 'http://quell.example.com', QUELL_TOKEN: 't' };
  await expect(connection(inTheClear)).rejects.toThrow(/has to be https, or on this machine/);
  await expect(connection({ QUELL_URL: 'quell' })).rejects.toThrow(/is not an address: quell/);
});

test('the development identity is for the host it was made for', async () => {
  await expect(connection({})).rejects.toThrow(/^set QUELL_URL, or run npm start here first/);
  await mkdir('.local', { recursive: true });
  await writeFile('.local/cli.json', JSON.stringify({ url: local, token: 'dev' }));
  for (const environment of [{}, { QUELL_URL: local }, { QUELL_TOKEN: 'x' }])
    expect(await connection(environment)).toEqual({ url: local, token: 'dev' });
  await expect(connection({ QUELL_URL: 'http://127.0.0.1:9' })).rejects.toThrow(
    /^set QUELL_TOKEN for http:\/\/127\.0\.0\.1:9, .*\(\.local\/cli\.json is for http:\/\/127\.0\.0\.1:7071\)/,
  );
});
