import type { ListedRun, ListPlace, OpenItem } from '../../ports.ts';
import type { RebuildableIndex } from '../../ports-custody.ts';
import { instantOf, keyOf } from '../keys.ts';
import { dueAgain, sameItem, whole, yieldsTo } from '../open-item.ts';

/** An index that lasts as long as the process. */
export function memoryIndex(): RebuildableIndex {
  const open = new Map<string, OpenItem>();
  const listed = new Map<string, ListedRun>();
  const note = (item: OpenItem) => {
    const standing = open.get(keyOf(item.journal));
    if (standing && !yieldsTo(standing, item)) return;
    open.set(keyOf(item.journal), whole(item));
  };
  return {
    open: async (item) => note(item),
    looked: async (found, due) => {
      const [standing, next] = [open.get(keyOf(found.journal)), dueAgain(found, due)];
      if (standing && sameItem(standing, found)) open.set(keyOf(found.journal), next);
    },
    close: async (journal, knows) => {
      const standing = open.get(keyOf(journal));
      if (standing && yieldsTo(standing, { knows })) open.delete(keyOf(journal));
    },
    due: async (now, limit) => {
      const time = instantOf(now);
      return [...open.values()]
        .filter((item) => item.due <= time)
        .sort((one, other) => order(one.due, other.due) || order(one.journal, other.journal))
        .slice(0, limit);
    },
    list: async (run, { open: item, close } = {}) => {
      for (const part of [run.run, run.identity]) keyOf(part);
      listed.set(run.run, { ...run, receivedAt: instantOf(run.receivedAt) });
      if (item) note(item);
      if (close !== undefined) open.delete(keyOf(close));
    },
    runs: async ({ identity, from, before, after, limit }) => {
      const [first, last] = [from && instantOf(from), before && instantOf(before)];
      return [...listed.values()]
        .filter((run) => (identity ?? run.identity) === run.identity)
        .filter(({ receivedAt }) => (first ?? receivedAt) <= receivedAt && (!last || receivedAt < last))
        .filter((run) => !after || newestFirst(after, run) < 0)
        .sort(newestFirst)
        .slice(0, limit);
    },
    clear: async (limit) => {
      const gone = [...listed.keys()].slice(0, limit);
      for (const run of gone) listed.delete(run);
      return gone.length;
    },
  };
}

function newestFirst(one: ListPlace, other: ListPlace): number {
  return order(instantOf(other.receivedAt), instantOf(one.receivedAt)) || order(keyOf(one.run), keyOf(other.run));
}

function order(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
