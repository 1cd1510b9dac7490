import type { Entry } from '../../shared/domain/ledger.ts';
import type { Engine } from '../../shared/engine/engine.ts';
import type { AccessControl, Directory } from '../../shared/ports.ts';
import type { Stack } from '../support/engine.ts';
import type { Fiber } from './fiber.ts';
import { type Look, type Record, stir, type When } from './record.ts';

/** Who is calling just now: set before a call is made, read when it begins. */
export interface Caller {
  fiber: Fiber | null;
  dispatched: number;
  /** Counts everything that happens. */
  order: number;
}

/** The ports of the stack, each noting what happened and who did it; below the fault points, so that only what took effect is noted. */
export function recording(stack: Stack, record: Record, caller: Caller): Engine {
  const when = (): When => {
    caller.order += 1;
    const { fiber, order } = caller;
    return { order, at: stack.clock.ms(), fiber: fiber?.id ?? 0, skewMs: fiber?.skewMs ?? 0 };
  };
  const look = (at: When, seen: Look) => void record.looks.push({ ...at, look: seen });
  const { engine, far } = stack;
  const written = new Set<string>();
  const writes = (at: When, entry: Entry) => {
    // Written once more by whoever lost the answer, or by another with the very same words: it is there once.
    if (written.has(entry.hash)) return;
    written.add(entry.hash);
    record.entries.push({ ...at, entry });
    stir(record, entry.hash);
  };
  far.onSent = ({ call, key, changed }) => {
    const worker = caller.fiber?.process.name ?? '';
    record.sends.push({ ...when(), call, key, changed, worker, dispatched: caller.dispatched });
  };
  return {
    ...engine,
    ledger: {
      read: engine.ledger.read,
      append: async (journal, previous, body) => {
        const at = when();
        const entry = await engine.ledger.append(journal, previous, body);
        writes(at, entry);
        return entry;
      },
      appendAll: async (journal, previous, bodies) => {
        const at = bodies.map(when);
        const entries = await engine.ledger.appendAll(journal, previous, bodies);
        for (const [index, entry] of entries.entries()) writes(at[index] ?? when(), entry);
        return entries;
      },
    },
    controls: {
      ...engine.controls,
      list: async () => {
        const at = when();
        const controls = await engine.controls.list();
        look(at, { of: 'controls', controls });
        return controls;
      },
    },
    budgets: {
      ...engine.budgets,
      reserve: async (request) => {
        const at = when();
        const reserved = await engine.budgets.reserve(request);
        const account = `${request.class} ${request.system}`;
        look(at, { of: 'budget', key: request.key, account, granted: reserved.granted });
        return reserved;
      },
    },
    world: {
      ...engine.world,
      directory: seenDirectory(engine.world.directory, when, look),
      accessControl: Object.fromEntries(
        Object.entries(engine.world.accessControl).map(([type, control]) => [type, seenAccess(control, when, look)]),
      ),
      exclusions: {
        ...engine.world.exclusions,
        find: async (system, identity) => {
          const at = when();
          const exclusion = await engine.world.exclusions.find(system, identity);
          look(at, { of: 'exclusion', id: identity, exclusion });
          return exclusion;
        },
      },
    },
  };
}

type Noting = (at: When, look: Look) => void;

function seenDirectory(directory: Directory, when: () => When, look: Noting): Directory {
  return {
    ...directory,
    presence: async (id) => {
      const at = when();
      const presence = await directory.presence(id);
      look(at, { of: 'presence', id, presence });
      return presence;
    },
    groupsAmong: async (person, groups) => {
      const at = when();
      const among = await directory.groupsAmong(person, groups);
      look(at, { of: 'groups', person, among });
      return among;
    },
    privileges: async (id) => {
      const at = when();
      const privileges = await directory.privileges(id);
      look(at, { of: 'privileges', id, privileges });
      return privileges;
    },
  };
}

function seenAccess(control: AccessControl, when: () => When, look: Noting): AccessControl {
  return {
    ...control,
    access: async (system, id) => {
      const at = when();
      const access = await control.access(system, id);
      look(at, { of: 'access', id, access });
      return access;
    },
  };
}
