import { expect, test } from 'vitest';
import { readRuns } from '../../../shared/engine/read.ts';
import { stackOf, start } from '../../support/engine.ts';

test('a run that is listed and not begun yet is no run, and no fault', async () => {
  const { engine } = stackOf([]);
  await engine.index.list({ run: 'run-1', alert: 'alert-1', identity: 'id-1', receivedAt: start });
  expect(await readRuns(engine, { limit: 10 })).toEqual([]);
});
