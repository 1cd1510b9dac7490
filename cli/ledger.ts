import { Complaint, type Connection } from './http.ts';
import { exportTo, type IntegrityOptions, linesOf, verify } from './integrity.ts';
import { linesFrom } from './pages.ts';

/** Commands about the ledger as a whole: what each does with its first word. */
export const ledgerCommands: ReadonlyMap<
  string,
  (connect: () => Promise<Connection>, word: string | undefined, options: IntegrityOptions) => Promise<string>
> = new Map([
  [
    'export',
    async (connect, file) => {
      if (file === undefined) throw new Complaint('quell export needs a file to write to');
      return exportTo(await connect(), file);
    },
  ],
  [
    'verify',
    async (connect, file, options) =>
      verify(file === undefined ? linesFrom(await connect(), '/api/export') : linesOf(file), options),
  ],
]);
