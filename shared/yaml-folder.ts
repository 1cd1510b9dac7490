import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every `*.yaml` of a folder by name, each with its path and text. @throws where the folder or a file cannot be read */
export function yamlFiles(folder: string): readonly { readonly name: string; readonly text: string }[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  return names.sort().map((name) => ({ name: join(folder, name), text: readFileSync(join(folder, name), 'utf8') }));
}
