import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LoadedQueries, loadQueries } from './domain/audit-query-file.ts';

/** The saved queries of a folder (every `*.yaml`), or all their problems. @throws where the folder cannot be read */
export function readQueries(folder: string): LoadedQueries {
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  return loadQueries(
    names.sort().map((name) => ({ name: join(folder, name), text: readFileSync(join(folder, name), 'utf8') })),
  );
}
