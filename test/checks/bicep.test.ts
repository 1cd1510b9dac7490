import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { settings } from '../../shared/config.ts';
import { type Bicep, keysOf, parseBicep, symbolProblems, syntaxErrors, variable } from '../support/bicep.ts';

/* What the compiler of Bicep would say about types, API versions and the modules of the registry, nothing here can: it
   cannot be had from npm. The workflow `ci` runs it. */

const names = readdirSync('infra', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.bicep'));
let files: ReadonlyMap<string, Bicep>;
beforeAll(async () => {
  files = new Map(
    await Promise.all(names.map(async (name) => [join('infra', name), await parseBicep(join('infra', name))] as const)),
  );
});
const fileOf = (name: string): Bicep => files.get(name) ?? expect.unreachable(`there is no ${name}`);

describe('the infrastructure', () => {
  test('is Bicep, every file of it', () => {
    expect(names.length).toBeGreaterThan(8);
    for (const file of files.values()) expect([file.file, ...syntaxErrors(file)]).toEqual([file.file]);
  });

  test('uses nothing that is not declared, and declares no parameter or variable in vain', () => {
    expect([...files.values()].flatMap(symbolProblems)).toEqual([]);
  });

  test('calls modules that are there, with the parameters they have and all they need', () => {
    for (const { modules } of files.values())
      for (const [name, { file, path, params }] of modules) {
        if (file === null) {
          expect(path).toMatch(/^br\/public:avm\/res\/[\w-]+\/[\w-]+:\d+\.\d+\.\d+$/);
          continue;
        }
        const target = fileOf(file);
        expect([name, params.filter((one) => !target.params.has(one))]).toEqual([name, []]);
        const missing = [...target.params].filter(([one, { required }]) => required && !params.includes(one));
        expect([name, missing.map(([one]) => one)]).toEqual([name, []]);
      }
  });

  test('asks modules for outputs that they have', () => {
    const main = fileOf('infra/main.bicep');
    const asked = [...main.root.text.matchAll(/\b(\w+)!?\.outputs\.(\w+)/g)];
    expect(asked.length).toBeGreaterThan(10);
    for (const [, module = '', output = ''] of asked) {
      const { file = null } = main.modules.get(module) ?? {};
      expect([module, output, fileOf(file ?? '').outputs.has(output)]).toEqual([module, output, true]);
    }
  });

  test('is given what it needs by azd and by the workflow that deploys', () => {
    const { parameters } = JSON.parse(readFileSync('infra/main.parameters.json', 'utf8'));
    const main = fileOf('infra/main.bicep');
    const needed = [...main.params].filter(([, { required }]) => required).map(([name]) => name);
    expect(needed.filter((name) => !(name in parameters))).toEqual([]);
    expect(Object.keys(parameters).filter((name) => !main.params.has(name))).toEqual([]);
    const variables = [...JSON.stringify(parameters).matchAll(/\$\{(\w+)(=[^}]*)?\}/g)].filter(([, , other]) => !other);
    const workflow = readFileSync('.github/workflows/deploy.yml', 'utf8');
    for (const [, name] of variables) expect(workflow).toContain(`${name}:`);
  });
});

