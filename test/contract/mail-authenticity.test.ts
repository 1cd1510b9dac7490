import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DnsStandIn, startDns } from '../../local/mail/dns-stand-in.ts';
import { newSigner, type SignOptions, signed } from '../../local/mail/sign.ts';
import { resolverOf } from '../../shared/sources/mail/resolver.ts';
import { permissionsManagementEmail } from '../../shared/sources/permissions-management-email.ts';
import { basic, plainMail, received } from '../support/mail.ts';
import { mailSettings } from '../support/mail-settings.ts';

/*
 * Reliability, §2.2: the signatures are real and the keys come over a real DNS socket. Every mail of the first table
 * differs from an accepted one in a single thing.
 */

const domain = 'alerts.contoso.example';
const now = new Date(mailSettings.now());
const signTime = { signTime: now };

const sender = newSigner(domain);
const ed25519 = newSigner(domain, { selector: 'ed', key: 'ed25519' });
const weak = newSigner(domain, { selector: 'weak', bits: 1024 });
const stranger = newSigner('evil.example');
const parent = newSigner('contoso.example');
const unaligned = newSigner('listed.example');
const withoutDmarc = newSigner('plain.example');
const subdomain = `mail.${domain}`;

const records = new Map([
  ...[...sender.records, ...ed25519.records, ...weak.records, ...stranger.records, ...parent.records],
  ...[...unaligned.records, ...withoutDmarc.records].filter(([name]) => name !== '_dmarc.plain.example'),
  ['contoso.example', 'v=spf1 +all'],
  [domain, 'v=spf1 +all'],
] as [string, string][]);

let dns: DnsStandIn;
beforeAll(async () => {
  dns = await startDns(records);
});
afterAll(() => dns.close());

function judge(mail: string, authorization: string | null = basic(mailSettings.webhookSecret)): Promise<string> {
  const source = permissionsManagementEmail({
    ...mailSettings,
    senderDomains: ['Alerts.Contoso.Example', 'listed.example', 'plain.example'],
    resolve: resolverOf([dns.server]),
  });
  return source.authenticate(received(mail, { authorization }));
}

const mail = plainMail();
const sign = (text = mail, options: SignOptions = {}, by = sender) => signed(text, by, { ...signTime, ...options });
const headersOnTop = async (...lines: string[]) => `${lines.join('\r\n')}\r\n${await sign()}`;
const many = (count: number, line: string) => Array.from({ length: count }, () => line);
const allBut = (name: string) =>
  ['From', 'To', 'Subject', 'Date', 'Message-ID', 'MIME-Version', 'Content-Type'].filter((one) => one !== name);
const arc = [
  `ARC-Seal: i=1; a=rsa-sha256; t=1; cv=none; d=${domain}; s=quell; b=AAAA`,
  `ARC-Message-Signature: i=1; a=rsa-sha256; c=relaxed/relaxed; d=${domain}; s=quell; h=from; bh=AAAA; b=AAAA`,
  `ARC-Authentication-Results: i=1; mx.example; dkim=pass header.d=${domain}; dmarc=pass`,
];
const bogus = `DKIM-Signature: v=1; a=rsa-sha256; d=${domain}; s=quell; h=from; bh=AAAA; b=AAAA`;

type Case = readonly [what: string, mail: () => string | Promise<string>, code: string, message?: string];

