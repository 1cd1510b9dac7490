import { expect, test } from 'vitest';
import { azureExclusions } from '../../shared/adapters/azure/exclusions.ts';
import { azureIndex } from '../../shared/adapters/azure/index.ts';
import { azureLedger } from '../../shared/adapters/azure/ledger.ts';
import { azureReports } from '../../shared/adapters/azure/reports.ts';
import { azureVault } from '../../shared/adapters/azure/vault.ts';
import { memoryExclusions } from '../../shared/adapters/memory/exclusions.ts';
import { memoryIndex } from '../../shared/adapters/memory/index.ts';
import { memoryLedger } from '../../shared/adapters/memory/ledger.ts';
import { memoryReports } from '../../shared/adapters/memory/reports.ts';
import { freshName, useStorage } from '../support/adapters-storage.ts';
import { everyRow } from '../support/report-suite.ts';

const storage = useStorage();

test('every report has the same rows from a storage account as from memory', async () => {
  const table = (name: string) => storage().table(freshName(name));
  const kept = await everyRow(
    {
      ledger: azureLedger(table('ledger'), azureVault(storage().container(freshName('vault')))),
      index: azureIndex(table('index')),
      exclusions: azureExclusions(table('exclusions')),
      store: azureReports(storage().container(freshName('reports'))),
    },
    32,
  );
  const remembered = await everyRow(
    {
      ledger: memoryLedger(),
      index: memoryIndex(),
      exclusions: memoryExclusions(),
      store: memoryReports(),
    },
    32,
  );
  expect(kept).toEqual(remembered);
  const rows = Object.values(remembered).flat().length;
  expect(rows).toBeGreaterThan(100);
});
