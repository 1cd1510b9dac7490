import type { Bus } from '../../ports.ts';
import type { ClosableBus } from './bus.ts';
import type { BusNamespace } from './connect-bus.ts';

/** The bus, whose client is loaded and connected with the first message: reading and deciding need none. */
export function busOnDemand(namespace: BusNamespace): Bus & Pick<ClosableBus, 'open'> {
  let opened: Promise<ClosableBus> | null = null;
  const bus = () => {
    opened ??= open(namespace);
    return opened;
  };
  return {
    alert: async (alert, hint) => (await bus()).alert(alert, hint),
    open: async () => (await bus()).open(),
    run: async (run, session, hint) => (await bus()).run(run, session, hint),
  };
}

async function open(namespace: BusNamespace): Promise<ClosableBus> {
  const [{ azureBus }, { connectBus }] = await Promise.all([import('./bus.ts'), import('./connect-bus.ts')]);
  return azureBus(connectBus(namespace));
}
