import { type Control, type ControlScope, controlEntryOf, controlJournal } from '../domain/control.ts';
import { Fault, toFault } from '../domain/fault.ts';
import { type JsonObject, toJson } from '../domain/json.ts';
import { firstBreak } from '../domain/ledger.ts';
import { checkRight } from '../domain/right.ts';
import type { Caller } from '../ports.ts';
import type { Engine } from './engine.ts';
import { quell } from './journal.ts';

/** What a person wants stopped, or going again. */
export interface Wanted {
  readonly scope: ControlScope;
  readonly name: string | null;
  readonly stopped: boolean;
  readonly reason: string;
}

export interface ControlChange {
  readonly changed: boolean;
  readonly note: string | null;
}

/**
 * Stops or releases. A stop is in force before it is recorded, a release is recorded before it takes effect: whatever
 * fails between the two, the safe side is the one that holds, and asking again does the rest.
 * @throws Fault `refuse` for who may not, `reject` for what does not exist, `conflict` where somebody set it anew meanwhile
 * @returns whether anything changed (releasing what is not stopped is quiet), and what the person should know
 */
export async function setControl(engine: Engine, wanted: Wanted, caller: Caller): Promise<ControlChange> {
  checkRight(caller, wanted.stopped ? 'stop' : 'release');
  checkName(engine, wanted);
  const changed = await (wanted.stopped ? stop : release)(engine, wanted, caller);
  engine.log.warn({ ...wanted, by: caller.id, changed }, wanted.stopped ? 'stopped' : 'released');
  return { changed, note: noteOn(engine, wanted) };
}

/** A playbook that is not deployed can be stopped, since its runs may go on; but it may be a slip of the pen as well. */
function noteOn(engine: Engine, { scope, name }: Wanted): string | null {
  if (scope !== 'playbook') return null;
  try {
    if (engine.playbooks().some((playbook) => playbook.name === name)) return null;
    return `no playbook ${name} is deployed: only runs that were opened with it are meant`;
  } catch {
    return 'the deployed playbooks are not valid, so nobody can say whether this is one of them';
  }
}

async function stop(engine: Engine, { scope, name, reason }: Wanted, caller: Caller): Promise<boolean> {
  const at = engine.clock();
  const control: Control = { kind: 'stop', scope, name, by: caller.id, byName: caller.name, at, reason };
  await engine.controls.put(control);
  await record(engine, 'control-set', { control }, `person:${caller.id}`);
  return true;
}

async function release(engine: Engine, { scope, name, reason }: Wanted, caller: Caller): Promise<boolean> {
  const standing = (await engine.controls.list()).filter((one) => one.scope === scope && one.name === name);
  if (standing.length === 0) return false;
  const data = { byName: caller.name, reason, controls: standing };
  await record(engine, 'controls-released', data, `person:${caller.id}`);
  for (const control of standing) await engine.controls.remove(control);
  return true;
}

/** An action that does not exist is a slip of the pen, and nothing would be stopped. */
function checkName({ actions }: Engine, { scope, name }: Wanted): void {
  if ((scope === 'all') !== (name === null))
    throw new Fault('reject', 'wrong-request', 'name: belongs to a playbook or an action, and only to those.');
  if (scope === 'action' && name !== null && !actions.has(name))
    throw new Fault(
      'reject',
      'unknown-action',
      `There is no action ${name}; there are ${[...actions.keys()].join(', ')}.`,
    );
}

/** Quarantines a playbook that wanted more than a budget has; only a person releases it. Quiet where it is quarantined already. */
export async function quarantine(engine: Engine, playbook: string, reason: string): Promise<Control> {
  const standing = (await controlsNow(engine)).find(({ kind, name }) => kind === 'quarantine' && name === playbook);
  if (standing) return standing;
  const at = engine.clock();
  const control: Control = {
    kind: 'quarantine',
    scope: 'playbook',
    name: playbook,
    by: quell,
    byName: 'Quell',
    at,
    reason,
  };
  await record(engine, 'control-set', { control }, quell);
  await engine.controls.put(control);
  engine.log.error({ playbook, reason }, 'playbook quarantined');
  return control;
}

/** Everything stopped, read now. @throws Fault `retry` where that cannot be read: then nothing is done, and nothing ends */
export async function controlsNow({ controls }: Pick<Engine, 'controls'>): Promise<readonly Control[]> {
  try {
    return await controls.list();
  } catch (cause) {
    const message = 'Whether this is stopped cannot be read, so nothing is done.';
    throw new Fault('retry', 'controls-unreadable', message, { retryAfterMs: 60_000, cause });
  }
}

/** What is stopped now, and every change there was. */
export async function readControls(engine: Engine): Promise<JsonObject> {
  const [controls, entries] = await Promise.all([engine.controls.list(), engine.ledger.read(controlJournal)]);
  for (const entry of entries) controlEntryOf(entry);
  return toJson({ controls, entries, break: firstBreak(entries) });
}

/** How often a change is written down again where somebody else was faster. */
const attempts = 10;

async function record(engine: Engine, type: 'control-set' | 'controls-released', data: object, actor: string) {
  for (let attempt = 1; ; attempt += 1) {
    const previous = (await engine.ledger.read(controlJournal)).at(-1) ?? null;
    try {
      await engine.ledger.append(controlJournal, previous, { time: engine.clock(), type, actor, data: toJson(data) });
      return;
    } catch (error) {
      if (toFault(error).disposition !== 'conflict' || attempt === attempts) throw error;
    }
  }
}
