import { later } from '../domain/duration.ts';
import type { Engine } from './engine.ts';

/** How many are looked at per tick; the rest keeps its due time and comes next. */
const perTick = 200;

/**
 * Finds open alerts and runs whose time has come: long waits, questions that expired, and whatever lost its message.
 * Leaves a new hint for each, and nothing else.
 * @returns how many hints were left
 */
export async function tick(engine: Engine): Promise<number> {
  const now = engine.clock();
  const due = await engine.index.due(now, perTick);
  for (const item of due) {
    const hint = { reason: `due ${now}` };
    if (item.kind === 'alert') await engine.bus.alert(item.journal, hint);
    else await engine.bus.run(item.journal, item.session, hint);
    await engine.index.looked(item, later(now, engine.limits.hintGraceMs));
  }
  // One line a tick, whatever there is: that none came is an alarm of its own.
  const oldestDueMs = due[0] ? Date.parse(now) - Date.parse(due[0].due) : 0;
  engine.log.info({ due: due.length, oldestDueMs }, 'tick');
  return due.length;
}
