import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { claimsSchema } from '../../../shared/domain/alert.ts';
import { sourcesOf } from '../../../shared/sources/catalog.ts';
import { generic, genericFromQueue } from '../../../shared/sources/generic.ts';
import { received } from '../../support/mail.ts';
import { mailSettings, nobody } from '../../support/mail-settings.ts';

const root = new URL('../../fixtures/alerts/', import.meta.url);

const expectedSchema = z.strictObject({
  contentType: z.string(),
  claims: claimsSchema.optional(),
  fault: z.strictObject({ disposition: z.string(), code: z.string(), message: z.string() }).optional(),
});

const sources = sourcesOf({ authenticate: nobody, mail: mailSettings });

function fixturesOf(name: string) {
  const folder = new URL(`${name}/`, root);
  const inputs = readdirSync(folder).filter((file) => !file.endsWith('.expected.json'));
  return inputs.map((file) => {
    const expected = readFileSync(new URL(file.replace(/\.[a-z]+$/, '.expected.json'), folder), 'utf8');
    return { file, bytes: readFileSync(new URL(file, folder)), ...expectedSchema.parse(JSON.parse(expected)) };
  });
}

describe.each(sources)('$name', (source) => {
  const fixtures = fixturesOf(source.name);

  test.each(fixtures)('reads $file as written beside it', async ({ bytes, contentType, claims, fault }) => {
    const reading = source.read(received(bytes, { contentType }));
    if (claims) return expect(claimsSchema.parse(await reading)).toEqual(claims);
    const { message, ...rest } = fault ?? { message: '' };
    await expect(reading).rejects.toMatchObject({ ...rest, message: expect.stringContaining(message) });
  });

  test('takes the media type of every fixture', () => {
    const types = fixtures.map(({ contentType }) => contentType.split(';')[0]);
    expect(source.accepts).toEqual(expect.arrayContaining([...new Set(types)]));
  });
});

test('every folder of fixtures belongs to a source', () => {
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name).sort()).toEqual(sources.map(({ name }) => name).sort());
});

test.each(fixturesOf('generic'))('$file is read from the queue as over HTTP', async ({ bytes, contentType }) => {
  const outcome = (source: ReturnType<typeof genericFromQueue>) =>
    source.read(received(bytes, { contentType })).catch((fault: Error) => fault.message);
  expect(await outcome(genericFromQueue())).toEqual(await outcome(generic({ authenticate: nobody })));
});
