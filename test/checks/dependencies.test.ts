import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';

/** What a part of the tree may import, besides itself: folders or files of ours, and packages. */
interface Rule {
  readonly part: string;
  readonly ours: readonly string[];
  /** null: any. */
  readonly packages: readonly string[] | null;
}

const domain = 'shared/domain/';
/** All of them: `shared/ports.ts` and what stands beside it. */
const ports = 'shared/ports';

/** The first row that fits a file counts. */
const rules: readonly Rule[] = [
  // node:crypto only for digests, which are as pure as arithmetic.
  { part: domain, ours: [], packages: ['zod', 'yaml', '@marcbachmann/cel-js', 'node:crypto'] },
  { part: ports, ours: [domain], packages: [] },
  { part: 'shared/engine/', ours: [domain, ports], packages: [] },
  { part: 'shared/reports/', ours: [domain], packages: ['echarts'] },
  { part: 'shared/actions/', ours: [domain, ports], packages: ['zod'] },
  {
    part: 'shared/sources/',
    ours: [domain, ports],
    packages: ['zod', 'mailauth', 'postal-mime', 're2js', 'node:crypto', 'node:dns/promises', 'node:util'],
  },
  {
    part: 'shared/systems/',
    ours: [domain, ports],
    packages: [
      ...['zod', 'jose', '@azure/identity', '@microsoft/microsoft-graph-client'],
      ...['node:crypto', 'node:http', 'node:https', 'node:stream/consumers'],
    ],
  },
  {
    part: 'shared/channels/',
    ours: [domain, ports, 'shared/systems/far-side.ts', 'shared/systems/http-api.ts', 'shared/systems/token.ts'],
    // Of the cards only the types: the package is not there when the program runs.
    packages: ['zod', 'jose', 'node:crypto', '@azure/identity', '@microsoft/teams.cards'],
  },
  { part: 'shared/adapters/', ours: [domain, ports, 'shared/telemetry/spans.ts'], packages: null },
  { part: 'shared/config.ts', ours: [domain], packages: ['zod'] },
  {
    part: 'shared/telemetry/',
    ours: [domain, ports, 'shared/engine/engine.ts', 'shared/requests/requests.ts', 'shared/requests/taking-in.ts'],
    packages: ['@opentelemetry/api', 'node:async_hooks', 'node:crypto'],
  },
  { part: 'shared/log.ts', ours: [ports], packages: ['pino', '@azure/functions', 'node:async_hooks'] },
  { part: 'shared/yaml-folder.ts', ours: [], packages: ['node:fs', 'node:path'] },
  { part: 'shared/playbook-folder.ts', ours: [domain, 'shared/yaml-folder.ts'], packages: [] },
  { part: 'shared/report-folder.ts', ours: [domain, 'shared/yaml-folder.ts'], packages: [] },
  { part: 'shared/query-folder.ts', ours: [domain, 'shared/yaml-folder.ts'], packages: [] },
  {
    part: 'shared/edge-page.ts',
    ours: [domain, ports, 'shared/edge.ts', 'shared/log.ts'],
    packages: ['@azure/functions'],
  },
  { part: 'shared/edge.ts', ours: [domain, ports, 'shared/log.ts'], packages: ['@azure/functions'] },
  {
    part: 'shared/requests/page.ts',
    ours: [
      ...[domain, 'shared/engine/', 'shared/requests/', 'shared/edge-page.ts'],
      ...['shared/channels/page/', 'shared/systems/entra/sign-in.ts'],
    ],
    packages: ['@azure/functions'],
  },
  {
    part: 'shared/requests/',
    ours: [domain, ports, 'shared/engine/', 'shared/edge.ts'],
    packages: ['zod', '@azure/functions'],
  },
  { part: 'shared/app.ts', ours: ['shared/'], packages: null },
  // Parts of the composition root, each loaded when it is first needed.
  { part: 'shared/parts/', ours: ['shared/'], packages: ['@azure/identity'] },
  { part: 'functions/', ours: ['shared/app.ts', 'shared/edge', 'shared/engine/'], packages: ['@azure/functions'] },
  {
    part: 'cli/',
    ours: [domain, 'shared/actions/catalog.ts', 'shared/actions/specimen.ts', 'shared/playbook-folder.ts'],
    packages: null,
  },
  { part: 'local/', ours: [domain, 'shared/actions/catalog.ts', 'shared/playbook-folder.ts', 'cli/'], packages: null },
  {
    part: 'infra/',
    ours: [domain, 'shared/config.ts', 'shared/actions/', 'shared/systems/', 'shared/sources/generic.ts'],
    packages: null,
  },
];

