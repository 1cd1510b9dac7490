import { type LoadedReports, loadReports } from './domain/report-file.ts';
import { yamlFiles } from './yaml-folder.ts';

/** The reports of a folder (every `*.yaml`), or all their problems. @throws where the folder cannot be read */
export function readReports(folder: string): LoadedReports {
  return loadReports(yamlFiles(folder));
}
