import { describe } from 'vitest';
import { azureReports } from '../../shared/adapters/azure/reports.ts';
import { memoryReports } from '../../shared/adapters/memory/reports.ts';
import { describeReports } from '../support/adapters-reports.ts';
import { freshName, useStorage } from '../support/adapters-storage.ts';

describeReports('memory', memoryReports);

describe('with a storage account', () => {
  const storage = useStorage();
  describeReports('azure', () => azureReports(storage().container(freshName('reports'))));
});
