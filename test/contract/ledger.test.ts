import { describe } from 'vitest';
import { azureLedger } from '../../shared/adapters/azure/ledger.ts';
import { azureVault } from '../../shared/adapters/azure/vault.ts';
import { memoryLedger } from '../../shared/adapters/memory/ledger.ts';
import { describeLedger } from '../support/adapters-ledger.ts';
import { useStorage } from '../support/adapters-storage.ts';

describeLedger('memory', memoryLedger);

describe('with a storage account', () => {
  const storage = useStorage();
  // A new ledger each time: what one process wrote another one reads.
  describeLedger('azure', () => azureLedger(storage().table('ledger'), azureVault(storage().container('vault'))));
});
