import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { stackOf } from '../support/engine.ts';
import { faultPoints, immediate, through } from './fault-points.ts';

/** Handed in by callers, they reach out through ports alone. */
const handedIn = ['Action', 'Source'];

/** Ports of other flows: telling people, sealing, auditing, reporting, rebuilding. What a new port belongs to has to be said here. */
const otherFlows = [
  ...['Channel', 'Cards', 'Installations'],
  ...['Journals', 'Backlog', 'Trail', 'Door', 'Seals', 'Signer', 'RebuildableIndex', 'ReportStore'],
];

/** Every page of ports, as text. */
function pages(): string {
  const files = readdirSync('shared').filter((name) => /^ports\b.*\.ts$/.test(name));
  return files.map((name) => readFileSync(`shared/${name}`, 'utf8')).join('\n');
}

/** Methods that answer with a promise, of every port: what does I/O. */
function asynchronous(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [, name = '', body = ''] of pages().matchAll(/^export interface (\w+)[^{]*\{\n([\s\S]*?)^\}/gm)) {
    const methods = [...body.matchAll(/^ {2}(\w+)\([^;]*\): Promise</gm)].map(([, method = '']) => method);
    if (methods.length > 0) found.set(name, methods);
  }
  return found;
}

/** A port of the engine: where it is kept, its interface, and the one method that is let through where not all are. */
interface Place {
  readonly at: string;
  readonly type: string;
  readonly only: string | null;
}

/** The engine's ports, as its types say. */
function places(): Place[] {
  return membersOf('shared/engine/engine.ts', 'Engine').flatMap((one) =>
    one.type === 'World'
      ? membersOf('shared/ports.ts', 'World').map((inner) => ({ ...inner, at: `${one.at}.${inner.at}` }))
      : [one],
  );
}

function membersOf(file: string, name: string): Place[] {
  const body =
    new RegExp(`^export interface ${name} \\{\\n([\\s\\S]*?)^\\}`, 'm').exec(readFileSync(file, 'utf8'))?.[1] ?? '';
  const member = /^ {2}readonly (\w+): (?:Readonly<Partial<Record<SystemType, (\w+)>>>|Pick<(\w+), '(\w+)'>|(\w+));/gm;
  return [...body.matchAll(member)].map(([, at = '', each, part, only, whole]) => ({
    at: each ? `${at}.azure` : at,
    type: each ?? part ?? whole ?? '',
    only: only ?? null,
  }));
}

const points = faultPoints(stackOf([]).engine);

test('every method of every port that does I/O is a fault point', () => {
  const interfaces = asynchronous();
  const wanted = places().flatMap(({ at, type, only }) =>
    (interfaces.get(type) ?? []).filter((method) => method === (only ?? method)).map((method) => `${at}.${method}`),
  );
  expect(wanted.length).toBeGreaterThan(20);
  expect(wanted.filter((point) => !points.includes(point))).toEqual([]);
});

test('every interface that does I/O is one the engine holds a port of', () => {
  const held = new Set(places().map(({ type }) => type));
  const all = [...asynchronous().keys()];
  const homeless = all.filter((name) => !held.has(name) && !handedIn.includes(name));
  expect(homeless.sort()).toEqual([...otherFlows].sort());
});

test('a pause is a fault point, and what answers at once is none', () => {
  expect(points).toContain('sleep');
  for (const name of immediate) expect(points.filter((point) => point.startsWith(name))).toEqual([]);
});

test('each of them really passes through', async () => {
  const seen: string[] = [];
  const { engine } = stackOf([]);
  const wrapped = through(engine, (point) => {
    seen.push(point);
    return Promise.resolve(null);
  });
  for (const point of points) {
    const method: unknown = point.split('.').reduce((part: unknown, name) => Reflect.get(Object(part), name), wrapped);
    if (typeof method === 'function') await method();
  }
  expect(seen).toEqual(points);
});
