import type { World } from '../ports.ts';

/** What stands around a read of the world: told which port and method, with what, and how to make it. */
export type AroundRead = (of: string, asked: readonly unknown[], read: () => Promise<unknown>) => Promise<unknown>;

/** The world, with `around` at every read of every port of it: one that is added later cannot be forgotten. */
export function worldThrough({ directory, accessControl, exclusions }: World, around: AroundRead): World {
  const controls = Object.entries(accessControl).map(([type, control]) => [type, portThrough(control, type, around)]);
  return {
    directory: portThrough(directory, 'directory', around),
    accessControl: Object.fromEntries(controls),
    exclusions: portThrough(exclusions, 'exclusions', around),
  };
}

function portThrough<T extends object>(port: T, name: string, around: AroundRead): T {
  return new Proxy(port, {
    get: (target, key) => {
      const method: unknown = Reflect.get(target, key);
      if (typeof method !== 'function') return method;
      return (...asked: unknown[]) =>
        around(`${name}.${String(key)}`, asked, async () => Reflect.apply(method, target, asked));
    },
  });
}
