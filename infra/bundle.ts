import { resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');

/** One CommonJS file: a cold start reads one file instead of twelve thousand. */
export async function bundle(entry: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    sourcemap: true,
    keepNames: true,
    legalComments: 'none',
    logLevel: 'warning',
    // The worker answers this one itself, before module resolution.
    external: ['@azure/functions-core'],
    // CommonJS has no import.meta, and @azure/storage-common calls createRequire(import.meta.url): left alone, that
    // throws while the entry loads and the app registers no function at all.
    define: {
      'import.meta.url': '__bundleUrl',
      'import.meta.filename': '__filename',
      'import.meta.dirname': '__dirname',
    },
    banner: { js: "const __bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
  });
}

if (import.meta.main) await bundle(resolve(root, 'functions/main.ts'), resolve(root, 'dist/quell.cjs'));
