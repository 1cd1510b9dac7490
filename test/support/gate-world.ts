import { actions } from '../../shared/actions/catalog.ts';
import { memoryBudgets } from '../../shared/adapters/memory/budgets.ts';
import { memoryBus } from '../../shared/adapters/memory/bus.ts';
import { memoryControls } from '../../shared/adapters/memory/controls.ts';
import { memoryExclusions } from '../../shared/adapters/memory/exclusions.ts';
import { memoryIndex } from '../../shared/adapters/memory/index.ts';
import { memoryLedger } from '../../shared/adapters/memory/ledger.ts';
import { memoryVault } from '../../shared/adapters/memory/vault.ts';
import type { Call } from '../../shared/domain/call.ts';
import { idOf } from '../../shared/domain/digest.ts';
import { later } from '../../shared/domain/duration.ts';
import { identityOf, type Presence, type User } from '../../shared/domain/identity.ts';
import { toJson } from '../../shared/domain/json.ts';
import type { Playbook, Step } from '../../shared/domain/playbook.ts';
import { type Summary, summaryOf } from '../../shared/domain/summary.ts';
import { advance } from '../../shared/engine/advance.ts';
import type { Engine } from '../../shared/engine/engine.ts';
import { tick } from '../../shared/engine/tick.ts';
import type { Caller, Exclusions } from '../../shared/ports.ts';
import { playbookOf } from './domain-run.ts';
import { t0 } from './domain-time.ts';
import { accessOf, assigned, root, subscription, userOf } from './domain-users.ts';

export const sam: Caller = { id: 'p-1', name: 'Sam', roles: ['Quell.Administrator', 'Quell.Reader', 'Quell.Approver'] };

/** A whole engine over memory, a directory that calls take effect in, and a clock that only moves when it is told to. */
export interface GateWorld {
  readonly engine: Engine;
  readonly exclusions: Exclusions;
  /** Every call that was sent: `key METHOD path`. */
  readonly sent: readonly string[];
  pass(ms: number): void;
  /** A new user, quiet for long, nothing against it. */
  user(differs?: Partial<User>): User;
  /** Opens a run of these steps that may act. */
  open(user: User, steps: readonly Step[], differs?: Partial<Playbook> & { system?: string }): Promise<string>;
  /** Does what is to do now, and tells how the run stands. */
  work(run: string): Promise<Summary>;
  /** Types of the entries of a run, in order. */
  story(run: string): Promise<readonly string[]>;
  /** Moves the clock on and lets the timer wake whatever is due. @returns the runs that were woken */
  tick(ms: number): Promise<readonly string[]>;
}

const budget = { hour: 100, day: 100, week: 100, month: 100 };
export const limits = {
  ...{ modes: new Map(), autonomy: 'given' as const, promotionAfter: 3, canarySoakMs: 0 },
  ...{ runsPerAlert: 25, leaseMs: 20_000, hintGraceMs: 60_000, localWaitMs: null },
};

export const disable: Step = { action: 'disable-user', with: {} };
export const remove: Step = { action: 'delete-user', with: {} };
export const notify: Step = { action: 'notify', with: { text: 'hello' } };

export function gateWorld(differs: Partial<Engine> = {}): GateWorld {
  let now = t0;
  const clock = () => now;
  const users = new Map<string, Presence>();
  users.set(sam.id, { state: 'live', user: userOf({ id: sam.id, displayName: sam.name }) });
  const sent: string[] = [];
  const bus = memoryBus(clock);
  const exclusions = memoryExclusions();
  const quiet = { info: () => {}, warn: () => {}, error: () => {} };
  const access = async (_system: string, principalId: string) =>
    accessOf({ direct: [assigned('Contributor', root, { principalId })] });
  const engine: Engine = {
    ledger: memoryLedger(),
    index: memoryIndex(),
    vault: memoryVault(),
    bus,
    controls: memoryControls(),
    budgets: memoryBudgets(),
    world: {
      directory: {
        presence: async (id) => users.get(id) ?? { state: 'absent' },
        usersBy: async () => [],
        quietSince: async () => [...users.values()].flatMap((one) => (one.state === 'live' ? [one.user] : [])),
        userCount: async () => users.size,
        groupsAmong: async (id, groups) => groups.filter((group) => group === 'g-1' && id === sam.id),
        privileges: async () => [],
      },
      accessControl: {
        azure: {
          system: async (id) => ({ type: 'azure', id, name: 'Example', tags: {} }),
          access,
          superUsers: async () => [],
        },
      },
      exclusions,
    },
    effects: {
      send: async (call, key) => {
        sent.push(`${key} ${call.method} ${call.path}`);
        carryOut(users, call);
        return null;
      },
    },
    actions,
    playbooks: () => [],
    safety: { breakGlass: ['b-1'], approverGroups: ['g-1'], ourselves: ['q-1'] },
    limits: { ...limits, budgets: { reversible: budget, destructive: budget } },
    clock,
    sleep: async () => {},
    log: quiet,
    worker: 'worker-1',
    turns: () => 1,
    ...differs,
  };
  return {
    engine,
    exclusions,
    sent,
    pass: (ms) => {
      now = later(now, ms);
    },
    user: (own = {}) => {
      const n = String(users.size + 1).padStart(12, '0');
      const user = userOf({ id: `a1b2c3d4-0000-4000-8000-${n}`, displayName: `User ${users.size + 1}`, ...own });
      users.set(user.id, { state: 'live', user });
      return user;
    },
    open: (user, steps, own) => openRun(engine, user, steps, own),
    work: async (run) => summaryOf(await advance(engine, run), now),
    story: async (run) => (await engine.ledger.read(run)).map(({ type }) => type),
    tick: async (ms) => {
      now = later(now, ms);
      await tick(engine);
      const woken: string[] = [];
      for (let message = bus.take(); message; message = bus.take())
        if ('run' in message.body) woken.push(message.body.run);
      return woken;
    },
  };
}

function carryOut(users: Map<string, Presence>, { to, method, path }: Call): void {
  if (to !== 'graph') return;
  const id = path.split('/')[2] ?? '';
  const presence = users.get(method === 'POST' ? (path.split('/')[3] ?? '') : id);
  if (!presence || presence.state === 'absent') return;
  const { user } = presence;
  if (method === 'PATCH') users.set(user.id, { state: 'live', user: { ...user, enabled: !user.enabled } });
  if (method === 'DELETE') users.set(user.id, { state: 'deleted', user });
  if (method === 'POST') users.set(user.id, { state: 'live', user });
}

async function openRun(
  engine: Engine,
  user: User,
  steps: readonly Step[],
  { system = subscription, ...differs }: Partial<Playbook> & { system?: string } = {},
): Promise<string> {
  const playbook = playbookOf({ mode: 'enforce', choices: { only: { label: 'Only', steps } }, ...differs });
  const id = idOf('run', [user.id, playbook.name, system]);
  const data = {
    ...{
      alert: 'alert-1',
      rule: 'inactive-users',
      source: 'generic',
      requestedBy: 'queue',
      playbook,
      identity: identityOf(user),
    },
    ...{ system: { type: 'azure', id: system, name: 'Example' }, mode: 'enforce', modeNote: null, localWaitMs: null },
  };
  await engine.ledger.append(id, null, {
    time: engine.clock(),
    type: 'run-opened',
    actor: 'quell',
    data: toJson(data),
  });
  await engine.index.open({ journal: id, kind: 'run', session: user.id, due: engine.clock() });
  return id;
}
