import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LoadedReports, loadReports } from './domain/report-file.ts';

/** The reports of a folder (every `*.yaml`), or all their problems. @throws where the folder cannot be read */
export function readReports(folder: string): LoadedReports {
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  return loadReports(
    names.sort().map((name) => ({ name: join(folder, name), text: readFileSync(join(folder, name), 'utf8') })),
  );
}
