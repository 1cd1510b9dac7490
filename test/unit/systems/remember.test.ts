import { expect, test } from 'vitest';
import { remembering } from '../../../shared/systems/remember.ts';
import { clockwork } from '../../support/world-clock.ts';

function world() {
  const clock = clockwork('2026-03-01T12:00:00.000Z');
  const asked: string[] = [];
  let down = false;
  const look = remembering(clock.now, 60_000, async (key) => {
    asked.push(key);
    if (down) throw new Error('down');
    return `${key}${asked.length}`;
  });
  return {
    clock,
    asked,
    look,
    break: (broken: boolean) => {
      down = broken;
    },
  };
}

test('looked up once in the time, each key by itself, also while it is on its way', async () => {
  const { look, asked, clock } = world();
  expect(await Promise.all([look('a'), look('a'), look('b')])).toEqual(['a1', 'a1', 'b2']);
  clock.move(59_999);
  expect(await look('a')).toBe('a1');
  clock.move(1);
  expect(await look('a')).toBe('a3');
  expect(asked).toEqual(['a', 'b', 'a']);
});

test('a failure is not remembered', async () => {
  const { look, break: breakIt } = world();
  breakIt(true);
  await expect(look('a')).rejects.toThrow('down');
  breakIt(false);
  expect(await look('a')).toBe('a2');
});

test('a clock that is set back keeps nothing alive', async () => {
  const { look, clock } = world();
  await look('a');
  clock.move(-3_600_000);
  expect(await look('a')).toBe('a2');
});
