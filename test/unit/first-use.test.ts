import { expect, test } from 'vitest';
import { beforehand, firstUse } from '../../shared/adapters/azure/first-use.ts';

test('what was done beforehand is not done again with the first use', async () => {
  const table = {};
  let done = 0;
  const ready = firstUse(async () => {
    done += 1;
  }, table);
  await beforehand([table]);
  await ready();
  expect(done).toBe(1);
});

test('the first use waits for what is being done beforehand', async () => {
  const table = {};
  const { promise, resolve } = Promise.withResolvers<void>();
  const ready = firstUse(() => promise, table);
  const order: string[] = [];
  const early = beforehand([table]).then(() => order.push('beforehand'));
  const use = ready().then(() => order.push('use'));
  order.push('asked');
  resolve();
  await Promise.all([early, use]);
  expect(order).toEqual(['asked', expect.any(String), expect.any(String)]);
});

test('what fails beforehand is quiet, and is tried again and told with the first use', async () => {
  const table = {};
  const failures = ['away', 'still away'];
  const ready = firstUse(async () => {
    const failure = failures.shift();
    if (failure !== undefined) throw new Error(failure);
  }, table);
  await expect(beforehand([table, {}])).resolves.toBeUndefined();
  await expect(ready()).rejects.toThrow('still away');
  await expect(ready()).resolves.toBeUndefined();
});
