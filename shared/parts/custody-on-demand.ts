import type { TokenCredential } from '@azure/identity';
import type { Storage } from '../adapters/azure/connect.ts';
import type { Config } from '../config.ts';
import type { Custody } from '../engine/custody.ts';
import type { CustodyRequests } from '../requests/custody.ts';

/** What the requests around the ledger are made of. */
export interface CustodyNeeds {
  readonly config: Config;
  readonly storage: Storage;
  readonly credential: TokenCredential;
  readonly parts: Pick<Custody, 'ledger' | 'backlog' | 'clock' | 'log'>;
  /** Shows a run in the channels. */
  readonly show: (run: string) => Promise<void>;
}

/** Seals, searches and exports, loaded when the first of them is asked for: an alert needs none of it. */
export function custodyOnDemand(needs: CustodyNeeds): CustodyRequests {
  let loaded: Promise<CustodyRequests> | null = null;
  const custody = () => {
    loaded ??= load(needs);
    return loaded;
  };
  return {
    readExport: async (request) => (await custody()).readExport(request),
    queryAudit: async (request) => (await custody()).queryAudit(request),
    rebuild: async () => (await custody()).rebuild(),
    sealWritten: async () => (await custody()).sealWritten(),
    patrolJournals: async () => (await custody()).patrolJournals(),
  };
}

async function load({ config, storage, credential, parts, show }: CustodyNeeds): Promise<CustodyRequests> {
  const [{ custodyRequestsOf }, { custodyOf, queriesOf }] = await Promise.all([
    import('../requests/custody.ts'),
    import('./custody.ts'),
  ]);
  return custodyRequestsOf(custodyOf(config, storage, credential, parts), queriesOf(config, parts.log), show);
}