describe('settings', () => {
  const platform = ['APPLICATIONINSIGHTS_CONNECTION_STRING', 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING'];
  const defaults: Record<string, string> = JSON.parse(readFileSync('infra/settings.json', 'utf8'));
  const bound = () => keysOf(variable(fileOf('infra/modules/app.bicep'), 'bound'));

  test('every one that the code reads and cannot do without is provided', () => {
    const optional = Object.entries(settings).filter(([, { schema }]) => schema.safeParse(undefined).success);
    const free = new Set(optional.map(([name]) => name));
    const missing = Object.keys(settings).filter(
      (name) => !(name in defaults) && !bound().includes(name) && !free.has(name),
    );
    expect(missing).toEqual([]);
  });

  test('every one that is provided is read, by the code or by the host of the functions', () => {
    const ours = [...Object.keys(defaults), ...bound()];
    expect(ours.filter((name) => !(name in settings))).toEqual([]);
    const hosts = keysOf(variable(fileOf('infra/modules/app.bicep'), 'platform'));
    const wrong = hosts.filter((name) => !platform.includes(name) && !/^(AzureWebJobsStorage|SERVICEBUS)__/.test(name));
    expect(wrong).toEqual([]);
  });

  test('nothing that is for a trial reaches Azure: no connection string, no shortened wait', () => {
    for (const name of ['AzureWebJobsStorage', 'SERVICEBUS', 'LOCAL_WAIT'])
      expect([...Object.keys(defaults), ...bound()]).not.toContain(name);
  });
});

describe('what is promised about it', () => {
  const text = (name: string) => readFileSync(join('infra', name), 'utf8');

  test('no keys anywhere, and the seals cannot be changed', () => {
    expect(text('modules/storage.bicep')).toMatch(/allowSharedKeyAccess: false/);
    expect(text('modules/storage.bicep')).toMatch(/\/default\/seals\/default'/);
    for (const file of ['modules/bus.bicep', 'modules/monitoring.bicep'])
      expect(text(file)).toMatch(/disableLocalAuth: true/);
    for (const name of names) expect(text(name)).not.toMatch(/listKeys|AccountKey|SharedAccessKey/);
  });

  test('the queues are those the functions listen on, with sessions and duplicate detection where the code counts on them', () => {
    const listened = ['alerts', 'runs'].map((name) =>
      /isSessionsEnabled: true/.test(readFileSync(`functions/${name}.ts`, 'utf8')),
    );
    expect(listened).toEqual([false, true]);
    const bus = text('modules/bus.bicep');
    expect(bus).toMatch(/name: 'alerts'\s+requiresDuplicateDetection: true/);
    expect(bus).toMatch(/name: 'runs'\s+requiresSession: true/);
  });

  test('alarms and the workbook read lines that the code writes', () => {
    const code = ['shared/engine', 'shared'].flatMap((folder) =>
      readdirSync(folder, { encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => readFileSync(join(folder, name), 'utf8')),
    );
    const written = (line: string) => code.some((one) => one.includes(`'${line}'`));
    const queries =
      text('modules/alerts.bicep') +
      JSON.parse(text('workbook.json'))
        .items.map((item: { content: { query?: string } }) => item.content.query ?? '')
        .join('\n');
    const lines = [
      ...queries.matchAll(/"msg\\?":\\?"([\w ]+)\\?"/g),
      ...queries.matchAll(/line\.msg\) == ["']([\w ]+)["']/g),
    ].map(([, line]) => line ?? '');
    const lists = [...queries.matchAll(/line\.msg\) in \(([^)]+)\)/g)].flatMap(([, list]) =>
      [...(list ?? '').matchAll(/["']([\w ]+)["']/g)].map(([, line]) => line ?? ''),
    );
    expect(new Set([...lines, ...lists]).size).toBeGreaterThan(6);
    expect([...new Set([...lines, ...lists])].filter((line) => !written(line))).toEqual([]);
  });

  test('azd and the workflows are valid YAML that names what exists', () => {
    expect(parse(readFileSync('azure.yaml', 'utf8'))).toMatchObject({
      infra: { path: 'infra' },
      services: { api: { host: 'function' } },
    });
    for (const name of ['ci', 'deploy'])
      expect(parse(readFileSync(`.github/workflows/${name}.yml`, 'utf8'))).toMatchObject({ name, permissions: {} });
  });
});

describe('the walk itself', () => {
  test.each([
    ['a name that is not declared', 'var a = { b: c }\noutput o object = a', /c is not declared/],
    ['a parameter in vain', 'param p string', /p is declared and not used/],
    ['a function that is not there', "var a = lod('x')\noutput o string = a", /no function lod/],
    ['a name inside of a text', ["output o string = 'x-$", "{name}'"].join(''), /name is not declared/],
  ])('sees %s', async (_what, source, problem) => {
    expect(symbolProblems(await parseBicep('x.bicep', source)).join('\n')).toMatch(problem);
  });

  test('sees a missing brace', async () => {
    expect(syntaxErrors(await parseBicep('x.bicep', 'var a = { b: 1'))).not.toEqual([]);
  });

  test('knows loops, and names of theirs', async () => {
    const source = 'var l = [1]\nvar a = [for (x, i) in l: { n: x, p: i }]\noutput o array = a';
    expect(symbolProblems(await parseBicep('x.bicep', source))).toEqual([]);
  });
});
