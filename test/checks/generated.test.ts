import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generated } from '../../infra/generate.ts';

test.each([...generated])('%s is what the code says now (npm run generate)', (file, make) => {
  expect(readFileSync(file, 'utf8')).toBe(make());
});
