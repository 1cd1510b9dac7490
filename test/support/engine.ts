import { actions } from '../../shared/actions/catalog.ts';
import { memoryBudgets } from '../../shared/adapters/memory/budgets.ts';
import { memoryBus } from '../../shared/adapters/memory/bus.ts';
import { memoryControls } from '../../shared/adapters/memory/controls.ts';
import { memoryIndex } from '../../shared/adapters/memory/index.ts';
import { memoryLedger } from '../../shared/adapters/memory/ledger.ts';
import { memoryVault } from '../../shared/adapters/memory/vault.ts';
import type { Claims } from '../../shared/domain/alert.ts';
import { Fault } from '../../shared/domain/fault.ts';
import type { Entry } from '../../shared/domain/ledger.ts';
import type { Mode } from '../../shared/domain/mode.ts';
import type { Playbook } from '../../shared/domain/playbook.ts';
import { type Run, runOf } from '../../shared/domain/run.ts';
import { advance } from '../../shared/engine/advance.ts';
import { decide } from '../../shared/engine/decide.ts';
import type { Engine } from '../../shared/engine/engine.ts';
import { ingest, type Receipt } from '../../shared/engine/ingest.ts';
import { openJournal } from '../../shared/engine/journal.ts';
import { respond } from '../../shared/engine/respond.ts';
import { tick } from '../../shared/engine/tick.ts';
import { turnsOf } from '../../shared/engine/turns.ts';
import { readPlaybooks } from '../../shared/playbook-folder.ts';
import type { Caller, Received, Source } from '../../shared/ports.ts';
import { farSide, type Sent } from './world.ts';
import { clockwork } from './world-clock.ts';
import { approverGroup, subscription, userId } from './world-state.ts';

export const start = '2026-03-01T12:00:00.000Z';
export const leaseMs = 20_000;
export const graceMs = 60_000;

const wide = { hour: 100, day: 100, week: 100, month: 100 };

export const approver: Caller = { id: userId(901), name: 'Ada', roles: ['Quell.Approver', 'Quell.Reader'] };
export const other: Caller = { id: userId(902), name: 'Bob', roles: ['Quell.Approver'] };
export const breakGlass = userId(911);

const { playbooks: shipped } = readPlaybooks('playbooks', actions);

/** A playbook as it is shipped, but in another mode. */
export function playbook(name: string, change: Partial<Playbook> = {}): Playbook {
  const found = shipped.find((one) => one.name === name);
  if (!found) throw new Error(`there is no playbook ${name}`);
  return { ...found, ...change };
}

/** Something that happened, in the order in which it did. */
export type Happening =
  | { readonly entry: Entry }
  | { readonly sent: Sent }
  | { readonly hint: string }
  | { readonly kept: string };

/** Stores, bus, far sides and a clock, which outlive every process that works with them. */
export type Stack = ReturnType<typeof stackOf>;

export function stackOf(playbooks: readonly Playbook[], mode: Mode | null = null) {
  const clock = clockwork(start);
  const trace: Happening[] = [];
  const far = farSide(clock);
  far.onSent = (sent) => trace.push({ sent });
  const bus = memoryBus(clock.now);
  const [ledger, vault] = [memoryLedger(), memoryVault()];
  const journals = new Set<string>();
  const engine: Engine = {
    ledger: {
      read: ledger.read,
      append: async (journal, previous, body) => {
        const entry = await ledger.append(journal, previous, body);
        journals.add(journal);
        trace.push({ entry });
        return entry;
      },
      appendAll: async (journal, previous, bodies) => {
        const entries = await ledger.appendAll(journal, previous, bodies);
        journals.add(journal);
        for (const entry of entries) trace.push({ entry });
        return entries;
      },
    },
    vault: {
      get: vault.get,
      put: async (bytes, contentType) => {
        const raw = await vault.put(bytes, contentType);
        trace.push({ kept: raw.sha256 });
        return raw;
      },
    },
    bus: {
      alert: async (alert, hint) => {
        await bus.alert(alert, hint);
        trace.push({ hint: alert });
      },
      run: async (run, session, hint) => {
        await bus.run(run, session, hint);
        trace.push({ hint: run });
      },
    },
    index: memoryIndex(),
    controls: memoryControls(),
    budgets: memoryBudgets(),
    world: far.world,
    effects: far.effects,
    actions,
    playbooks: () => playbooks,
    safety: { breakGlass: [breakGlass], approverGroups: [approverGroup], ourselves: [userId(921)] },
    limits: {
      modes: new Map(mode === null ? [] : playbooks.map(({ name, version }) => [`${name}@${version}`, mode])),
      autonomy: 'given',
      promotionAfter: 3,
      canarySoakMs: 0,
      runsPerAlert: 5,
      budgets: { reversible: wide, destructive: wide },
      leaseMs,
      hintGraceMs: graceMs,
      localWaitMs: null,
    },
    clock: clock.now,
    sleep: async (ms) => clock.move(ms),
    log: { info: () => {}, warn: () => {}, error: () => {} },
    worker: 'worker-1',
    turns: turnsOf(),
  };
  return { clock, trace, far, bus, engine, journals };
}

