import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { prettifyError, ZodError } from 'zod';
import { colourIcon, outlineIcon } from './teams/icons.ts';
import { type About, manifestOf } from './teams/manifest.ts';
import { zip } from './teams/zip.ts';

/** The Teams app as it is uploaded: manifest and two icons. @throws ZodError where the manifest breaks a rule */
export function teamsPackage(about: About): Buffer {
  return zip([
    { name: 'manifest.json', data: Buffer.from(`${JSON.stringify(manifestOf(about), null, 2)}\n`) },
    { name: 'color.png', data: colourIcon() },
    { name: 'outline.png', data: outlineIcon() },
  ]);
}

const usage = 'npm run teams-package -- --app-id GUID --url https://quell.example.com [--company NAME]';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { 'app-id': { type: 'string' }, url: { type: 'string' }, company: { type: 'string' } },
  });
  const root = resolve(import.meta.dirname, '..');
  const { version } = JSON.parse(await readFile(resolve(root, 'package.json'), 'utf8'));
  const { 'app-id': appId, url, company = 'Your company' } = values;
  if (appId === undefined || url === undefined) throw new Error(usage);
  const file = resolve(root, 'dist/quell-teams.zip');
  await mkdir(resolve(root, 'dist'), { recursive: true });
  await writeFile(file, teamsPackage({ appId, url, version, company }));
  console.log(`written: ${file}`);
}

if (import.meta.main)
  await main().catch((error: unknown) => {
    console.error(error instanceof ZodError ? prettifyError(error) : error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
