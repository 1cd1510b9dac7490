import type { Engine } from '../../shared/engine/engine.ts';

/** What stands around every call of a port: told which one, and with what, it decides whether and when the call is made. */
export type Around = (point: string, given: readonly unknown[], call: () => Promise<unknown>) => Promise<unknown>;

/** Members of the engine that answer at once and reach nothing outside: no fault can come between. */
export const immediate: ReadonlySet<string> = new Set(['clock', 'playbooks', 'log', 'turns']);

/** The engine with `around` at every method of every port, found by looking, not by a list. */
export function through(engine: Engine, around: Around): Engine {
  return wrapped(engine, around, '');
}

function wrapped<T extends object>(part: T, around: Around, path: string): T {
  const seen = new Map<string | symbol, unknown>();
  return new Proxy(part, {
    get: (target, name) => {
      if (!seen.has(name)) seen.set(name, memberOf(target, name, around, path));
      return seen.get(name);
    },
  });
}

function memberOf(target: object, name: string | symbol, around: Around, path: string): unknown {
  const value: unknown = Reflect.get(target, name);
  const point = `${path}${String(name)}`;
  if (immediate.has(point)) return value;
  if (typeof value === 'function')
    return (...given: unknown[]) => around(point, given, () => Reflect.apply(value, target, given));
  return isPort(value) ? wrapped(value, around, `${point}.`) : value;
}

/** Names of all fault points: `ledger.append`, `world.directory.presence` … */
export function faultPoints(part: object, path = ''): string[] {
  return Object.entries(part).flatMap(([name, value]) => {
    const point = `${path}${name}`;
    if (immediate.has(point)) return [];
    if (typeof value === 'function') return [point];
    return isPort(value) ? faultPoints(value, `${point}.`) : [];
  });
}

/** A plain object with methods, itself or in its members; settings and catalogs have none. */
function isPort(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.values(value).some((member) => typeof member === 'function' || isPort(member));
}
