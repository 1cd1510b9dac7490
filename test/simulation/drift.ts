import type { Run } from '../../shared/domain/run.ts';
import { approver, other } from '../support/engine.ts';
import { approverGroup, assigned, pathOf, scope, userId, type WorldState } from '../support/world-state.ts';
import { runsOf } from './people.ts';
import type { Random } from './random.ts';
import type { Tracked } from './record.ts';
import type { Simulation } from './simulation.ts';

interface Change {
  readonly what: string;
  /** Of what an undo puts back, what nobody can expect to be as it was. */
  readonly touches: Tracked | null;
  readonly work: (state: WorldState, id: string, now: string) => void;
}

/** What others do to an identity while Quell is at it. */
const changes: readonly Change[] = [
  {
    what: 'signs in',
    touches: null,
    work: ({ live }, id, now) => {
      const user = live[id];
      if (user) user.signIns = { successful: now, interactive: now, nonInteractive: now };
    },
  },
  {
    what: 'gets another role',
    touches: 'assignments',
    work: ({ assignments }, id) => {
      const more = assigned(id, {
        name: `dddddddd-0000-4000-8000-${id.slice(-12)}`,
        scope: `${scope}/resourceGroups/new`,
      });
      assignments[pathOf(more)] = more;
    },
  },
  {
    what: 'is disabled or enabled by an administrator',
    touches: 'enabled',
    work: ({ live }, id) => {
      const user = live[id];
      if (user) user.enabled = !user.enabled;
    },
  },
  {
    what: 'becomes an administrator',
    touches: null,
    work: ({ privileges }, id) => {
      privileges[id] = [{ role: 'Global Administrator', scope: '/', held: 'active', through: 'direct' }];
    },
  },
  {
    what: 'is excluded by hand',
    touches: 'exclusions',
    work: ({ exclusions }, id) => {
      const system = scope.split('/')[2] ?? '';
      exclusions[`${system}/${id}`] = {
        system,
        identity: id,
        reason: 'by hand',
        expiresAt: '2027-01-01T00:00:00.000Z',
        run: 'by-hand',
      };
    },
  },
];

/** Somebody who approves leaves those who may, or comes back to them. */
function approverMoves(simulation: Simulation, random: Random): void {
  const { id, name } = random.pick([approver, other]);
  simulation.stack.far.change(({ groups }) => {
    const members = groups[approverGroup] ?? [];
    groups[approverGroup] = members.includes(id) ? members.filter((one) => one !== id) : [...members, id];
  });
  simulation.say(null, `${name} leaves the approvers, or comes back`);
}

/** Something changes behind the engine's back. */
export function drift(simulation: Simulation, random: Random): void {
  if (random.chance(0.15)) approverMoves(simulation, random);
  else identityMoves(simulation, random);
}

function identityMoves(simulation: Simulation, random: Random): void {
  change(simulation, userId(1 + random.int(3)), random.pick(changes));
}

function change(simulation: Simulation, identity: string, { what, touches, work }: Change): void {
  simulation.stack.far.change((state) => work(state, identity, simulation.stack.clock.now()));
  simulation.record.outside.push({ order: simulation.order(), identity, what, touches });
  simulation.say(null, `${identity} ${what}`);
}

/**
 * Somebody does again what has just been taken back, before the undo ends: it has to look for that. Or something changes
 * about a run that waits, having done its first stage. False where there is neither.
 */
export function meddle(simulation: Simulation, random: Random): boolean {
  const all = runsOf(simulation.record.entries);
  const undoing = all.filter(({ undo }) => undo && !undo.ended);
  if (undoing.length === 0) return meddleWithWait(simulation, random, all);
  const disabled: Change = {
    what: 'is disabled while it is taken back',
    touches: 'enabled',
    work: ({ live }, id) => {
      const user = live[id];
      if (user) user.enabled = false;
    },
  };
  change(simulation, random.pick(undoing).opened.identity.id, disabled);
  return true;
}

function meddleWithWait(simulation: Simulation, random: Random, all: readonly Run[]): boolean {
  const waiting = all.filter(
    ({ steps, ended, undo }) => !ended && !undo && [...steps.values()].some(({ state }) => state === 'waiting'),
  );
  if (waiting.length === 0) return false;
  if (random.chance(0.5)) approverMoves(simulation, random);
  else change(simulation, random.pick(waiting).opened.identity.id, random.pick(changes));
  return true;
}
