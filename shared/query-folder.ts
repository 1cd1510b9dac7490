import { type LoadedQueries, loadQueries } from './domain/audit-query-file.ts';
import { yamlFiles } from './yaml-folder.ts';

/** The saved queries of a folder (every `*.yaml`), or all their problems. @throws where the folder cannot be read */
export function readQueries(folder: string): LoadedQueries {
  return loadQueries(yamlFiles(folder));
}
