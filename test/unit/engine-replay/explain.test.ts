import { beforeAll, describe, expect, test } from 'vitest';
import { actions } from '../../../shared/actions/catalog.ts';
import type { Entry } from '../../../shared/domain/ledger.ts';
import { type ExplainParts, explainAlert, explainRun } from '../../../shared/engine/explain.ts';
import type { Stack } from '../../support/engine.ts';
import { historyOf } from '../../support/histories.ts';

let stacks: Stack[];

beforeAll(async () => {
  stacks = [];
  for (let seed = 1; seed <= 25; seed += 1) stacks.push(await historyOf(seed));
});

const partsOf = ({ engine: { ledger, vault } }: Stack): ExplainParts => ({ ledger, vault, actions });

/** The first journal with such an entry, and the history it is in. */
function withEntry(type: string): { stack: Stack; journal: string } {
  for (const stack of stacks)
    for (const one of stack.trace)
      if ('entry' in one && one.entry.type === type) return { stack, journal: one.entry.journal };
  throw new Error(`no history has ${type}`);
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

describe('explaining what was changed', () => {
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
