import { type AuditOptions, audit, auditQueries } from './audit-query.ts';
import { Complaint, type Connection } from './http.ts';
import { exportTo, type IntegrityOptions, linesOf, verify } from './integrity.ts';
import { linesFrom } from './pages.ts';
import { prove, verifyProof } from './prove.ts';
import { rebuild } from './rebuild.ts';

export type LedgerOptions = IntegrityOptions & AuditOptions;

type Command = (
  connect: () => Promise<Connection>,
  word: string | undefined,
  options: LedgerOptions,
  second: string | undefined,
) => Promise<string>;

const out = (text: string) => {
  process.stdout.write(text);
};
const aside = (text: string) => {
  if (process.stderr.isTTY) process.stderr.write(text);
};

/** Commands about the ledger as a whole. What they return is said last. */
export const ledgerCommands: ReadonlyMap<string, Command> = new Map<string, Command>([
  [
    'export',
    async (connect, file) => {
      if (file === undefined) throw new Complaint('quell export needs a file to write to');
      return exportTo(await connect(), file);
    },
  ],
  [
    'verify',
    async (connect, file, options) => {
      if (options.proof !== undefined) return verifyProof(options.proof, options);
      return verify(file === undefined ? linesFrom(await connect(), '/api/export') : linesOf(file), options);
    },
  ],
  [
    'prove',
    async (_, file, options, entry) => {
      if (file === undefined) throw new Complaint('quell prove needs an export; quell export FILE makes one');
      return prove(file, entry, options);
    },
  ],
  [
    'audit',
    async (connect, word, options) => {
      const name = word ?? (options.where === undefined ? undefined : 'custom');
      if (name === undefined) return auditQueries(await connect());
      const count = await audit(await connect(), name, options, out);
      return options.csv || options.ndjson ? '' : `${count} ${count === 1 ? 'record' : 'records'}`;
    },
  ],
  ['index', async (connect, word) => rebuild(await connect(), word, aside)],
]);
