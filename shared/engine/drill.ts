import { type Alert, alertOf } from '../domain/alert.ts';
import { digestOf } from '../domain/digest.ts';
import { later } from '../domain/duration.ts';
import { Fault } from '../domain/fault.ts';
import { identityOf } from '../domain/identity.ts';
import { toJson } from '../domain/json.ts';
import type { Playbook } from '../domain/playbook.ts';
import { checkRight } from '../domain/right.ts';
import type { Caller } from '../ports.ts';
import type { Engine } from './engine.ts';
import { quell } from './journal.ts';
import { openedFor } from './opening.ts';

/** On whom undoing is rehearsed: an account that is nobody's, inactive as any real case, with a role in a subscription. */
export interface DrillSettings {
  /** Object id. */
  readonly identity: string;
  /** Subscription id. */
  readonly system: string;
}

const said: Omit<Playbook, 'digest'> = {
  name: 'undo-drill',
  version: 1,
  description: 'Rehearses on a canary identity that what Quell does can be taken back.',
  priority: 0,
  on: { rules: ['undo-drill'], systems: ['azure'] },
  when: null,
  proof: { claim: 'inactive', days: 30 },
  mode: 'enforce',
  expires: 'PT1H',
  people: 1,
  editors: [],
  choices: {
    rehearse: {
      label: 'Disable, mark and make read-only',
      steps: [
        { action: 'disable-user', with: {} },
        { action: 'exclude-from-reports', with: { expires: 'P1D', reason: 'an undo drill' } },
        { action: 'assign-read-only', with: {} },
      ],
    },
  },
};
const playbook: Playbook = { ...said, digest: digestOf(toJson(said)) };

/**
 * Begins a drill: a run like any other, with proof, guards, budgets and controls, on the identity that the settings name and
 * on nobody else. Taking it back is asked for as for any run.
 * @returns the run
 * @throws Fault `refuse` for who may not, `reject` where no identity is set or it is not there
 */
export async function beginDrill(engine: Engine, settings: DrillSettings | null, caller: Caller): Promise<string> {
  checkRight(caller, 'undo');
  if (!settings)
    throw new Fault('reject', 'no-drill', 'There is nobody to rehearse on: set DRILL_IDENTITY and DRILL_SYSTEM.');
  const presence = await engine.world.directory.presence(settings.identity);
  const system = (await engine.world.accessControl.azure?.system(settings.system)) ?? null;
  if (presence.state !== 'live' || !system)
    throw new Fault('reject', 'no-drill', 'DRILL_IDENTITY is not in the directory, or DRILL_SYSTEM cannot be seen.');
  const alert = await raised(engine, settings, caller);
  const mode = { mode: 'enforce', modeNote: `a drill that ${caller.name} asked for` } as const;
  const matched = { playbook, considered: [] };
  const identity = identityOf(presence.user);
  const { id, opened } = openedFor(engine, { alert, system, matched, mode, earlier: [] }, identity);
  const time = engine.clock();
  await engine.index.list(
    { run: id, alert: alert.id, identity: identity.id, receivedAt: alert.receivedAt },
    { open: { journal: id, kind: 'run', session: identity.id, due: later(time, engine.limits.hintGraceMs) } },
  );
  const { earlier: _canary, ...alone } = opened;
  await engine.ledger.append(id, null, { time, type: 'run-opened', actor: quell, data: toJson(alone) });
  await answered(engine, alert, { run: id, identity });
  await engine.bus.run(id, identity.id, { reason: 'opened' });
  engine.log.info({ run: id, by: caller.id }, 'drill begun');
  return id;
}

/** A drill has an alert too, so that the ledger says who asked for it. */
async function raised(engine: Engine, { identity, system }: DrillSettings, caller: Caller): Promise<Alert> {
  const receivedAt = engine.clock();
  const claims = {
    rule: 'undo-drill',
    ruleName: 'Undo drill',
    title: 'A drill: can it be taken back?',
    system: { type: 'azure', id: system } as const,
    nominations: [{ kind: 'user', by: 'id', value: identity } as const],
    identityCount: 1,
    occurredAt: receivedAt,
    dedupeKey: receivedAt,
  };
  const raw = await engine.vault.put(new TextEncoder().encode(JSON.stringify(claims)), 'application/json');
  const sender = `person:${caller.id}`;
  const alert = alertOf(claims, { source: 'drill', sender, receivedAt, raw });
  await engine.ledger.append(alert.id, null, {
    time: receivedAt,
    type: 'alert-received',
    actor: sender,
    data: toJson({ alert }),
  });
  return alert;
}

async function answered(engine: Engine, alert: Alert, run: { run: string; identity: object }): Promise<void> {
  const entries = await engine.ledger.read(alert.id);
  const summary = 'a drill: undo-drill answers with one run';
  const data = toJson({ playbook: playbook.name, considered: [], runs: [run], left: [], summary });
  const body = { time: engine.clock(), type: 'alert-answered', actor: quell, data };
  await engine.ledger.append(alert.id, entries.at(-1) ?? null, body);
}
