import { heldNow } from '../domain/access.ts';
import { type GuardFacts, type Refusal, refusals } from '../domain/guard.ts';
import type { Privilege } from '../domain/identity.ts';
import { actionsOf, type PlannedAction } from '../domain/plan.ts';
import type { Run } from '../domain/run.ts';
import type { AccessControl } from '../ports.ts';
import type { Deciding } from './engine.ts';
import type { Journal } from './journal.ts';
import { actionNamed } from './plan.ts';

/** Puts every plan before the guards and records which are allowed, and why the others are not. */
export async function guard(engine: Deciding, journal: Journal): Promise<void> {
  const run = journal.run();
  const facts = await guardFacts(engine, run);
  const choices = (run.plans ?? []).map(({ choice, digest, steps }) => ({
    choice,
    digest,
    refusals: [...refusalsOf(engine, facts, actionsOf({ steps }))],
  }));
  await journal.note('guarded', { choices });
  for (const { guard, action } of new Set(choices.flatMap((choice) => choice.refusals)))
    engine.log.info({ run: run.id, guard, action }, 'refused');
}

/** Has this action anything a guard could refuse? Word changes nothing, and neither does an action without calls. */
export function canBeRefused({ risk, calls }: PlannedAction): boolean {
  return risk !== 'notify' && calls.length > 0;
}

/** Why these actions must not be taken now; an action with nothing to do has nothing to refuse. */
export function refusalsOf(engine: Deciding, facts: GuardFacts, actions: readonly PlannedAction[]): readonly Refusal[] {
  return actions.filter(canBeRefused).flatMap(({ action, risk }) => {
    const { changesAccount } = actionNamed(engine.actions, action);
    return refusals(facts, { action, risk, changesAccount });
  });
}

/** What the guards look at, read now. */
export async function guardFacts(engine: Deciding, run: Run): Promise<GuardFacts> {
  const { identity, system } = run.opened;
  const { directory, exclusions, accessControl } = engine.world;
  const [presence, approverIn, inDirectory, inSystem, exclusion] = await Promise.all([
    directory.presence(identity.id),
    directory.groupsAmong(identity.id, engine.safety.approverGroups),
    directory.privileges(identity.id),
    privilegesIn(accessControl[system.type], system.id, identity.id),
    exclusions.find(system.id, identity.id),
  ]);
  return {
    now: engine.clock(),
    run: run.id,
    presence,
    approver: approverIn.length > 0,
    privileges: [...inDirectory, ...inSystem],
    exclusion,
    safety: engine.safety,
  };
}

/** Roles over others in the system itself, held or eligible. */
async function privilegesIn(
  control: AccessControl | undefined,
  system: string,
  identity: string,
): Promise<readonly Privilege[]> {
  if (!control) return [];
  const access = await control.access(system, identity);
  const through = (principalId: string) => (principalId === identity ? 'direct' : `group ${principalId}`);
  const roles = (held: Privilege['held'], list: typeof access.direct): readonly Privilege[] =>
    list
      .filter(({ grantsAccess }) => grantsAccess)
      .map(({ roleName, scope, principalId }) => ({ role: roleName, scope, held, through: through(principalId) }));
  return [...roles('active', heldNow(access)), ...roles('eligible', access.eligible)];
}
