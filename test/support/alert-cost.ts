import { randomUUID } from 'node:crypto';
import { connectionStringOf } from '../../local/stack/azurite.ts';
import { azureBudgets } from '../../shared/adapters/azure/budgets.ts';
import { connectStorage } from '../../shared/adapters/azure/connect.ts';
import { azureControls } from '../../shared/adapters/azure/controls.ts';
import { azureExclusions } from '../../shared/adapters/azure/exclusions.ts';
import { azureIndex } from '../../shared/adapters/azure/index.ts';
import { azureLedger } from '../../shared/adapters/azure/ledger.ts';
import { azureVault } from '../../shared/adapters/azure/vault.ts';
import { memoryBacklog } from '../../shared/adapters/memory/backlog.ts';
import { rememberingVault } from '../../shared/adapters/remembering-vault.ts';
import { alertEntryOf } from '../../shared/domain/alert-entry.ts';
import type { Playbook } from '../../shared/domain/playbook.ts';
import { runOf } from '../../shared/domain/run.ts';
import { advance } from '../../shared/engine/advance.ts';
import { decide } from '../../shared/engine/decide.ts';
import type { Engine } from '../../shared/engine/engine.ts';
import { notedLedger } from '../../shared/engine/noted-ledger.ts';
import { respond } from '../../shared/engine/respond.ts';
import type { Effects, Exclusions } from '../../shared/ports.ts';
import { writeExclusion } from '../../shared/systems/exclusion-writes.ts';
import { approver, claims, digestOf, raise, type Stack, stackOf } from './engine.ts';
import { wrapped } from './engine-fuse.ts';
import type { Tap } from './storage-tap.ts';
import { subscription, userId } from './world-state.ts';

/** What one alert costs: storage transactions, messages sent and delivered, and calls to far sides, by kind. */
export type Cost = Readonly<Record<string, number>>;

/** Where it is counted. */
export interface Counted {
  readonly stack: Stack;
  readonly engine: Engine;
  readonly exclusions: Exclusions;
  /** What has been asked for since the last time. */
  take(): readonly string[];
}

/** An engine with its tables behind taps; far sides and bus are in memory, and count what they are asked. */
export function countedEngine(playbooks: readonly Playbook[], taps: { table: Tap; blob: Tap }): Counted {
  const stack = stackOf(playbooks);
  const storage = connectStorage({ connectionString: connectionStringOf(taps.blob.port, taps.table.port) });
  let asked: string[] = [];
  const told = (kind: string) => (call: () => unknown, name: string) => {
    asked.push(`${kind} ${name}`);
    return call();
  };
  const { engine } = stack;
  const { world } = engine;
  const vault = rememberingVault(azureVault(storage.container('vault')));
  const exclusions = azureExclusions(storage.table('exclusions'));
  const access = world.accessControl.azure;
  const counted: Engine = {
    ...engine,
    ledger: notedLedger(
      azureLedger(storage.table('ledger'), vault),
      wrapped(memoryBacklog(), told('note')),
      engine.clock,
    ),
    index: azureIndex(storage.table('index')),
    vault,
    controls: azureControls(storage.table('controls')),
    budgets: azureBudgets(storage.table('budget'), engine.sleep),
    bus: wrapped(engine.bus, told('send')),
    effects: wrapped(written(engine.effects, exclusions), told('effect')),
    world: {
      exclusions,
      directory: wrapped(world.directory, told('directory')),
      accessControl: access ? { azure: wrapped(access, told('access')) } : {},
    },
  };
  const take = () => {
    const all = [...asked, ...taps.table.take(), ...taps.blob.take()];
    asked = [];
    return all;
  };
  return { stack, engine: counted, exclusions, take };
}

/** Exclusions are written where they are looked for. */
function written({ send }: Effects, exclusions: Exclusions): Effects {
  return {
    send: (call, ...rest) => (call.to === 'exclusions' ? writeExclusion(exclusions, call) : send(call, ...rest)),
  };
}

/** One alert about the n-th user, from the notification until nothing is left to do; `choice` where somebody is asked. */
export async function costOf(
  { stack, engine, exclusions, take }: Counted,
  n: number,
  choice: string | null,
): Promise<Cost> {
  // Where another cost was counted before, the user may have been excluded.
  await exclusions.remove(subscription, userId(n));
  take();
  const nominations = [{ kind: 'user', by: 'id', value: userId(n) }] as const;
  const receipt = await raise(engine, claims({ title: `alert ${randomUUID()}`, nominations: [...nominations] }));
  const all: string[] = [];
  const work = async () => {
    for (let message = stack.bus.take(); message; message = stack.bus.take()) {
      all.push('deliver');
      if ('alert' in message.body) await respond(engine, message.body.alert);
      else await advance(engine, message.body.run);
    }
  };
  await work();
  all.push(...take());
  if (choice !== null && receipt.accepted) {
    const id = await runOfAlert(engine, receipt.alert);
    const digest = digestOf(runOf(id, await engine.ledger.read(id)), choice);
    take();
    await decide(engine, id, { choice, digest, reason: null }, approver);
    await work();
  }
  return tally([...all, ...take()]);
}

async function runOfAlert({ ledger }: Engine, alert: string): Promise<string> {
  const answers = (await ledger.read(alert)).map(alertEntryOf);
  const [run] = answers.flatMap((one) => (one.type === 'alert-answered' ? one.data.runs.map(({ run: id }) => id) : []));
  return run ?? '';
}

function tally(asked: readonly string[]): Cost {
  const cost: Record<string, number> = {};
  for (const one of [...asked].sort()) cost[one] = (cost[one] ?? 0) + 1;
  return cost;
}

/** Sum of what begins with one of these words. */
export function sumOf(cost: Cost, ...words: readonly string[]): number {
  return Object.entries(cost)
    .filter(([name]) => words.some((word) => name.startsWith(word)))
    .reduce((sum, [, count]) => sum + count, 0);
}
