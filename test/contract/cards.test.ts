import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { azureCards } from '../../shared/adapters/azure/cards.ts';
import { azureInstallations } from '../../shared/adapters/azure/installations.ts';
import { memoryCards } from '../../shared/adapters/memory/cards.ts';
import { memoryInstallations } from '../../shared/adapters/memory/installations.ts';
import { newCard } from '../../shared/domain/card.ts';
import { describeCards, describeInstallations } from '../support/adapters-cards.ts';
import { expectFault, freshName, useStorage } from '../support/adapters-storage.ts';

const storage = useStorage();
const sleep = (ms: number) => setTimeout(ms);

describeCards('memory', memoryCards);
describeCards('azure', () => azureCards(storage().table(freshName('cards')), sleep));
describeInstallations('memory', memoryInstallations);
describeInstallations('azure', () => azureInstallations(storage().table(freshName('installations'))));

describe('azure cards', () => {
  test('a row that somebody else wrote is named', async () => {
    const table = storage().table(freshName('cards'));
    const cards = azureCards(table, sleep);
    await cards.put(newCard('teams', 'run-1'), null);
    await table.updateEntity({ partitionKey: 'teams', rowKey: 'run-1', failures: -1 }, 'Merge');
    await expectFault(cards.find('teams', 'run-1'), 'halt', 'cards-row');
  });

  test('workers of several processes count together', async () => {
    const name = freshName('cards');
    const workers = [1, 2, 3].map(() => azureCards(storage().table(name), sleep));
    const now = '2026-03-01T12:00:00.000Z';
    const places = await Promise.all(workers.flatMap((cards) => [1, 2, 3, 4].map(() => cards.place('teams', now))));
    expect(places.filter((one) => one === null)).toHaveLength(6);
    expect(new Set(places).size).toBe(2);
  });
});
