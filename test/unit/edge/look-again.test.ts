import { expect, test } from 'vitest';
import { advance } from '../../../shared/engine/advance.ts';
import { requestsOf } from '../../../shared/requests/requests.ts';
import { onlyRun, plainSource, playbook, quiet, raise, stackOf } from '../../support/engine.ts';

const soon = '2026-03-01T12:01:00.000Z';

async function asked() {
  const stack = stackOf([playbook('inactive-user-review')], 'approve');
  await raise(stack.engine);
  await quiet(stack);
  const { engine } = stack;
  const requests = requestsOf({ engine, queueSource: plainSource, shown: (_run, move) => move() });
  return { engine, run: await onlyRun(stack), requests };
}

const dueOf = async ({ engine }: Awaited<ReturnType<typeof asked>>) => (await engine.index.due('9999', 10))[0];

test('a run whose message failed is looked at again, and whoever knew less before does not put that off', async () => {
  const told = await asked();
  const { engine, run, requests } = told;
  const { again } = await requests.runMessage({ run: run.id });
  await again?.(soon);
  const known = (await engine.ledger.read(run.id)).length;
  expect(await dueOf(told)).toMatchObject({ journal: run.id, due: soon, knows: known });
  const late = run.asked?.expiresAt ?? '';
  await engine.index.open({ journal: run.id, kind: 'run', session: 'any', due: late, knows: known - 1 });
  expect(await dueOf(told)).toMatchObject({ due: soon });
});

test('a run that rests says how much of it was known', async () => {
  const told = await asked();
  const { engine, run } = told;
  await advance(engine, run.id);
  const known = (await engine.ledger.read(run.id)).length;
  expect(await dueOf(told)).toMatchObject({ due: run.asked?.expiresAt, knows: known });
});
