import type { State } from '../../local/tenant/model.ts';
import { GROUPS, PEOPLE, SUBSCRIPTION_A } from '../../local/tenant/seed.ts';
import { memoryExclusions } from '../../shared/adapters/memory/exclusions.ts';
import type { Nomination } from '../../shared/domain/alert.ts';
import { alertEntryOf } from '../../shared/domain/alert-entry.ts';
import type { Exclusion } from '../../shared/domain/exclusion.ts';
import { Fault } from '../../shared/domain/fault.ts';
import type { Safety } from '../../shared/domain/guard.ts';
import type { Step } from '../../shared/domain/playbook.ts';
import type { Engine } from '../../shared/engine/engine.ts';
import { azureAccessControl } from '../../shared/systems/azure/access-control.ts';
import { entraDirectory } from '../../shared/systems/entra/directory.ts';
import { claims, playbook, quiet, raise, runs, stackOf } from './engine.ts';
import type { Systems } from './systems.ts';

/** What has to stop an attempt: a guard, the proof, that nobody is found, or that something cannot be read. */
export type Expected =
  | { readonly guard: string }
  | { readonly proof: 'false' | 'unknown' }
  | { readonly left: string }
  | { readonly fault: 'halt' | 'retry' | 'reject' };

/** An attempt to have somebody acted on who must not be. Where nothing else is said: Ada, by object id, to be disabled. */
export interface Attempt {
  readonly what: string;
  readonly stoppedBy: Expected;
  readonly names?: readonly Partial<Nomination>[];
  /** Changes the tenant first. */
  readonly tenant?: (state: State) => void;
  readonly safety?: Partial<Safety>;
  readonly exclusion?: Partial<Exclusion>;
  readonly steps?: readonly Step[];
  /** What the far side answers to every request whose path looks so. */
  readonly broken?: { readonly path: string; readonly status?: number; readonly drop?: boolean };
  /** Replaces a port. */
  readonly engine?: (engine: Engine) => Partial<Engine>;
}

export const disable: Step = { action: 'disable-user', with: {} };
export const remove: Step = { action: 'delete-user', with: {} };
export const target = PEOPLE.adaQuiet;

/** How an attempt ended: what was changed, and everything that was said about it. */
export interface Ended {
  readonly changes: readonly string[];
  readonly outcome: string | null;
  readonly said: string;
  readonly fault: Fault | null;
}

/** Makes an attempt, with the real clients against the stand-in tenant and a playbook that may act without asking. */
export async function make(systems: Systems, attempt: Attempt): Promise<Ended> {
  await systems.reset();
  if (attempt.tenant) systems.tenant.change(attempt.tenant);
  const stack = stackOf([playbookOf(attempt)]);
  stack.clock.moveTo(new Date().toISOString());
  const engine = await engineOf(systems, stack.engine, attempt);
  const nominations = (attempt.names ?? [{}]).map(
    (one): Nomination => ({ kind: 'user', by: 'id', value: target, ...one }),
  );
  await raise(
    engine,
    claims({ system: { type: 'azure', id: SUBSCRIPTION_A }, nominations, occurredAt: stack.clock.now() }),
  );
  if (attempt.broken) await systems.fault({ ...faultOn(attempt.broken) });
  const fault = await faultIn(quiet(stack, engine));
  const changes = systems.tenant.mutations().map(({ method, path }) => `${method} ${path}`);
  const [run] = await runs(stack);
  return {
    changes,
    fault,
    outcome: run?.ended?.outcome ?? null,
    said: `${run?.ended?.reason ?? ''} ${await left(stack)}`,
  };
}

function playbookOf({ steps = [disable] }: Attempt) {
  const choices = { only: { label: 'Only', steps: [...steps] } };
  return playbook('inactive-user-delete', { mode: 'enforce', when: null, choices });
}

async function engineOf(
  systems: Systems,
  engine: Engine,
  { safety, exclusion, engine: differs }: Attempt,
): Promise<Engine> {
  const exclusions = memoryExclusions();
  const { graph, azure, effects } = systems;
  const { clock } = engine;
  if (exclusion)
    await exclusions.put({
      ...{ system: SUBSCRIPTION_A, identity: target, reason: 'on leave', run: 'another' },
      ...{ expiresAt: new Date(Date.parse(clock()) + 86_400_000).toISOString(), ...exclusion },
    });
  const world = {
    directory: entraDirectory(graph, clock),
    accessControl: { azure: azureAccessControl(azure, clock) },
    exclusions,
  };
  const whole: Engine = { ...engine, world, effects, safety: { ...tenantSafety, ...safety } };
  return { ...whole, ...differs?.(whole) };
}

const tenantSafety: Safety = {
  breakGlass: [PEOPLE.breakGlassNever, PEOPLE.breakGlassRare],
  approverGroups: [GROUPS.approvers],
  ourselves: [],
};

const faultOn = ({ path, status = 503, drop = false }: NonNullable<Attempt['broken']>) => ({
  match: { path },
  status,
  drop,
  times: 1_000,
});

async function faultIn(work: Promise<void>): Promise<Fault | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}

/** Whom the alert named and nobody was found for, and why. */
async function left({ engine, journals }: ReturnType<typeof stackOf>): Promise<string> {
  const alert = [...journals].find((one) => one.startsWith('alert-'));
  const entries = alert ? (await engine.ledger.read(alert)).map(alertEntryOf) : [];
  return entries
    .flatMap((entry) => (entry.type === 'alert-answered' ? entry.data.left.map(({ reason }) => reason) : []))
    .join('; ');
}
