import { Fault } from '../domain/fault.ts';
import type { ClaimName, Proof } from '../domain/proof.ts';
import { proveInactive, proveSuper } from '../domain/proof.ts';
import type { Opened } from '../domain/run-entry.ts';
import type { Clock, World } from '../ports.ts';
import type { Journal } from './journal.ts';

interface Parts {
  readonly world: World;
  readonly clock: Clock;
}

type About = Pick<Opened, 'identity' | 'system' | 'playbook'>;

/** How each claim is checked against the authorization system. */
const proofs: Readonly<Record<ClaimName, (parts: Parts, about: About) => Promise<Proof>>> = {
  inactive: async ({ world, clock }, { identity, playbook }) =>
    proveInactive(await world.directory.presence(identity.id), playbook.proof, clock()),
  super: async ({ world, clock }, { identity, system }) => {
    const control = world.accessControl[system.type];
    if (!control) throw new Fault('halt', 'no-access-control', `Nothing is connected that knows ${system.type}.`);
    return proveSuper(await control.access(system.id, identity.id), systemScope(system), clock());
  },
};

/** The claim of the run's playbook, checked now. */
export function observeProof(parts: Parts, about: About): Promise<Proof> {
  return proofs[about.playbook.proof.claim](parts, about);
}

/** Proves the claim and records it; `before` is the step it is repeated for, null for the first time. */
export async function prove(parts: Parts, journal: Journal, before: string | null): Promise<void> {
  await journal.note('proved', { proof: await observeProof(parts, journal.run().opened), step: before });
}

/** The scope that is the whole system. */
export function systemScope(system: Opened['system']): string {
  return system.type === 'azure' ? `/subscriptions/${system.id}` : `/${system.id}`;
}
