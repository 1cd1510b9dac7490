import type { Index, ListedRun, OpenItem } from '../../ports.ts';
import { instantOf, keyOf } from '../keys.ts';

/** An index that lasts as long as the process. */
export function memoryIndex(): Index {
  const open = new Map<string, OpenItem>();
  const listed = new Map<string, ListedRun>();
  return {
    open: async (item) => {
      open.set(keyOf(item.journal), { ...item, due: instantOf(item.due) });
    },
    close: async (journal) => {
      open.delete(keyOf(journal));
    },
    due: async (now, limit) => {
      const time = instantOf(now);
      return [...open.values()]
        .filter((item) => item.due <= time)
        .sort((one, other) => order(one.due, other.due) || order(one.journal, other.journal))
        .slice(0, limit);
    },
    list: async (run) => {
      for (const part of [run.run, run.identity, run.alert]) keyOf(part);
      listed.set(run.run, { ...run, openedAt: instantOf(run.openedAt) });
    },
    runs: async ({ identity, alert, limit }) =>
      [...listed.values()]
        .filter((run) => (identity ?? run.identity) === run.identity && (alert ?? run.alert) === run.alert)
        .sort((one, other) => order(other.openedAt, one.openedAt) || order(one.run, other.run))
        .slice(0, limit),
  };
}

function order(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
