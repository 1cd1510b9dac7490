import type { Engine, Taking } from '../engine/engine.ts';
import type { Effects } from '../ports.ts';
import { inSpan } from './spans.ts';

/** The same parts, whose calls to stores and bus are spans of what is being done. */
export function tracedTaking(taking: Taking): Taking {
  return {
    ...taking,
    ledger: spans('ledger', taking.ledger),
    index: spans('index', taking.index),
    vault: spans('vault', taking.vault),
    bus: spans('bus', taking.bus),
  };
}

/** The same engine, whose other calls are spans as well: budgets, controls, far sides. Its taking parts are traced already. */
export function tracedEngine(engine: Engine): Engine {
  const { directory, accessControl, exclusions } = engine.world;
  const systems = Object.entries(accessControl).map(([type, control]) => [type, spans(type, control)] as const);
  return {
    ...engine,
    controls: spans('controls', engine.controls),
    budgets: spans('budgets', engine.budgets),
    world: { directory: spans('directory', directory), accessControl: Object.fromEntries(systems), exclusions },
    effects: tracedEffects(engine.effects),
  };
}

/** An effect says which run and step it is for, where it goes and what it does; never to whom, nor with what. */
function tracedEffects(effects: Effects): Effects {
  return {
    send: (call, key, risk) => {
      const [run = '', step = ''] = key.split(':');
      const attributes = { 'quell.run': run, 'quell.step': step, 'quell.risk': risk, 'quell.to': call.to };
      return inSpan(`effect ${call.method} ${call.to}`, { attributes }, () => effects.send(call, key, risk));
    },
  };
}

function spans<T extends object>(name: string, port: T): T {
  return new Proxy(port, {
    get: (target, property) => {
      const method: unknown = Reflect.get(target, property);
      if (typeof method !== 'function') return method;
      return (...given: unknown[]) =>
        inSpan(`${name} ${String(property)}`, {}, async () => Reflect.apply(method, target, given));
    },
  });
}