const forged: readonly Case[] = [
  ['no signature', () => mail, 'mail-signature', 'there is none'],
  ['SPF alone', () => `Return-Path: <alerts@${domain}>\r\nReceived-SPF: pass\r\n${mail}`, 'mail-signature'],
  ['ARC alone', () => `${arc.join('\r\n')}\r\n${mail}`, 'mail-signature'],
  [
    'forged Authentication-Results',
    () => `Authentication-Results: mx; dkim=pass header.d=${domain}; dmarc=pass\r\n${mail}`,
    'mail-signature',
  ],
  ['a changed body', async () => (await sign()).replace('Identities: 3', 'Identities: 9'), 'mail-signature', 'body'],
  ['an appended body', async () => `${await sign()}Alert Name: other\r\n`, 'mail-signature'],
  ['a changed Subject', async () => (await sign()).replace('Alert triggered', 'Another'), 'mail-signature'],
  ['a changed To', async () => (await sign()).replace('To: quell@', 'To: other@'), 'mail-signature'],
  ['a changed Date', async () => (await sign()).replace('10:15:00', '10:16:00'), 'mail-signature'],
  [
    'l= with text appended',
    async () => `${await sign(mail, { maxBodyLength: 40 })}Alert Name: other\r\n`,
    'mail-signature',
    'length of the body open',
  ],
  ['l= of the whole body', () => sign(mail, { maxBodyLength: 9_999 }), 'mail-signature', 'length'],
  ['a key of 1024 bits', () => sign(mail, {}, weak), 'mail-signature', 'weak-key'],
  ['a domain that is not listed', () => sign(plainMail({ from: 'a@evil.example' }), {}, stranger), 'mail-signature'],
  ['a stranger for a listed domain', () => sign(mail, {}, stranger), 'mail-signature', 'not on the list'],
  ['the parent of a listed domain', () => sign(mail, {}, parent), 'mail-signature', 'not on the list'],
  ['a listed but unaligned domain', () => sign(mail, {}, unaligned), 'mail-dmarc', 'says fail'],
  ['no DMARC record', () => sign(plainMail({ from: 'a@plain.example' }), {}, withoutDmarc), 'mail-dmarc', 'says none'],
  ['an unknown selector', () => sign(mail, {}, { ...sender, selector: 'other' }), 'mail-signature', 'no key'],
  ['another private key', () => sign(mail, {}, { ...sender, privateKey: stranger.privateKey }), 'mail-signature'],
  [
    'an expired signature',
    () => sign(mail, { signTime: new Date(now.getTime() - 7_200_000), expires: new Date(now.getTime() - 3_600_000) }),
    'mail-signature',
    'expired',
  ],
  // Without From neither mailauth signs nor does a signature count for it.
  ...['To', 'Subject', 'Date', 'Message-ID', 'Content-Type'].map(
    (name): Case => [
      `h= without ${name}`,
      () => sign(mail, { headerList: allBut(name) }),
      'mail-signature',
      `does not cover ${name.toLowerCase()}`,
    ],
  ),
  [
    'an encoding that the signature does not cover',
    async () => (await sign()).replace('\r\nTo:', '\r\nContent-Transfer-Encoding: base64\r\nTo:'),
    'mail-signature',
    'does not cover content-transfer-encoding',
  ],
  ['a Date of two days ago', () => sign(plainMail({ date: 'Thu, 27 Feb 2025 10:15:00 +0000' })), 'mail-stale'],
  ['a Date of tomorrow evening', () => sign(plainMail({ date: 'Sun, 02 Mar 2025 20:15:00 +0000' })), 'mail-stale'],
  ['a Date in words', () => sign(plainMail({ date: 'yesterday' })), 'mail-stale', 'cannot be read'],
  ['a second Subject on top', () => headersOnTop('Subject: Another'), 'mail-malformed', 'subject'],
  ['a second From on top', () => headersOnTop('From: alerts@evil.example'), 'mail-malformed', 'from'],
  ['a second Date', () => headersOnTop('Date: Sat, 01 Mar 2025 10:15:00 +0000'), 'mail-malformed', 'date'],
  ['a second Content-Type', () => headersOnTop('CONTENT-TYPE: text/html'), 'mail-malformed', 'content-type'],
  ...['To', 'Message-ID', 'Sender', 'Reply-To', 'Cc', 'MIME-Version', 'Content-Transfer-Encoding'].map(
    (name): Case => [
      `two of ${name}`,
      () => headersOnTop(`${name}: a`, `${name}: a`),
      'mail-malformed',
      'more than once',
    ],
  ),
  ['a field name with a space behind', () => headersOnTop('From : alerts@evil.example'), 'mail-malformed', 'no field'],
  ['a header that starts folded', () => headersOnTop(' Subject: x'), 'mail-malformed', 'continues nothing'],
  ['a blank folded line', () => headersOnTop('X-A: b', ' '), 'mail-malformed', 'continues nothing'],
  ['a NUL', () => sign(mail.replace('Hello', 'Hel\0lo')), 'mail-malformed', 'NUL'],
  ['a bare LF', () => sign(mail.replace('Hello', 'Hel\nlo')), 'mail-malformed', 'bare'],
  ['a bare CR in the header', () => headersOnTop('X-A: b\rSubject: x'), 'mail-malformed', 'bare'],
  ['bare LFs only', () => mail.replaceAll('\r\n', '\n'), 'mail-malformed', 'bare'],
  ['a raw eight-bit header', () => headersOnTop('X-A: \xe4'), 'mail-malformed', 'ASCII'],
  ['500 signatures', () => headersOnTop(...many(180, bogus)), 'mail-malformed', 'more than 10 signatures'],
  ['eleven signatures', () => headersOnTop(...many(10, bogus)), 'mail-malformed', 'more than 10 signatures'],
  ['300 header fields', () => headersOnTop(...many(300, 'X-A: b')), 'mail-malformed', '200 header fields'],
  ['a giant header', () => headersOnTop(...many(150, `X-A: ${'b'.repeat(900)}`)), 'mail-malformed', 'bytes'],
  ['a giant header line', () => headersOnTop(`X-A: ${'b'.repeat(1000)}`), 'mail-malformed', '998'],
  ['20 000 nested groups in From', () => sign(plainMail({ from: 'g0:'.repeat(300) })), 'mail-malformed'],
  ['more than 100 boundaries', () => sign(`${mail}${'--b\r\n'.repeat(101)}`), 'mail-malformed', '100 boundaries'],
  [
    'nine levels of parts',
    () => sign(mail + many(9, 'Content-Type: multipart/mixed').join('\r\n')),
    'mail-malformed',
    'deep',
  ],
  ['no end of the header', () => mail.slice(0, 100), 'mail-malformed', 'no end'],
  ['nothing', () => '', 'mail-malformed'],
  ...['To', 'Subject', 'Date', 'Message-ID', 'Content-Type'].map(
    (name): Case => [`no ${name}`, () => sign(without(name)), 'mail-malformed', `lacks ${name.toLowerCase()}`],
  ),
  ['no From', () => without('From'), 'mail-malformed', 'lacks from'],
  ...[
    `Team: alerts@${domain};`,
    `alerts@${domain}, alerts@evil.example`,
    `"alerts@evil.example"@${domain}`,
    `<alerts@evil.example> <alerts@${domain}>`,
    `alerts@evil.example <alerts@${domain}>`,
    `alerts@${domain} (comment)`,
    `alerts@[192.0.2.1]`,
    '=?utf-8?q?alerts=40alerts.contoso.example=0d=0aX:?=',
    'alerts@localhost',
    '<>',
  ].map((from): Case => [`From: ${from}`, () => headed('From', from), 'mail-malformed', 'one plain mailbox']),
  ['a look-alike domain', () => headed('From', 'alerts@\xd0\xb0lerts.contoso.example'), 'mail-malformed', 'ASCII'],
  ['its punycode', () => sign(headed('From', 'alerts@alerts.xn--cntoso-ujg.example')), 'mail-dmarc', 'says none'],
  [
    'a domain that only begins alike',
    () => sign(headed('From', `alerts@${domain}.evil.example`)),
    'mail-dmarc',
    'fail',
  ],
];

