import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type KnownAction, type Loaded, loadPlaybooks } from './domain/playbook-file.ts';

/** The playbooks of a folder (every `*.yaml`), or all their problems. @throws where the folder cannot be read */
export function readPlaybooks(folder: string, actions: ReadonlyMap<string, KnownAction>): Loaded {
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  const files = names
    .sort()
    .map((name) => ({ name: join(folder, name), text: readFileSync(join(folder, name), 'utf8') }));
  return loadPlaybooks(files, actions);
}
