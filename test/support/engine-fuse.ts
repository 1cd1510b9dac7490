import type { Engine } from '../../shared/engine/engine.ts';

/** What every call of a dead process ends in. Nothing catches it: the dead write nothing down. */
export class Death extends Error {}

/** Where a process dies: at its n-th call of a port, before the call takes effect or after, its answer lost. */
export interface Fuse {
  readonly at: number;
  readonly when: 'before' | 'after';
}

/** Counts the port calls of one process, and kills it where the fuse says. */
export interface Mortal {
  readonly engine: Engine;
  calls(): number;
  dead(): boolean;
}

/** The same engine, mortal: once dead, not one call gets through. */
export function mortal(engine: Engine, fuse: Fuse | null): Mortal {
  let calls = 0;
  let dead = false;
  const die = (): never => {
    dead = true;
    throw new Death(`died at call ${calls}`);
  };
  const around = async (call: () => unknown): Promise<unknown> => {
    if (dead) die();
    calls += 1;
    const hit = calls === fuse?.at;
    if (hit && fuse.when === 'before') die();
    const answer = await call();
    return hit || dead ? die() : answer;
  };
  const { world } = engine;
  const accessControl = Object.fromEntries(
    Object.entries(world.accessControl).map(([type, control]) => [type, wrapped(control, around)]),
  );
  return {
    engine: {
      ...engine,
      ledger: wrapped(engine.ledger, around),
      index: wrapped(engine.index, around),
      controls: wrapped(engine.controls, around),
      budgets: wrapped(engine.budgets, around),
      vault: wrapped(engine.vault, around),
      bus: wrapped(engine.bus, around),
      effects: wrapped(engine.effects, around),
      sleep: (ms) => (dead ? Promise.reject(new Death('dead')) : engine.sleep(ms)),
      world: {
        directory: wrapped(world.directory, around),
        exclusions: wrapped(world.exclusions, around),
        accessControl,
      },
    },
    calls: () => calls,
    dead: () => dead,
  };
}

/** A port whose every method goes through `around`. */
export function wrapped<T extends object>(port: T, around: (call: () => unknown, name: string) => unknown): T {
  return new Proxy(port, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return (...given: unknown[]) => around(() => Reflect.apply(method, target, given), String(name));
    },
  });
}