function headed(name: string, value: string): string {
  return mail.replace(new RegExp(`^${name}: .*$`, 'm'), `${name}: ${value}`);
}

function without(name: string): string {
  return mail.replace(new RegExp(`^${name}: .*\\r\\n`, 'm'), '');
}

describe('what is not believed', () => {
  const cases = forged.map(([what, make, code, message = '']) => ({ what, make, code, message }));
  test.each(cases)('$what', async ({ make, code, message }) => {
    const verdict = judge(await make());
    await expect(verdict).rejects.toMatchObject({ disposition: 'refuse', code, status: 403 });
    await expect(verdict).rejects.toThrow(message);
  });

  test.each([
    ['no credential', null],
    ['another password', basic('guess')],
    ['the secret as user', basic('', mailSettings.webhookSecret)],
    ['a longer password', basic(`${mailSettings.webhookSecret}x`)],
    ['a bearer token', `Bearer ${mailSettings.webhookSecret}`],
    ['no base64', 'Basic ***'],
  ])('an authentic mail with %s', async (_what, authorization) => {
    const refused = { disposition: 'refuse', code: 'webhook-credential', status: 401 };
    await expect(judge(await sign(), authorization)).rejects.toMatchObject(refused);
  });

  test('an empty password where no secret is set', async () => {
    const source = permissionsManagementEmail({ ...mailSettings, webhookSecret: '' });
    const post = received(await sign(), { authorization: basic('') });
    await expect(source.authenticate(post)).rejects.toMatchObject({ code: 'webhook-credential' });
  });
});

describe('what is believed', () => {
  test.each<readonly [string, () => string | Promise<string>]>([
    ['RSA of 2048 bits', () => sign()],
    ['Ed25519', () => sign(mail, {}, ed25519)],
    ['a valid x=', () => sign(mail, { expires: new Date(now.getTime() + 3_600_000) })],
    ['From below the signing domain', () => sign(headed('From', `alerts@${subdomain}`))],
    ['a quoted display name', () => sign(headed('From', `"Alerts, Contoso" <alerts@${domain}>`))],
    ['an encoded display name', () => sign(headed('From', `=?utf-8?b?QWxlcnRz?= <alerts@${domain}>`))],
    ['a signature that fails beside one that does not', () => headersOnTop(bogus)],
    ['a second signature by its mail service', async () => signed(await sign(), stranger, signTime)],
    ['relays that put trace fields on top', () => headersOnTop('Received: from a by b', ...arc)],
    ['a folded Subject', () => sign(headed('Subject', 'Alert\r\n triggered'))],
    ['a Date of yesterday evening with an offset', () => sign(headed('Date', 'Fri, 28 Feb 2025 20:15:00 -0500'))],
  ])('%s', async (_what, make) => {
    expect(await judge(await make())).toBe(`mail:${domain}`);
  });
});
