import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { startDns } from '../../local/mail/dns-stand-in.ts';
import { sampleAlert } from '../../local/mail/sample-alert.ts';
import { newSigner, signed } from '../../local/mail/sign.ts';
import { type Resolve, resolverOf } from '../../shared/sources/mail/resolver.ts';
import { permissionsManagementEmail } from '../../shared/sources/permissions-management-email.ts';
import { basic, plainMail, received } from '../support/mail.ts';
import { mailSettings } from '../support/mail-settings.ts';

const domain = 'alerts.contoso.example';
const signer = newSigner(domain);
const signTime = new Date(mailSettings.now());
const authorization = basic(mailSettings.webhookSecret);

const noAnswer = { disposition: 'retry', code: 'mail-dns', status: 503 };

async function judge(resolve: Resolve, mail = plainMail(), by = signer): Promise<string> {
  const source = permissionsManagementEmail({ ...mailSettings, resolve });
  return source.authenticate(received(await signed(mail, by, { signTime }), { authorization }));
}

/** Answers from the signer's records, except that the names which `broken` is true of fail with `code`. */
function failing(code: string, broken: (name: string) => boolean): Resolve {
  return async (name) => {
    const text = signer.records.get(name);
    if (broken(name) || text === undefined) throw Object.assign(new Error(code), { code });
    return [[text]];
  };
}

describe('the resolver', () => {
  test('reads a key that needs two strings', async () => {
    await using dns = await startDns(signer.records);
    const name = `quell._domainkey.${domain}`;
    const [record] = await resolverOf([dns.server])(name, 'TXT');
    expect(record).toHaveLength(2);
    expect([record].flat().join('')).toBe(signer.records.get(name));
  });

  test('tells a name that is not there from one without such a record', async () => {
    await using dns = await startDns(signer.records);
    const resolve = resolverOf([dns.server]);
    await expect(resolve('nobody.example', 'TXT')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    await expect(resolve('nobody.example', 'CNAME')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    await expect(resolve(`_dmarc.${domain}`, 'A')).rejects.toMatchObject({ code: 'ENODATA' });
  });

  test('gives up after about two seconds, and the mail is taken again later', async () => {
    await using silent = await silentServer();
    const started = performance.now();
    await expect(judge(resolverOf([silent.server]))).rejects.toMatchObject(noAnswer);
    expect(performance.now() - started).toBeLessThan(4_000);
  });

  test('works with the servers of the system as well', () => {
    expect(resolverOf(null)).toBeTypeOf('function');
  });
});

describe('a DNS without an answer', () => {
  test.each(['ETIMEOUT', 'ESERVFAIL', 'ECONNREFUSED', 'EREFUSED'])('%s for the key', async (code) => {
    await expect(judge(failing(code, (name) => name.includes('_domainkey')))).rejects.toMatchObject(noAnswer);
  });

  test('for the policy', async () => {
    await expect(judge(failing('ESERVFAIL', (name) => name.startsWith('_dmarc')))).rejects.toMatchObject(noAnswer);
  });

  test('matters only for domains on the list: nobody else is asked', async () => {
    const asked: string[] = [];
    const resolve: Resolve = async (name) => {
      asked.push(name);
      throw Object.assign(new Error('timeout'), { code: 'ETIMEOUT' });
    };
    const verdict = judge(resolve, plainMail({ from: 'a@evil.example' }), newSigner('evil.example'));
    await expect(verdict).rejects.toMatchObject({ disposition: 'refuse', code: 'mail-signature' });
    expect(asked).toEqual([]);
  });
});

test('the sample alert is believed and read, raw and as SendGrid posts it', async () => {
  await using dns = await startDns(signer.records);
  const source = permissionsManagementEmail({ ...mailSettings, resolve: resolverOf([dns.server]) });
  const subscription = '1f6d0c1e-6a54-4c07-9d1e-2b8f0a3c4d5e';
  const parts = { from: `alerts@${domain}`, to: 'quell@contoso.example', date: signTime, subscription, identities: 3 };
  const mail = await signed(sampleAlert(parts), signer, { signTime });
  const form = `--X\r\nContent-Disposition: form-data; name="email"\r\n\r\n${mail}\r\n--X--\r\n`;
  for (const post of [
    received(mail, { authorization }),
    received(form, { authorization, contentType: 'multipart/form-data; boundary=X' }),
  ]) {
    expect(await source.authenticate(post)).toBe(`mail:${domain}`);
    expect(await source.read(post)).toEqual({
      rule: 'inactive-users',
      ruleName: 'Inactive Users',
      title: 'Users inactive for 90 days',
      system: { type: 'azure', id: subscription },
      nominations: [],
      identityCount: 3,
      occurredAt: mailSettings.now(),
      dedupeKey: null,
    });
  }
});

/** Takes every question and answers none. */
async function silentServer() {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { server: `127.0.0.1:${socket.address().port}`, [Symbol.asyncDispose]: async () => void socket.close() };
}
