import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '../../cli/http.ts';
import type { Row } from '../../cli/shapes.ts';
import { listRuns } from './api.ts';

/** A run that moves by itself; the others wait for a person or have ended. */
function moves({ state }: Row): boolean {
  return state === 'working' || state === 'resting';
}

/** Waits until at least `count` runs exist and `settled` says of every one that it is where it should be. Bounded. */
export async function waitForRuns(
  to: Connection,
  count: number,
  settled: (row: Row) => boolean = (row) => !moves(row),
  limitMs = 45_000,
): Promise<readonly Row[]> {
  const giveUp = Date.now() + limitMs;
  for (;;) {
    const rows = await listRuns(to);
    if (rows.length >= count && rows.every(settled)) return rows;
    if (Date.now() > giveUp)
      throw new Error(
        `the runs did not come to rest: ${rows
          .filter((row) => !settled(row))
          .map(described)
          .join('; ')}`,
      );
    await sleep(150);
  }
}

function described({ id, state, because }: Row): string {
  return `${id} ${state} (${because})`;
}
