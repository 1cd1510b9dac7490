import { describe, expect, test } from 'vitest';
import { type Card, newCard } from '../../shared/domain/card.ts';
import type { Cards, Installations } from '../../shared/ports-channels.ts';
import { expectFault, oddTexts } from './adapters-storage.ts';

const t = (seconds: number) => new Date(Date.UTC(2026, 2, 1, 12) + seconds * 1000).toISOString();

const shown = (subject: string, change: Partial<Card> = {}): Card => ({
  ...newCard('teams', subject),
  at: '{"activity":"17"}',
  shown: 'a'.repeat(64),
  shownAt: t(0),
  due: t(60),
  failures: 2,
  ...change,
});

/** What every store of cards does. @param make an empty one */
export function describeCards(name: string, make: () => Cards): void {
  describe(`${name} cards`, () => {
    test('are kept as they are, by channel and subject', async () => {
      const cards = make();
      expect(await cards.find('teams', 'run-1')).toBeNull();
      for (const card of [newCard('teams', 'run-1'), shown('run-2'), newCard('mail', 'run-2', 'digest-1')]) {
        await cards.put(card, null);
        expect((await cards.find(card.channel, card.subject))?.card).toEqual(card);
      }
    });

    test('are replaced by whoever saw them as they stand, and by nobody else', async () => {
      const cards = make();
      const first = await cards.put(newCard('teams', 'run-1'), null);
      await expectFault(cards.put(newCard('teams', 'run-1'), null), 'conflict', 'card-moved');
      const second = await cards.put(shown('run-1'), first);
      await expectFault(cards.put(newCard('teams', 'run-1'), first), 'conflict', 'card-moved');
      await cards.put({ ...shown('run-1'), failures: 0 }, second);
      const found = await cards.find('teams', 'run-1');
      expect(found?.card.failures).toBe(0);
      await cards.put({ ...shown('run-1'), failures: 7 }, found);
    });

    test('have a time to look again, or none', async () => {
      const cards = make();
      await cards.put(shown('late', { due: t(90) }), null);
      await cards.put(shown('soon', { due: t(30) }), null);
      await cards.put(shown('never', { due: null }), null);
      await cards.place('teams', t(0));
      expect(await cards.due(t(29), 10)).toEqual([]);
      expect((await cards.due(t(90), 10)).map(({ subject }) => subject)).toEqual(['soon', 'late']);
      expect((await cards.due(t(90), 1)).map(({ subject }) => subject)).toEqual(['soon']);
      await cards.put(shown('soon', { due: null }), await cards.find('teams', 'soon'));
      expect((await cards.due(t(90), 10)).map(({ subject }) => subject)).toEqual(['late']);
    });

    test('are found by the digest that shows them', async () => {
      const cards = make();
      for (const subject of ['b', 'a']) await cards.put(newCard('teams', subject, 'digest-1'), null);
      await cards.put(newCard('teams', 'c', 'digest-2'), null);
      await cards.put(newCard('mail', 'a', 'digest-1'), null);
      expect((await cards.within('teams', 'digest-1')).map(({ subject }) => subject)).toEqual(['a', 'b']);
    });

    test('can have odd names', async () => {
      const cards = make();
      for (const text of oddTexts) await cards.put(newCard(text, text), null);
      for (const text of oddTexts) expect((await cards.find(text, text))?.card).toEqual(newCard(text, text));
    });

    test('of many at once, six get a place of their own and all others the same digest', async () => {
      const cards = make();
      const places = await Promise.all(Array.from({ length: 30 }, () => cards.place('teams', t(0))));
      expect(places.filter((one) => one === null)).toHaveLength(6);
      expect(new Set(places.filter((one) => one !== null)).size).toBe(1);
      expect(await cards.place('mail', t(0))).toBeNull();
      expect(await cards.place('teams', t(59))).toBe(places.find((one) => one !== null));
      expect(await cards.place('teams', t(180))).toBeNull();
    });
  });
}

/** What every store of installations does. */
export function describeInstallations(name: string, make: () => Installations): void {
  describe(`${name} installations`, () => {
    test('are listed, latest first, replaced and removed', async () => {
      const store = make();
      const one = { id: '19:a@thread.tacv2', name: 'SecOps', conversation: '19:a@thread.tacv2', by: 'x', at: t(0) };
      const first = { ...one, serviceUrl: 'https://smba.trafficmanager.net/emea/' };
      const second = { ...first, id: '19:b/c?#@thread.tacv2', at: t(1) };
      await store.put(first);
      await store.put(second);
      expect(await store.list()).toEqual([second, first]);
      await store.put({ ...first, at: t(2), name: 'Security' });
      expect(await store.list()).toEqual([{ ...first, at: t(2), name: 'Security' }, second]);
      await store.remove(second.id);
      await store.remove(second.id);
      expect((await store.list()).map(({ id }) => id)).toEqual([first.id]);
    });
  });
}