/** An alert about users of the subscription, as any source would read it. */
export function claims(change: Partial<Claims> = {}): Claims {
  return {
    rule: 'inactive-users',
    ruleName: 'Inactive Users',
    title: 'Users inactive for 90 days',
    system: { type: 'azure', id: subscription },
    nominations: [{ kind: 'user', by: 'id', value: userId(1) }],
    identityCount: null,
    occurredAt: start,
    dedupeKey: null,
    ...change,
  };
}

/** A source whose notifications are claims in JSON. */
export const plainSource: Source = {
  name: 'plain',
  accepts: ['application/json'],
  badInput: 'answer',
  authenticate: async () => 'app:tester',
  read: async ({ bytes }) => {
    const text = new TextDecoder().decode(bytes);
    if (text === 'bad') throw new Fault('reject', 'unreadable', 'Nobody can read this.');
    return JSON.parse(text);
  },
};

export function notification(body: Claims | string, contentType = 'application/json'): Received {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { bytes: new TextEncoder().encode(text), contentType, authorization: null, receivedAt: start };
}

export function raise(engine: Engine, body: Claims = claims()): Promise<Receipt> {
  return ingest(engine, plainSource, notification(body));
}

/** Takes one message and does what it hints at; false where there is none. A message whose handling fails is gone. */
export async function deliver(stack: Stack, engine: Engine = stack.engine): Promise<boolean> {
  const message = stack.bus.take();
  if (!message) return false;
  if ('alert' in message.body) await respond(engine, message.body.alert);
  else await advance(engine, message.body.run);
  return true;
}

/** Takes the hint of an alert that leads to one run, which begins and comes no further. @returns the run */
export async function beginOnly(stack: Stack, engine: Engine = stack.engine): Promise<string> {
  const message = stack.bus.take();
  if (!message || !('alert' in message.body)) throw new Error('there is no hint of an alert');
  let begun = '';
  await respond(engine, message.body.alert, async (run, { beginning }) => {
    begun = run;
    await (await openJournal(engine, run, undefined, beginning)).flush();
  });
  return begun;
}

/** Delivers until no message can be taken. */
export async function quiet(stack: Stack, engine: Engine = stack.engine): Promise<void> {
  for (let count = 0; await deliver(stack, engine); count += 1) if (count > 200) throw new Error('it is never quiet');
}

/** Moves the clock to the next thing due, if it is due before `until`, and lets the timer find it; false where nothing is. */
export async function nextDue(stack: Stack, engine: Engine = stack.engine, until = '9999'): Promise<boolean> {
  const [item] = await stack.engine.index.due('9999-01-01T00:00:00.000Z', 1);
  if (!item || item.due > until) return false;
  stack.clock.moveTo(item.due);
  await tick(engine);
  await quiet(stack, engine);
  return true;
}

/** Lets time pass until nothing is open any more. */
export async function untilEnd(stack: Stack, engine: Engine = stack.engine): Promise<void> {
  await quiet(stack, engine);
  for (let count = 0; await nextDue(stack, engine); count += 1) if (count > 200) throw new Error('it never ends');
}

/** Every run there is, in the order they were opened. */
export async function runs(stack: Stack): Promise<Run[]> {
  const ids = [...stack.journals].filter((one) => one.startsWith('run-'));
  return Promise.all(ids.map(async (id) => runOf(id, await stack.engine.ledger.read(id))));
}

/** The only run there is. */
export async function onlyRun(stack: Stack): Promise<Run> {
  const [run, ...more] = await runs(stack);
  if (!run || more.length > 0) throw new Error(`there are ${more.length + (run ? 1 : 0)} runs`);
  return run;
}

/** Types of a journal's entries, in order. */
export async function types(stack: Stack, journal: string): Promise<string[]> {
  return (await stack.engine.ledger.read(journal)).map(({ type }) => type);
}

/** Approves the choice of the only run, by as many people as it takes. */
export async function approve(stack: Stack, choice: string, engine: Engine = stack.engine): Promise<void> {
  for (const person of [approver, other]) {
    const run = await onlyRun(stack);
    const answer = { choice, digest: digestOf(run, choice), reason: null };
    if (!run.decision) await decide(engine, run.id, answer, person);
  }
}

/** Digest of the plan of a choice. */
export function digestOf(run: Run, choice: string): string {
  const plan = run.plans?.find((one) => one.choice === choice);
  if (!plan) throw new Error(`there is no plan ${choice}`);
  return plan.digest;
}
