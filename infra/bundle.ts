import { rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';

const root = resolve(import.meta.dirname, '..');

/** Parts of libraries that nothing here reaches, and what stands in their place. */
const slimmed: readonly { readonly filter: RegExp; readonly contents: string }[] = [
  // zod brings its messages in fifty languages; ours are in English.
  { filter: /zod\/v4\/locales\/index\.js$/, contents: "export { default as en } from './en.js';" },
  // Of mailauth DKIM and DMARC are used; SPF, ARC, BIMI and MTA-STS bring an HTTP client and more.
  {
    filter: /mailauth\/lib\/mailauth\.js$/,
    contents: "exports.dkimVerify = require('./dkim/verify').dkimVerify; exports.dmarc = require('./dmarc').dmarc;",
  },
  // Tables of old character sets: Node's own decoder knows them, Japanese ones too.
  {
    filter: /iconv-lite\/lib\/index\.js$/,
    contents: 'exports.decode = (bytes, charset) => new TextDecoder(charset).decode(bytes);',
  },
  {
    filter: /encoding-japanese\/src\/index\.js$/,
    contents: "exports.convert = () => { throw new Error('left to the decoder above'); };",
  },
  // What proxy agents print where an environment variable asks for it; nothing here sets that.
  {
    filter: /node_modules\/debug\/src\/index\.js$/,
    contents:
      'const off = () => Object.assign(() => undefined, { enabled: false, extend: off }); module.exports = off;',
  },
  // A checksum in WebAssembly, compiled with every start, for checked uploads and downloads; none is asked for.
  {
    filter: /storage-common\/.*\/crc64\.js$/,
    contents: "export default async () => { throw new Error('CRC64 is not part of the deployable'); };",
  },
  // Files and worker threads that lines of a log can go to; ours go to the invocation.
  { filter: /node_modules\/(sonic-boom|thread-stream)\/index\.js$/, contents: 'module.exports = class {};' },
  // Another format of blob lists; no blobs are listed.
  {
    filter: /storage-blob\/.*\/blobListArrowParser\.js$/,
    contents:
      "export const parseBlobListArrowResponse = () => { throw new Error('Arrow is not part of the deployable'); };",
  },
];

const slim: Plugin = {
  name: 'slim',
  setup: ({ onLoad }) => {
    for (const { filter, contents } of slimmed)
      onLoad({ filter }, ({ path }) => ({ contents, resolveDir: dirname(path), loader: 'js' }));
  },
};

/** CommonJS libraries ask for what an ES module does not have. */
const banner = [
  "import { createRequire as __createRequire } from 'node:module';",
  "import { fileURLToPath as __fileOf } from 'node:url';",
  'const require = __createRequire(import.meta.url);',
  "const __filename = __fileOf(import.meta.url), __dirname = __fileOf(new URL('.', import.meta.url));",
].join('\n');

/**
 * The deployable: the entry with everything it always needs, and a chunk for each part that only some triggers load
 * (mail, messages, tokens). A cold start reads a few files instead of twelve thousand.
 */
export async function bundle(entry: string, outfile: string): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: { [basename(outfile, '.mjs')]: entry },
    outdir: dirname(outfile),
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunk-[name]-[hash]',
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // Where a package has both, ES modules: what CommonJS requires would be there a second time.
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
    // The worker answers this one itself, before module resolution.
    external: ['@azure/functions-core'],
    plugins: [slim],
    banner: { js: banner },
  });
  return metafile;
}

/** Bytes of an output and of everything it loads before anything runs. */
export function startBytes(metafile: Metafile, outfile: string): number {
  return startOutputs(metafile, outfile).reduce((sum, { bytes }) => sum + bytes, 0);
}

/** The files that are in these outputs. */
export function startInputs(metafile: Metafile, outfile: string): readonly string[] {
  return startOutputs(metafile, outfile).flatMap(({ inputs }) => Object.keys(inputs));
}

function startOutputs({ outputs }: Metafile, outfile: string): readonly Metafile['outputs'][string][] {
  const [entry] = Object.keys(outputs).filter((name) => name.endsWith(basename(outfile)));
  const loaded = new Set<string>();
  const load = (name: string): void => {
    if (loaded.has(name)) return;
    loaded.add(name);
    for (const { path, kind } of outputs[name]?.imports ?? []) if (kind === 'import-statement') load(path);
  };
  if (entry !== undefined) load(entry);
  return [...loaded].flatMap((name) => outputs[name] ?? []);
}

/** Bytes of everything. */
export function totalBytes({ outputs }: Metafile): number {
  return Object.values(outputs).reduce((sum, { bytes }) => sum + bytes, 0);
}

if (import.meta.main) {
  const outfile = join(root, 'dist/quell.mjs');
  await rm(dirname(outfile), { recursive: true, force: true });
  const metafile = await bundle(resolve(root, 'functions/main.ts'), outfile);
  const { size } = await stat(outfile);
  const kilobytes = [size, startBytes(metafile, outfile), totalBytes(metafile)].map((bytes) =>
    Math.round(bytes / 1000),
  );
  process.stdout.write(`entry ${kilobytes[0]} kB, loaded at start ${kilobytes[1]} kB, everything ${kilobytes[2]} kB\n`);
}
