import { expect, test } from 'vitest';
import { installationSchema } from '../../../shared/domain/installation.ts';

const installed = {
  ...{ id: '19:team', name: 'SecOps', conversation: '19:channel', serviceUrl: 'https://smba.example.com/emea/' },
  ...{ by: 'aaaaaaaa-0000-4000-8000-000000000001', at: '2026-03-01T12:00:00.000Z' },
};

test('an installation is read as it was told', () => {
  expect(installationSchema.parse({ ...installed, name: '' })).toEqual({ ...installed, name: '' });
});

test.each([
  { id: '' },
  { id: 'x'.repeat(501) },
  { name: 'x'.repeat(301) },
  { conversation: '' },
  { conversation: 'x'.repeat(501) },
  { serviceUrl: 'smba' },
  { at: 'yesterday' },
  { also: 1 },
])('one with %j is none', (wrong) => {
  expect(installationSchema.safeParse({ ...installed, ...wrong }).success).toBe(false);
});