const files = ['shared', 'functions', 'cli', 'local', 'infra']
  .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)))
  .filter((name) => name.endsWith('.ts'));

function importsOf(file: string): readonly string[] {
  return importsIn(readFileSync(file, 'utf8'));
}

/** Imports that are there when the program runs; types are not. */
function runtimeImportsOf(file: string): readonly string[] {
  return importsIn(readFileSync(file, 'utf8').replace(/^(?:import|export) type\b[^;]*;/gm, ''));
}

function importsIn(text: string): readonly string[] {
  const found = text.matchAll(/^(?:import|export)\b[^;]*?\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm);
  return [...found].map(([, from, bare, lazy]) => from ?? bare ?? lazy ?? '');
}

/** The path in the tree that a relative import means; null for a package. */
function ownTarget(file: string, specifier: string): string | null {
  return specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : null;
}

function packageOf(specifier: string): string {
  return specifier.startsWith('@')
    ? specifier.split('/').slice(0, 2).join('/')
    : specifier.startsWith('node:')
      ? specifier
      : (specifier.split('/')[0] ?? '');
}

function offences(file: string): readonly string[] {
  const rule = rules.find(({ part }) => file.startsWith(part));
  if (!rule) return [`${file} is in no part of the tree`];
  return importsOf(file).flatMap((specifier) => {
    const target = ownTarget(file, specifier);
    if (target === null)
      return rule.packages === null || rule.packages.includes(packageOf(specifier))
        ? []
        : [`${file} imports ${specifier}`];
    const allowed = target.startsWith(rule.part) || rule.ours.some((part) => target.startsWith(part));
    return allowed ? [] : [`${file} imports ${target}`];
  });
}

describe('the dependency rule', () => {
  test('functions → edge, app → engine → ports → domain, and only app.ts sees everything', () => {
    expect(files.length).toBeGreaterThan(100);
    expect(files.flatMap(offences)).toEqual([]);
  });

  test('sources do not import each other, nor do actions', () => {
    for (const [folder, shared] of [
      ['shared/sources/', ['catalog.ts']],
      ['shared/actions/', ['catalog.ts']],
    ] as const) {
      const own = files.filter((file) => dirname(file) === normalize(folder.slice(0, -1)));
      const units = readFileSync(`${folder}catalog.ts`, 'utf8').matchAll(/from '\.\/([\w-]+\.ts)'/g);
      const names = new Set([...units].map(([, name]) => name));
      const crossing = own
        .filter((file) => !shared.some((name) => file.endsWith(name)))
        .flatMap((file) =>
          importsOf(file).flatMap((to) =>
            names.has(to.replace('./', '')) && to !== './action.ts' ? [`${file} imports ${to}`] : [],
          ),
        );
      expect(crossing).toEqual([]);
    }
  });

  test('nobody but app.ts reads the environment or the clock in shared/', () => {
    const reading = files
      .filter((file) => file.startsWith('shared/') && file !== 'shared/app.ts')
      .filter((file) =>
        /process\.env|new Date\(\)|Date\.now\(\)|Math\.random|randomUUID/.test(readFileSync(file, 'utf8')),
      );
    expect(reading).toEqual([]);
  });

  test('there are no cycles', () => {
    const graph = new Map(
      files.map((file) => [file, runtimeImportsOf(file).flatMap((to) => ownTarget(file, to) ?? [])]),
    );
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) {
        cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
        return;
      }
      if (done.has(file)) return;
      for (const to of graph.get(file) ?? []) visit(to, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(cycles).toEqual([]);
  });
});
