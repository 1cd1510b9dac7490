import type { AuthorizationSystem } from './access.ts';
import type { Alert, SystemType } from './alert.ts';
import { atomsOf } from './condition.ts';
import type { Playbook } from './playbook.ts';

/** An alert about a system that could come. */
export interface Possible {
  readonly alert: Alert;
  readonly system: AuthorizationSystem;
}

/** What each thing that conditions look at can be; a tag can be missing. */
type Values = ReadonlyMap<string, readonly (string | bigint | null)[]>;

/** More than this are not tried. */
export const mostTried = 20_000;

/** No value that anybody compares with. */
const other = '\u2013';

/**
 * Alerts that are different for the conditions of these playbooks: for everything a condition compares, each value it is
 * compared with, one beside it, and one that nobody names. In an order that comes to all of it early.
 */
export function possibleAlerts(playbooks: readonly Playbook[], rule: string, type: SystemType): readonly Possible[] {
  const values = valuesFor(playbooks.filter(({ on }) => on.rules.includes(rule) && on.systems.includes(type)));
  const names = [...values.keys()];
  const sizes = names.map((name) => values.get(name)?.length ?? 1);
  const all = sizes.reduce((product, size) => product * size, 1);
  const count = Math.min(all, mostTried);
  // A stride without a common divisor: where not all are tried, those that are lie all over.
  const stride = all > mostTried ? coprimeTo(all) : 1;
  return Array.from({ length: count }, (_, index) => chosen(values, names, sizes, (index * stride) % all)).map(
    (facts) => possible(facts, rule, type),
  );
}

function coprimeTo(all: number): number {
  let stride = Math.ceil(all / mostTried) | 1;
  while (divisor(stride, all) !== 1) stride += 2;
  return stride;
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}

function valuesFor(playbooks: readonly Playbook[]): Values {
  const atoms = playbooks.flatMap(({ when }) => (when === null ? [] : atomsOf(when)));
  const paths = [...new Set(atoms.map(({ path }) => path))];
  const valuesOf = (path: string) => {
    const compared = atoms.filter((atom) => atom.path === path).flatMap((atom) => atom.values.flatMap(beside));
    return [...new Set([...(path.startsWith('system.tags.') ? [null, other] : []), ...compared])];
  };
  return new Map(paths.map((path) => [path, valuesOf(path)] as const).filter(([, values]) => values.length > 0));
}

function beside(value: string | bigint): readonly (string | bigint)[] {
  return typeof value === 'bigint'
    ? [value - 1n, value, value + 1n]
    : [value, other, `${value}${other}`, `${other}${value}`];
}

type Facts = ReadonlyMap<string, string | bigint | null>;

function chosen(values: Values, names: readonly string[], sizes: readonly number[], number: number): Facts {
  let rest = number;
  return new Map(
    names.map((name, position) => {
      const size = sizes[position] ?? 1;
      const value = values.get(name)?.[rest % size] ?? null;
      rest = Math.floor(rest / size);
      return [name, value];
    }),
  );
}

function possible(facts: Facts, rule: string, type: SystemType): Possible {
  const text = (path: string) => String(facts.get(path) ?? other);
  const count = Number(facts.get('alert.identityCount') ?? -1n);
  const names = Math.max(0, Math.min(200, Number(facts.get('alert.names') ?? 0n)));
  const tags = [...facts].flatMap(([path, value]) =>
    path.startsWith('system.tags.') && value !== null ? [[path.slice('system.tags.'.length), String(value)]] : [],
  );
  const time = '2026-01-01T00:00:00.000Z';
  return {
    system: { type, id: text('system.id'), name: text('system.name'), tags: Object.fromEntries(tags) },
    alert: {
      ...{
        id: 'possible',
        source: text('alert.source'),
        sender: '',
        receivedAt: time,
        occurredAt: time,
        dedupeKey: null,
      },
      raw: { sha256: '', contentType: '', bytes: 0 },
      ...{ rule, ruleName: rule, title: text('alert.title'), system: { type, id: text('system.id') } },
      nominations: Array.from({ length: names }, () => ({ kind: 'user', by: 'id', value: 'x' })),
      identityCount: count < 0 ? null : count,
    },
  };
}
