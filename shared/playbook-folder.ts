import { type KnownAction, type Loaded, loadPlaybooks } from './domain/playbook-file.ts';
import { yamlFiles } from './yaml-folder.ts';

/** The playbooks of a folder (every `*.yaml`), or all their problems. @throws where the folder cannot be read */
export function readPlaybooks(folder: string, actions: ReadonlyMap<string, KnownAction>): Loaded {
  return loadPlaybooks(yamlFiles(folder), actions);
}
