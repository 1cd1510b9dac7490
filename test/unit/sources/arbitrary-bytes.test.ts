import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fault } from '../../../shared/domain/fault.ts';
import { queueSource, sourcesOf } from '../../../shared/sources/catalog.ts';
import { basic, received } from '../../support/mail.ts';
import { mailSettings, nobody } from '../../support/mail-settings.ts';

const root = new URL('../../fixtures/alerts/', import.meta.url);
const sources = [...sourcesOf({ authenticate: nobody, mail: mailSettings }), queueSource];
const authorization = basic(mailSettings.webhookSecret);
const bogus = Buffer.from(
  `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=${mailSettings.senderDomains[0]}; s=q; h=from; bh=AA==; b=AA==\r\n`,
);
const contentType = fc.constantFrom('message/rfc822', 'multipart/form-data; boundary=xYzZY', 'application/json', ';');

describe.each(sources)('$name', (source) => {
  const folder = new URL(`${source.name}/`, root);
  const inputs = readdirSync(folder).filter((file) => !file.endsWith('.expected.json'));
  const plain = inputs.map((file) => readFileSync(new URL(file, folder)));
  const seeds = [...plain, ...plain.map((bytes) => Buffer.concat([bogus, bytes]))];

  /** A fixture with a piece of it replaced: gets further in than bytes that are merely random. */
  const mutated = fc
    .record({
      seed: fc.constantFrom(...seeds),
      at: fc.nat(2_000),
      cut: fc.nat(40),
      put: fc.uint8Array({ maxLength: 40 }),
    })
    .map(({ seed, at, cut, put }) => Buffer.concat([seed.subarray(0, at), put, seed.subarray(at + cut)]));

  test('throws nothing but faults, whatever comes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(mutated, fc.uint8Array({ maxLength: 500 })), contentType, async (bytes, type) => {
        const post = received(bytes, { contentType: type, authorization });
        await onlyFaults(source.authenticate(post));
        await onlyFaults(source.read(post));
      }),
      { numRuns: 500 },
    );
  });
});

async function onlyFaults(work: Promise<unknown>): Promise<void> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error === null) return;
  expect(error).toBeInstanceOf(Fault);
  expect(error).toMatchObject({ disposition: expect.stringMatching(/^(reject|refuse|retry)$/) });
}
