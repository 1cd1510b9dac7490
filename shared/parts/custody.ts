import type { TokenCredential } from '@azure/identity';
import { connectStorage, type Storage } from '../adapters/azure/connect.ts';
import { azureIndex } from '../adapters/azure/index.ts';
import { keyVaultSigner } from '../adapters/azure/key-vault-signer.ts';
import { azureLedger } from '../adapters/azure/ledger.ts';
import { azureSeals } from '../adapters/azure/seals.ts';
import { azureTrail } from '../adapters/azure/trail.ts';
import { azureVault } from '../adapters/azure/vault.ts';
import { keyFileSigner } from '../adapters/key-file-signer.ts';
import type { Config } from '../config.ts';
import type { AuditQuery } from '../domain/audit-query.ts';
import { Fault } from '../domain/fault.ts';
import type { Custody } from '../engine/custody.ts';
import type { Log } from '../ports.ts';
import type { Seals, Signer } from '../ports-custody.ts';
import { readQueries } from '../query-folder.ts';

/** Puts together what keeps the ledger: a part of the composition root, with a file of its own for its size. */
export function custodyOf(
  config: Config,
  storage: Storage,
  credential: TokenCredential,
  parts: Pick<Custody, 'ledger' | 'backlog' | 'clock' | 'log'>,
): Custody {
  const { ledger, backlog, clock, log } = parts;
  return {
    ledger,
    backlog,
    clock,
    log,
    journals: azureLedger(storage.table('ledger'), azureVault(storage.container('vault'))),
    index: azureIndex(storage.table('index')),
    trail: azureTrail(storage),
    seals: azureSeals(storage.container('seals')),
    copies: copiesOf(config, credential),
    signer: signerOf(config, credential),
    origin: `quell:${config.TENANT_ID}`,
  };
}

/** Reads the saved queries once. Where they are not valid, none is answered, and the log says what is wrong. */
export function queriesOf({ QUERIES }: Config, log: Log): () => readonly AuditQuery[] {
  const { queries, problems } = readQueries(QUERIES);
  for (const { file, line, column, message } of problems)
    log.error({ file, line, column }, `query not valid: ${message}`);
  return () => {
    if (problems.length === 0) return queries;
    throw new Fault('retry', 'queries-invalid', 'The saved queries are not valid; the log says what is wrong.');
  };
}

function signerOf({ SEAL_KEY }: Config, credential: TokenCredential): Signer | null {
  if (SEAL_KEY === undefined) return null;
  return /^https?:/.test(SEAL_KEY) ? keyVaultSigner(SEAL_KEY, credential) : keyFileSigner(SEAL_KEY);
}

function copiesOf({ SEAL_COPIES }: Config, credential: TokenCredential): Seals | null {
  if (SEAL_COPIES === undefined) return null;
  const account = /^https?:/.test(SEAL_COPIES)
    ? { tables: SEAL_COPIES, blobs: SEAL_COPIES, credential }
    : { connectionString: SEAL_COPIES };
  return azureSeals(connectStorage(account).container('seal-copies'));
}
