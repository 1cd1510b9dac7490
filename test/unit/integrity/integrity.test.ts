import { describe, expect, test } from 'vitest';
import { readLine } from '../../../shared/domain/export.ts';
import { findingInWords } from '../../../shared/domain/finding.ts';
import { verification } from '../../../shared/domain/integrity.ts';
import { canonical } from '../../../shared/domain/json.ts';
import { exportOf, historyOf } from '../../support/sealed-ledger.ts';
import { mutationsOf } from '../../support/tamper.ts';

const history = historyOf({ journals: 3, entries: 12, perSeal: 4, sealAll: true });
const whole = exportOf(history);
const verdictOf = (lines: readonly string[]) => {
  const run = verification({ keys: [history.key.id], seen: null });
  for (const line of lines) run.take(line);
  return run.end();
};
const kindOf = (line: string) => JSON.parse(line).kind;
const [head = ''] = whole;
const entries = whole.filter((line) => kindOf(line) === 'entry');
const seals = whole.filter((line) => kindOf(line) === 'seal');

describe('an export', () => {
  test('that is whole has no finding, and says how much it has', () => {
    expect(verdictOf(whole)).toMatchObject({
      ...{ findings: [], entries: 12, unsealed: 0, seals: 3, keys: [history.key.id] },
      newest: { number: 3 },
    });
  });

  test.each<readonly [string, readonly string[], object]>([
    ['without its end', whole.slice(0, -1), { what: 'truncated', says: 'the export has no end: it was cut off' }],
    [
      'with more after its end',
      [...whole, entries[0] ?? ''],
      { what: 'added', says: `line ${whole.length + 1} comes after the end` },
    ],
    ['with a second head', [head, ...whole], { what: 'added', says: 'line 2 is a second head' }],
    ['with a line that is none', [head, '{', ...whole.slice(1)], { what: 'changed', says: 'line 2 cannot be read' }],
    [
      'whose seals come late',
      [head, ...seals.slice(0, 2), ...entries, ...seals.slice(2), whole.at(-1) ?? ''],
      { what: 'reordered', says: 'a seal comes after an entry' },
    ],
  ])('%s says so', (_what, lines, found) => {
    expect(verdictOf(lines).findings).toContainEqual({ where: 'export', ...found });
  });

  test('of nothing at all is cut off, and knows no key and no seal', () => {
    expect(verdictOf([])).toMatchObject({
      ...{ findings: [{ what: 'truncated' }], entries: 0, seals: 0, newest: null, keys: [] },
    });
  });
});

/** Chance that is the same each time. */
function chance(): () => number {
  let state = 7;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

test('whatever is done to an export, one of each kind is found out and its place named', () => {
  const kinds = new Set<string>();
  const missed: string[] = [];
  for (const { kind, lines, places, seen } of mutationsOf(history, chance(), 2)) {
    if (kinds.has(kind)) continue;
    kinds.add(kind);
    const run = verification({ keys: [history.key.id], seen });
    for (const line of lines) run.take(line);
    const named = run.end().findings.map(({ where }) => where);
    if (!places.some((place) => named.includes(place))) missed.push(kind);
  }
  expect(missed).toEqual([]);
  expect(kinds.size).toBeGreaterThan(100);
});

describe('a line', () => {
  const bad = { journal: null, sequence: null, number: null, hash: null, place: 'first' };

  test.each<readonly [string, string, object]>([
    ['no JSON', '{', { ...bad, seems: 'other' }],
    ['a number', '7', { ...bad, seems: 'other' }],
    ['nothing known', '{"x":1}', { ...bad, seems: 'other' }],
    ['called an entry', '{"kind":"entry"}', { ...bad, seems: 'entry' }],
    ['with a journal', '{"journal":"run-1","sequence":2}', { ...bad, seems: 'entry', journal: 'run-1', sequence: 2 }],
    ['with a hash', '{"hash":"x"}', { ...bad, seems: 'entry', hash: 'x' }],
    ['called a seal', '{"kind":"seal","place":"second"}', { ...bad, seems: 'seal', place: 'second' }],
    ['with a statement', '{"statement":{"number":3}}', { ...bad, seems: 'seal', number: 3 }],
    ['with leaves', '{"leaves":[]}', { ...bad, seems: 'seal' }],
  ])('%s is bad, and is told for what it seems to be', (_what, text, seems) => {
    expect(readLine(text)).toEqual({ kind: 'bad', ...seems });
  });

  test('is exactly as an export writes it, or it is bad', () => {
    const [entry = ''] = entries;
    expect(readLine(entry)).toMatchObject({ kind: 'entry', sequence: 1 });
    expect(readLine(head)).toMatchObject({ kind: 'export' });
    expect(readLine(` ${entry}`)).toMatchObject({ kind: 'bad', seems: 'entry' });
    const { kind, ...rest } = JSON.parse(entry);
    expect(readLine(JSON.stringify({ kind, ...rest }))).toMatchObject({ kind: 'bad', seems: 'entry' });
    expect(readLine(entry.replace('"data":{', '"data":{"\\u0041":1,'))).toMatchObject({ kind: 'bad' });
    for (const data of [[], null, 7, 'x'])
      expect(readLine(canonical({ ...JSON.parse(entry), data }))).toMatchObject({ kind: 'bad', seems: 'entry' });
  });

  test('keeps what it says word for word, whatever it is called', () => {
    const text =
      '{"actor":"x","data":{"__proto__":1},"hash":"h","journal":"j","kind":"entry","previous":"","sequence":1,"time":"t","type":"y"}';
    const line = readLine(text);
    expect('data' in line && Object.keys(line.data)).toEqual(['__proto__']);
  });
});

test('a finding says where, what and why', () => {
  const found = { where: 'run-1#3', what: 'changed', says: 'it is not what was sealed' } as const;
  expect(findingInWords(found)).toBe('run-1#3: changed: it is not what was sealed');
});
