import { sha256 } from '../../shared/domain/digest.ts';
import type { Entry } from '../../shared/domain/ledger.ts';
import { type Run, runOf } from '../../shared/domain/run.ts';
import { setControl } from '../../shared/engine/control.ts';
import { decide } from '../../shared/engine/decide.ts';
import { ingest } from '../../shared/engine/ingest.ts';
import { redrive } from '../../shared/engine/redrive.ts';
import { undo } from '../../shared/engine/undo.ts';
import type { Caller } from '../../shared/ports.ts';
import { approver, notification, other, plainSource } from '../support/engine.ts';
import { userId } from '../support/world-state.ts';
import type { Random } from './random.ts';
import type { Simulation } from './simulation.ts';

/** Who asks: mostly who may, sometimes who may not. */
const callers: readonly Caller[] = [
  approver,
  approver,
  other,
  other,
  { id: userId(903), name: 'Eve', roles: ['Quell.Approver'] },
  { id: approver.id, name: 'Ada without her role', roles: ['Quell.Reader'] },
];

export const controller: Caller = { id: 'p-9', name: 'Cy', roles: ['Quell.Administrator', 'Quell.Responder'] };

/** Every run there is, as its journal stands. */
export function runsOf(entries: readonly { readonly entry: Entry }[]): Run[] {
  const journals = new Map<string, Entry[]>();
  for (const { entry } of entries)
    if (entry.journal.startsWith('run-')) journals.set(entry.journal, [...(journals.get(entry.journal) ?? []), entry]);
  return [...journals].map(([id, all]) =>
    runOf(
      id,
      all.sort((one, other) => one.sequence - other.sequence),
    ),
  );
}

/** A sender: notifies, and notifies again until somebody says that it was taken. */
export function send(simulation: Simulation, body: Parameters<typeof notification>[0], again: () => void): void {
  const received = notification(body);
  let told = false;
  simulation.start(
    'sender',
    async (engine) => {
      const receipt = await ingest(engine, plainSource, received);
      told = true;
      if (!receipt.accepted) return;
      simulation.record.accepted.push({ alert: receipt.alert, sha256: sha256(received.bytes) });
    },
    (error) => {
      if (error && !told) again();
    },
  );
}

/** A person looks at a question, thinks, and decides on what they saw: mostly well, sometimes on something old or wrong. */
export function person(
  simulation: Simulation,
  run: Run,
  random: Random,
  thinkMs = random.int(random.pick([1, 60_000, 3_600_000, 4 * 86_400_000])),
): void {
  const caller = random.pick(callers);
  const plan = random.pick(run.plans ?? []);
  const digests = [plan.digest, plan.digest, plan.digest, plan.digest, plan.digest, '0'.repeat(64)];
  const digest = random.pick(digests);
  const answer = random.chance(0.2)
    ? { choice: null, digest: null, reason: random.chance(0.8) ? 'is on leave' : null }
    : { choice: plan.choice, digest, reason: null };
  simulation.start(`person: ${caller.name} decides ${answer.choice} on ${run.id}`, async (engine) => {
    await engine.sleep(thinkMs);
    await decide(engine, run.id, answer, caller);
  });
}

/** Takes a run back; `end` hears what came of it, unless nobody answers any more. */
export function takeBack(simulation: Simulation, run: string, caller: Caller, end?: (error: unknown) => void): void {
  simulation.start(`person: ${caller.name} undoes ${run}`, (engine) => undo(engine, run, 'was wrong', caller), end);
}

/** Lets a run that failed go on, or an alert be answered again: mostly by who may, and mostly where there is something to it. */
export function redriveOne(simulation: Simulation, random: Random): void {
  const { entries } = simulation.record;
  const failed = runsOf(entries).filter(({ ended, undo }) => ended?.outcome === 'failed' && !undo);
  const others = entries.flatMap(({ entry: { journal } }) => (/^(run|alert)-/.test(journal) ? [journal] : []));
  const journals = failed.length > 0 && random.chance(0.8) ? failed.map(({ id }) => id) : others;
  if (journals.length === 0) return;
  const [journal, caller] = [random.pick(journals), random.chance(0.8) ? controller : anybody(random)];
  simulation.start(`person: ${caller.name} redrives ${journal}`, (engine) =>
    redrive(engine, { journal, reason: 'was mended', caller }),
  );
}

export function anybody(random: Random): Caller {
  return random.pick(callers);
}

/** Stops something, or lets it go again. */
export function control(simulation: Simulation, random: Random, stopped: boolean): void {
  const [scope, name] = random.pick<readonly ['all' | 'playbook' | 'action', string | null]>([
    ['all', null],
    ['all', null],
    ['playbook', 'inactive-user-delete'],
    ['action', 'disable-user'],
    ['action', 'delete-user'],
  ]);
  const wanted = { scope, name, stopped, reason: 'wrong people' };
  simulation.start(`${stopped ? 'stops' : 'releases'} ${name ?? 'everything'}`, (engine) =>
    setControl(engine, wanted, controller),
  );
}

/** Lets everything go again that is stopped or quarantined. */
export async function releaseAll(simulation: Simulation): Promise<number> {
  const standing = await simulation.stack.engine.controls.list();
  for (const { scope, name } of standing)
    simulation.start('releases', (engine) =>
      setControl(engine, { scope, name, stopped: false, reason: 'all is well' }, controller),
    );
  return standing.length;
}
