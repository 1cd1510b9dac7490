import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { actions } from '../../../shared/actions/catalog.ts';
import type { Explained } from '../../../shared/domain/replay.ts';
import { type ExplainParts, explainAlert, explainRun } from '../../../shared/engine/explain.ts';
import type { Stack } from '../../support/engine.ts';
import { historyOf } from '../../support/histories.ts';
import { countSockets } from '../../support/sockets.ts';

let stacks: Stack[];
const sockets = countSockets();

beforeAll(async () => {
  stacks = [];
  for (let seed = 1; seed <= 170; seed += 1) stacks.push(await historyOf(seed));
}, 120_000);
afterAll(() => sockets.stop());

const partsOf = ({ engine: { ledger, vault } }: Stack): ExplainParts => ({ ledger, vault, actions });
const journals = (stack: Stack, kind: string) => [...stack.journals].filter((one) => one.startsWith(kind));

async function explainAll(): Promise<readonly Explained[]> {
  const explained: Explained[] = [];
  for (const stack of stacks) {
    for (const run of journals(stack, 'run-')) explained.push(await explainRun(partsOf(stack), run));
    for (const alert of journals(stack, 'alert-')) explained.push(await explainAlert(partsOf(stack), alert));
  }
  return explained;
}

describe('explaining', () => {
  test('at least 1,000 recorded histories are decided the same again, entry by entry, and nobody is asked', async () => {
    const before = sockets.opened();
    const sent = stacks.map(({ far }) => far.sent.length);
    const explained = await explainAll();
    const wrong = explained.filter(({ verdict, recorded, decided }) => verdict !== 'same' || recorded !== decided);
    expect(wrong.flatMap(({ entries }) => entries.filter((one) => !['same', 'given'].includes(one.verdict)))).toEqual(
      [],
    );
    expect(explained.filter(({ journal }) => journal.startsWith('run-')).length).toBeGreaterThanOrEqual(500);
    expect(explained.length).toBeGreaterThanOrEqual(1_000);
    expect(stacks.map(({ far }) => far.sent.length)).toEqual(sent);
    expect(sockets.opened()).toBe(before);
  }, 120_000);

  test('the histories are of every kind', async () => {
    const types = new Set(
      stacks.flatMap(({ trace }) => trace.flatMap((one) => ('entry' in one ? [one.entry.type] : []))),
    );
    const wanted = ['asked', 'decided', 'held', 'plan-voided', 'step-deferred', 'step-failed', 'undo-ended', 'waiting'];
    for (const type of wanted) expect(types).toContain(type);
    const ends = stacks.flatMap(({ trace }) =>
      trace.flatMap((one) =>
        'entry' in one && one.entry.type === 'run-ended' ? [String(one.entry.data.outcome)] : [],
      ),
    );
    const outcomes = ['done', 'observed', 'not-confirmed', 'refused', 'rejected', 'expired', 'failed'];
    for (const outcome of outcomes) expect(ends).toContain(outcome);
  });

  test('the count of connections counts', async () => {
    const before = sockets.opened();
    await new Promise((resolve) => connect(1, '127.0.0.1').once('error', resolve));
    expect(sockets.opened()).toBeGreaterThan(before);
  });
});
