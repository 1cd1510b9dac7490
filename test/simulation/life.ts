import type { Mode } from '../../shared/domain/mode.ts';
import type { Run } from '../../shared/domain/run.ts';
import { decide } from '../../shared/engine/decide.ts';
import { approver, claims, digestOf, other, stackOf } from '../support/engine.ts';
import { outlineOf } from '../support/world-outline.ts';
import { assigned, pathOf, userId } from '../support/world-state.ts';
import { settle } from './driver.ts';
import { calmWeather } from './fates.ts';
import { type Effect, isPersons, type Policy } from './fiber.ts';
import { type Violation, violationsOf } from './invariants.ts';
import { runsOf, send, takeBack } from './people.ts';
import { randomOf } from './random.ts';
import { recordOf } from './record.ts';
import { owner, type Scene, shipped } from './scene.ts';
import { Simulation } from './simulation.ts';

/** One life of a run, from the notification to its end, with every decision made beforehand. */
export interface Life {
  readonly playbook: string;
  readonly mode: Mode;
  /** What the person picks, where somebody is asked. */
  readonly answer: { readonly choice: string } | 'reject' | 'expire';
  /** When it is taken back: never, while it waits, or when it has ended. */
  readonly undo: 'never' | 'waiting' | 'ended';
}

/** Where a process is killed: at its n-th call of a port, and what became of that call. */
export type Crashes = ReadonlyMap<number, Effect>;

export interface Lived {
  readonly violations: readonly Violation[];
  /** Names of the port calls, in order. */
  readonly points: readonly string[];
  readonly crashes: number;
  /** What is there in the end, without times. */
  readonly outline: string;
}

/** Every life there is with the shipped playbooks: three modes, every choice, reject, expire, and taking back. */
export function lives(): Life[] {
  return shipped.flatMap(({ name, choices }) => {
    const answers = [...Object.keys(choices).map((choice) => ({ choice })), 'reject', 'expire'] as const;
    const asked = answers.flatMap((answer) => endings(name, answer));
    const alone = Object.keys(choices).length === 1;
    const acts = alone ? endings(name, answers[0]) : asked;
    return [
      { playbook: name, mode: 'observe', answer: 'expire', undo: 'never' } as const,
      ...asked.map((life) => ({ ...life, mode: 'approve' }) as const),
      ...acts.map((life) => ({ ...life, mode: 'enforce' }) as const),
    ];
  });
}

type Ending = Omit<Life, 'mode'>;

function endings(playbook: string, answer: Life['answer'] = 'expire'): Ending[] {
  const life = { playbook, answer };
  if (typeof answer === 'string') return [{ ...life, undo: 'never' }];
  const waits = shipped.some(
    ({ name, choices }) => name === playbook && choices[answer.choice]?.steps.some((step) => 'wait' in step),
  );
  return [
    { ...life, undo: 'never' },
    { ...life, undo: 'ended' },
    ...(waits ? [{ ...life, undo: 'waiting' } as const] : []),
  ];
}

export function lifeInWords({ playbook, mode, answer, undo }: Life): string {
  const answered = typeof answer === 'string' ? answer : answer.choice;
  return `${playbook} ${mode} ${answered}${undo === 'never' ? '' : `, taken back when ${undo}`}`;
}

/** How many steps the longest choice of the playbook has. */
export function stepsOf({ playbook, answer }: Life): number {
  const choices = shipped.find(({ name }) => name === playbook)?.choices ?? {};
  if (typeof answer !== 'string') return choices[answer.choice]?.steps.length ?? 0;
  return Math.max(...Object.values(choices).map(({ steps }) => steps.length));
}

/** Lives it. Messages of the dead come again, or are lost where `lost`. */
export async function live(life: Life, crashes: Crashes, lost: boolean): Promise<Lived> {
  const scene = sceneFor(life);
  const record = recordOf(false);
  const random = randomOf(1);
  const points: string[] = [];
  const policy: Policy = {
    pick: ([first]) => {
      if (!first) throw new RangeError('nothing to pick');
      return first;
    },
    fate: ({ point }) => {
      points.push(point);
      const effect = crashes.get(points.length);
      return effect === undefined ? { fate: 'through' } : { fate: 'die', effect };
    },
    skewMs: () => 0,
    keeps: () => !lost,
  };
  const simulation = new Simulation(scene.stack, policy, { record, random, processes: 2, limits: scene.limits });
  const notify = () => scene.alerts.forEach((alert) => void send(simulation, alert, notify));
  notify();
  const told = new Set<string>();
  const quiet = await settle(simulation, () => {
    if (record.accepted.length === 0 && simulation.fibers.length === 0) {
      notify();
      return true;
    }
    if (simulation.fibers.some(isPersons)) return false;
    return runsOf(record.entries).some((run) => actOn(simulation, life, run, told));
  });
  const written = { entries: record.entries.length, sends: record.sends.length };
  const runs = runsOf(record.entries);
  const ended = {
    calmFrom: 0,
    quiet,
    again: { entries: record.entries.length - written.entries, sends: record.sends.length - written.sends },
  };
  const violations = await violationsOf({ simulation, scene, weather: calmWeather, record, runs, ended });
  return { violations, points, crashes: record.crashes, outline: outline(scene, runs) };
}

/** What the person does about the run now, where there is something to do. */
function actOn(simulation: Simulation, { answer, undo }: Life, run: Run, told: Set<string>): boolean {
  const now = simulation.stack.clock.now();
  const open = run.asked && !run.decision && !run.ended && !run.undo && now < run.asked.expiresAt;
  if (open && answer !== 'expire') {
    const decision =
      answer === 'reject'
        ? { choice: null, digest: null, reason: 'is on leave' }
        : { choice: answer.choice, digest: digestOf(run, answer.choice), reason: null };
    // Where two have to approve, the other one comes next.
    const who = run.approvals.some(({ by }) => by === approver.id) ? other : approver;
    simulation.start(`person: ${who.name} decides`, (engine) => decide(engine, run.id, decision, who));
    return true;
  }
  const waits = [...run.steps.values()].some(({ state }) => state === 'waiting');
  if (told.has(run.id) || run.undo || !(undo === 'ended' ? run.ended : undo === 'waiting' && waits)) return false;
  takeBack(simulation, run.id, approver, () => told.add(run.id));
  return true;
}

function sceneFor({ playbook, mode }: Life): Scene {
  const stack = stackOf(shipped, mode);
  const tells = playbook === 'super-user-notify';
  stack.far.change((state) => {
    state.tags = { environment: playbook === 'inactive-user-delete' ? 'sandbox' : 'production' };
    state.assignments = { [pathOf(assigned(userId(1)))]: assigned(userId(1)) };
    if (tells) state.assignments[pathOf(assigned(owner))] = assigned(userId(2), { roleName: 'Owner' });
  });
  const alert = tells ? claims({ rule: 'super-users', ruleName: 'Super Users', nominations: [] }) : claims();
  return { stack, limits: {}, alerts: [alert], before: structuredClone(stack.far.state) };
}

function outline({ stack }: Scene, runs: readonly Run[]): string {
  const ends = runs.map(({ ended, undo }) => `${ended?.outcome} ${undo?.ended?.outcome}`);
  return JSON.stringify([ends, outlineOf(stack)]);
}
