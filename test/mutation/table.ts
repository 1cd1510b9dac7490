import { readFileSync } from 'node:fs';

/** Prints what `npm run mutate` wrote down last, file by file, as the table of `docs/mutation.md`. */

interface Mutant {
  readonly status: string;
}
type Files = Readonly<Record<string, { readonly mutants: readonly Mutant[] }>>;

const noticed = new Set(['Killed', 'Timeout']);
const tried = new Set([...noticed, 'Survived', 'NoCoverage']);
const countOf = (mutants: readonly Mutant[], among: ReadonlySet<string>) =>
  mutants.filter(({ status }) => among.has(status)).length;

function rowOf(name: string, mutants: readonly Mutant[]): string {
  const [all, found] = [countOf(mutants, tried), countOf(mutants, noticed)];
  return `| ${name} | ${all} | ${found} | ${all === 0 ? '' : `${Math.floor((100 * found) / all)} %`} |`;
}

const { files }: { readonly files: Files } = JSON.parse(readFileSync('out/mutation.json', 'utf8'));
const rows = Object.entries(files).map(([path, { mutants }]) => rowOf(`\`${path.replace('shared/', '')}\``, mutants));
const together = rowOf(
  'together',
  Object.values(files).flatMap(({ mutants }) => mutants),
);
process.stdout.write(['| file | changed | noticed | share |', '| - | - | - | - |', ...rows, together, ''].join('\n'));
