import { heldNow } from '../domain/access.ts';
import type { BudgetClass } from '../domain/budget.ts';
import { Fault } from '../domain/fault.ts';
import type { Presence } from '../domain/identity.ts';
import type { Json } from '../domain/json.ts';
import { actionsOf } from '../domain/plan.ts';
import type { Evidence } from '../domain/proof.ts';
import type { Run } from '../domain/run.ts';
import type { Engine } from './engine.ts';
import { budgetNow, countedAs, systemOf } from './hold.ts';

/**
 * What a person who is asked wants to know beyond the proof: the account, its roles and licences, and how much room the
 * budgets have. Read once, when it is asked, and kept with the question, so that everybody sees the
 * same. What cannot be read says so: nothing is decided on it but by people.
 */
export async function factsFor(engine: Engine, run: Run): Promise<Evidence[]> {
  const facts = await Promise.all([
    orUnread('account', 'graph', () => accountFacts(engine, run)),
    orUnread('directoryRoles', 'graph', () => directoryFacts(engine, run)),
    orUnread('systemRoles', run.opened.system.type, () => systemFacts(engine, run)),
    orUnread('budgetLeft', 'budget', () => budgetFacts(engine, run)),
  ]);
  return facts.flat();
}

async function orUnread(fact: string, source: string, read: () => Promise<Evidence[]>): Promise<Evidence[]> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Fault) return [{ fact, value: `could not be read (${error.code})`, source }];
    throw error;
  }
}

async function accountFacts({ world }: Engine, { opened }: Run): Promise<Evidence[]> {
  const presence = await world.directory.presence(opened.identity.id);
  return [
    of('account', accountInWords(presence), 'graph'),
    ...(presence.state === 'absent'
      ? []
      : [of('created', presence.user.createdAt, 'graph'), of('licences', presence.user.licences, 'graph')]),
  ];
}

function accountInWords(presence: Presence): string {
  if (presence.state !== 'live') return presence.state;
  const { enabled, guest, synced } = presence.user;
  return [
    enabled ? 'enabled' : 'sign-in blocked',
    guest ? 'guest' : 'member',
    synced ? 'synced from on-premises' : 'cloud only',
  ].join(', ');
}

async function directoryFacts({ world }: Engine, { opened }: Run): Promise<Evidence[]> {
  const held = await world.directory.privileges(opened.identity.id);
  return [
    of(
      'directoryRoles',
      named(held.map(({ role, held: how }) => (how === 'active' ? role : `${role} (${how})`))),
      'graph',
    ),
  ];
}

async function systemFacts({ world }: Engine, { opened }: Run): Promise<Evidence[]> {
  const { system, identity } = opened;
  const access = await world.accessControl[system.type]?.access(system.id, identity.id);
  if (!access) return [];
  const roles = [
    ...heldNow(access).map(({ roleName }) => roleName),
    ...access.eligible.map(({ roleName }) => `${roleName} (eligible)`),
  ];
  return [of('systemRoles', named(roles), system.type)];
}

/** Each once, with how often where it is more. */
function named(roles: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const role of roles) counts.set(role, (counts.get(role) ?? 0) + 1);
  return [...counts].map(([role, count]) => (count > 1 ? `${role} × ${count}` : role));
}

/** Room for each kind of change that the choices would make. */
async function budgetFacts(engine: Engine, run: Run): Promise<Evidence[]> {
  const wanted = new Map<string, { class: BudgetClass; system: string }>();
  for (const step of (run.plans ?? []).flatMap(actionsOf)) {
    const counted = countedAs(step);
    if (counted === null || step.calls.length === 0) continue;
    const system = systemOf(engine, run, step);
    wanted.set(`${counted} ${system}`, { class: counted, system });
  }
  const now = engine.clock();
  const parts = await Promise.all(
    [...wanted.values()].map(async ({ class: counted, system }) => {
      const left = await engine.budgets.left({ class: counted, system, now, budget: await budgetNow(engine, counted) });
      return `${left} ${counted} in ${system === 'the directory' ? system : run.opened.system.name}`;
    }),
  );
  return parts.length === 0 ? [] : [of('budgetLeft', parts.join(', '), 'budget')];
}

function of(fact: string, value: Json, source: string): Evidence {
  return { fact, value, source };
}
