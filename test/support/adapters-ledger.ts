import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonical, type JsonObject } from '../../shared/domain/json.ts';
import { type EntryBody, firstBreak } from '../../shared/domain/ledger.ts';
import type { Ledger } from '../../shared/ports.ts';
import { expectFault, freshName, oddTexts } from './adapters-storage.ts';

/** What somebody writes; `n` tells one from another. */
export function bodyOf(n: number, data: JsonObject = { n }): EntryBody {
  return { time: '2026-03-01T09:00:00.000Z', type: 'noted', actor: 'quell', data };
}

/** What every ledger does. @param make a ledger; it may be the same each time */
export function describeLedger(name: string, make: () => Ledger): void {
  describe(`${name} ledger`, () => {
    test('a journal is empty, then a whole chain in order', async () => {
      const [ledger, journal] = [make(), freshName('run-')];
      expect(await ledger.read(journal)).toEqual([]);
      const first = await ledger.append(journal, null, bodyOf(1));
      const second = await ledger.append(journal, first, bodyOf(2));
      const third = await ledger.append(journal, second, bodyOf(3));
      const entries = await ledger.read(journal);
      expect(entries).toEqual([first, second, third]);
      expect(entries.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
      expect(firstBreak(entries)).toBeNull();
    });

    test('journals do not mix, though one name begins with the other', async () => {
      const [ledger, journal] = [make(), freshName('run-')];
      await ledger.append(journal, null, bodyOf(1));
      await ledger.append(`${journal}:x`, null, bodyOf(2));
      expect((await ledger.read(journal)).map(({ data }) => data)).toEqual([{ n: 1 }]);
    });

    test('of several who append after the same entry one wins, and only that one is in the log', async () => {
      const [ledger, journal] = [make(), freshName('run-')];
      const first = await ledger.append(journal, null, bodyOf(1));
      const outcomes = await Promise.allSettled([2, 3, 4, 5].map((n) => ledger.append(journal, first, bodyOf(n))));
      const won = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
      const lost = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
      expect(won).toHaveLength(1);
      expect(lost.map(({ code }) => code)).toEqual(Array(3).fill('ledger-conflict'));
      expect(await ledger.read(journal)).toEqual([first, ...won]);
    });

    test('a first entry meets another first entry', async () => {
      const [ledger, journal] = [make(), freshName('run-')];
      await ledger.append(journal, null, bodyOf(1));
      await expectFault(ledger.append(journal, null, bodyOf(2)), 'conflict', 'ledger-conflict');
    });

    test('writing the same entry again is no conflict and adds nothing', async () => {
      const [ledger, journal] = [make(), freshName('run-')];
      const first = await ledger.append(journal, null, bodyOf(1));
      const second = await ledger.append(journal, first, bodyOf(2));
      await ledger.append(journal, second, bodyOf(3));
      expect(await ledger.append(journal, first, bodyOf(2))).toEqual(second);
      expect(await ledger.read(journal)).toHaveLength(3);
    });

    test('what the caller does to its object afterwards is not in the log', async () => {
      const [ledger, journal] = [make(), freshName('run-')];
      const data = { list: [1] };
      await ledger.append(journal, null, bodyOf(1, data));
      data.list.push(2);
      expect((await ledger.read(journal)).map((entry) => entry.data)).toEqual([{ list: [1] }]);
    });

    test('entries that belong together are one chain, written as a whole', async () => {
      const [ledger, journal] = [make(), freshName('run-')];
      expect(await ledger.appendAll(journal, null, [])).toEqual([]);
      const [first, second] = await ledger.appendAll(journal, null, [bodyOf(1), bodyOf(2)]);
      const [third] = await ledger.appendAll(journal, second ?? null, [bodyOf(3)]);
      const many = Array.from({ length: 100 }, (_, n) => bodyOf(n + 4));
      const rest = await ledger.appendAll(journal, third ?? null, many);
      const entries = await ledger.read(journal);
      expect(entries).toEqual([first, second, third, ...rest]);
      expect(firstBreak(entries)).toBeNull();
      await expectFault(ledger.appendAll(journal, null, [...many, bodyOf(0)]), 'halt', 'ledger-entry');
    });

    test('of entries that belong together none is written where somebody has one of them', async () => {
      const [ledger, journal] = [make(), freshName('run-')];
      const first = await ledger.append(journal, null, bodyOf(1));
      const others = await ledger.appendAll(journal, first, [bodyOf(2), bodyOf(3)]);
      for (const bodies of [
        [bodyOf(9), bodyOf(3)],
        [bodyOf(9)],
        [bodyOf(2), bodyOf(9)],
        [bodyOf(9), bodyOf(9), bodyOf(9)],
      ])
        await expectFault(ledger.appendAll(journal, first, bodies), 'conflict', 'ledger-conflict');
      expect(await ledger.read(journal)).toEqual([first, ...others]);
      expect(await ledger.appendAll(journal, first, [bodyOf(2), bodyOf(3)])).toEqual(others);
    });

    describeData(make);

    test('what it could not hand back as it came it does not take', async () => {
      const [ledger, journal] = [make(), freshName('run-')];
      const first = await ledger.append(journal, null, bodyOf(1));
      for (const odd of ['', 'a/b', 'a#b', 'a b', 'ü', 'x'.repeat(201), "a'b"]) {
        await expectFault(ledger.append(odd, null, bodyOf(1)), 'halt', 'ledger-name');
        expect(await ledger.read(odd)).toEqual([]);
      }
      await expectFault(ledger.append(freshName('run-'), first, bodyOf(2)), 'halt', 'ledger-chain');
      const illFormed = { ...bodyOf(2), actor: 'person:\ud800' };
      await expectFault(ledger.append(journal, first, illFormed), 'halt', 'ledger-entry');
      await expectFault(
        ledger.append(journal, first, { ...illFormed, actor: 'x'.repeat(1_001) }),
        'halt',
        'ledger-entry',
      );
      expect(await ledger.read(journal)).toEqual([first]);
    });
  });
}

function describeData(make: () => Ledger): void {
  const roundTrip = async (data: JsonObject) => {
    const [ledger, journal] = [make(), freshName('run-')];
    const written = await ledger.append(journal, null, bodyOf(1, data));
    const entries = await ledger.read(journal);
    expect(firstBreak(entries)).toBeNull();
    expect(entries.map(({ hash }) => hash)).toEqual([written.hash]);
    expect(entries.map((entry) => canonical(entry.data))).toEqual([canonical(data)]);
  };

  test('data of any size comes back, also around the limit of a column', async () => {
    const column = 32 * 1024 - '{"text":""}'.length;
    for (const size of [column, column + 1, 200_000]) await roundTrip({ text: 'x'.repeat(size) });
    for (const letter of ['é', '漢', '😀', '"'])
      for (const size of [3_000, 5_400, 16_300, 32_767, 100_000]) await roundTrip({ text: letter.repeat(size) });
  });

  test('data of any characters comes back', async () => {
    const odd = [...oddTexts, '\ud800', '\udc00\ud800', '\ufffe\uffff\ufeff', '\u2028'];
    await roundTrip(Object.fromEntries(odd.map((text) => [text, text])));
    await roundTrip(JSON.parse('{"__proto__":{"admin":true},"constructor":null}'));
  });

  test('data that looks like a pointer into the vault is data', async () => {
    await roundTrip({ $vault: 'ab'.repeat(32) });
    await roundTrip({ $vault: null, more: 1 });
  });

  test('any data comes back', async () => {
    const data = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ stringUnit: 'binary' }), { maxKeys: 4 });
    await fc.assert(
      fc.asyncProperty(data, (value) => roundTrip(JSON.parse(JSON.stringify(value)))),
      { numRuns: 40 },
    );
  });
}
