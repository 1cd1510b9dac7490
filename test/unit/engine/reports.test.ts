import { memoryExclusions } from '../../../shared/adapters/memory/exclusions.ts';
import { memoryIndex } from '../../../shared/adapters/memory/index.ts';
import { memoryLedger } from '../../../shared/adapters/memory/ledger.ts';
import { memoryReports } from '../../../shared/adapters/memory/reports.ts';
import { describeReporting } from '../../support/report-suite.ts';

describeReporting('memory', () => ({
  ledger: memoryLedger(),
  index: memoryIndex(),
  exclusions: memoryExclusions(),
  store: memoryReports(),
}));
