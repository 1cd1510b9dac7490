import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { actions } from '../../../shared/actions/catalog.ts';
import type { Entry } from '../../../shared/domain/ledger.ts';
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

/** The first journal with such an entry, and the history it is in. */
function withEntry(type: string): { stack: Stack; journal: string } {
  for (const stack of stacks)
    for (const one of stack.trace)
      if ('entry' in one && one.entry.type === type) return { stack, journal: one.entry.journal };
  throw new Error(`no history has ${type}`);
}

async function explainAll(): Promise<readonly Explained[]> {
  const explained: Explained[] = [];
  for (const stack of stacks) {
    for (const run of journals(stack, 'run-')) explained.push(await explainRun(partsOf(stack), run));
    for (const alert of journals(stack, 'alert-')) explained.push(await explainAlert(partsOf(stack), alert));
  }
  return explained;
}

/** The parts, with one entry changed. */
function changed(stack: Stack, journal: string, change: (entry: Entry) => Entry): ExplainParts {
  const { vault } = stack.engine;
  const read = async (name: string) => {
    const entries = await stack.engine.ledger.read(name);
    return name === journal ? entries.map(change) : entries;
  };
  return { ledger: { read }, vault, actions };
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

  test.each([
    [
      'proved',
      (data: Entry['data']) => ({ ...data, proof: { ...Object(data.proof), reason: 'because I say so' } }),
      'data.proof.reason',
    ],
    ['planned', (data: Entry['data']) => ({ ...data, plans: [] }), 'data.plans'],
    ['guarded', (data: Entry['data']) => ({ ...data, choices: [] }), 'data.choices'],
    ['run-ended', (data: Entry['data']) => ({ ...data, reason: 'no reason' }), 'data.reason'],
  ] as const)('a %s entry that says something else is found, and where', async (type, change, at) => {
    const { stack, journal } = withEntry(type);
    const parts = changed(stack, journal, (entry) =>
      entry.type === type ? { ...entry, data: change(entry.data) } : entry,
    );
    const { verdict, entries } = await explainRun(parts, journal);
    expect(verdict).toBe('different');
    const wrong = entries.find((one) => one.verdict === 'different');
    expect(wrong?.type).toBe(type);
    expect(wrong?.differences.some((one) => one.at.startsWith(at))).toBe(true);
  });

  test('other evidence gives another decision', async () => {
    const { stack, journal } = withEntry('planned');
    const text = (entry: Entry): Entry =>
      JSON.parse(JSON.stringify(entry).replaceAll('"state":"live"', '"state":"deleted"'));
    const { verdict, entries } = await explainRun(changed(stack, journal, text), journal);
    expect(verdict).toBe('different');
    expect(entries.find((one) => one.verdict === 'different')?.type).toBe('proved');
  });

  test('what was written before inputs were recorded is unknown, and said so', async () => {
    const { stack, journal } = withEntry('proved');
    const bare = ({ data: { inputs: _inputs, ...data }, ...entry }: Entry): Entry => ({ ...entry, data });
    const { verdict, entries } = await explainRun(changed(stack, journal, bare), journal);
    expect(verdict).toBe('unknown');
    expect(entries[1]).toMatchObject({ verdict: 'unknown', because: 'written before inputs were recorded' });
  });

  test('another playbook than the one kept in the vault answers otherwise', async () => {
    const { stack, journal } = withEntry('run-opened');
    const [opened] = await stack.engine.ledger.read(journal);
    const alert = String(opened?.data.alert);
    const empty = { get: async () => new TextEncoder().encode('[]') };
    expect(await explainAlert({ ...partsOf(stack), vault: empty }, alert)).toMatchObject({ verdict: 'different' });
  });
});
