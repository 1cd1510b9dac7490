import { expect, test } from 'vitest';
import type { Engine } from '../../../shared/engine/engine.ts';
import { tick } from '../../../shared/engine/tick.ts';
import { graceMs, stackOf } from '../../support/engine.ts';

test('leaves a hint for each that is due, looks again after the grace, and says one line whatever there is', async () => {
  const stack = stackOf([]);
  const now = stack.clock.now();
  const before = new Date(Date.parse(now) - 5000).toISOString();
  const after = new Date(Date.parse(now) + 1).toISOString();
  const { index } = stack.engine;
  await index.open({ journal: 'alert-1', kind: 'alert', session: 'alert-1', due: before });
  await index.open({ journal: 'run-1', kind: 'run', session: 'id-1', due: now });
  await index.open({ journal: 'run-2', kind: 'run', session: 'id-2', due: after });
  const hints: unknown[][] = [];
  const lines: unknown[][] = [];
  const engine: Engine = {
    ...stack.engine,
    bus: {
      alert: async (...hint) => void hints.push(hint),
      run: async (...hint) => void hints.push(hint),
    },
    log: { ...stack.engine.log, info: (...line) => void lines.push(line) },
  };
  expect(await tick(engine)).toBe(2);
  const hint = { reason: `due ${now}` };
  expect(hints).toEqual([
    ['alert-1', hint],
    ['run-1', 'id-1', hint],
  ]);
  const again = new Date(Date.parse(now) + graceMs).toISOString();
  expect((await index.due('9999', 10)).map(({ journal, due }) => [journal, due])).toEqual([
    ['run-2', after],
    ['alert-1', again],
    ['run-1', again],
  ]);
  expect(await tick(engine)).toBe(0);
  expect(lines).toEqual([
    [{ due: 2, oldestDueMs: 5000 }, 'tick'],
    [{ due: 0, oldestDueMs: 0 }, 'tick'],
  ]);
});
