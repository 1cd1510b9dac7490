import type { Backlog, BacklogItem, BacklogReader, Walk } from '../../ports-custody.ts';
import { rowKeyOf } from '../keys.ts';

/** A backlog that lasts as long as the process. */
export function memoryBacklog(): Backlog {
  const lists: Readonly<Record<BacklogReader, Map<string, BacklogItem>>> = { trail: new Map(), seals: new Map() };
  const sealed = new Map<string, number>();
  const walks = new Map<Walk, string>();
  let noted = 0;
  return {
    add: async (item) => {
      for (const list of Object.values(lists)) list.set(nameOf(item), { ...item });
    },
    open: async (reader, limit) =>
      [...lists[reader]]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .slice(0, limit)
        .map(([, item]) => item),
    done: async (reader, items) => {
      for (const item of items) lists[reader].delete(nameOf(item));
    },
    sealedUpTo: async (journal) => sealed.get(journal) ?? 0,
    sealNoted: async () => noted,
    noteSeal: async (number, leaves) => {
      for (const { journal, sequence } of leaves) sealed.set(journal, sequence);
      noted = number;
    },
    walkedTo: async (walk) => walks.get(walk) ?? null,
    setWalkedTo: async (walk, journal) => {
      if (journal === null) walks.delete(walk);
      else walks.set(walk, journal);
    },
  };
}

function nameOf({ journal, sequence }: BacklogItem): string {
  return `${journal}|${rowKeyOf(sequence)}`;
}
