import { odata, type TableClient } from '@azure/data-tables';
import { z } from 'zod';
import { type Card, cardSchema } from '../../domain/card.ts';
import { Fault, toFault } from '../../domain/fault.ts';
import { noPace, type Pace, paced, paceSchema } from '../../domain/pace.ts';
import type { Sleep } from '../../ports.ts';
import type { Cards, Seen } from '../../ports-channels.ts';
import { instantOf, keyOf } from '../keys.ts';
import { firstUse } from './first-use.ts';
import { storageCall } from './storage-call.ts';
import { nullOn } from './storage-fault.ts';
import { checkedRow, rowsOf } from './table-rows.ts';

/*
 * A channel is a partition, a card a row; what was posted lately is a row of its own partition. A table has no null, so
 * what is null on a card is an empty text, and a due time that never comes is left out, so that no filter finds it.
 */
const noText = z.string().transform((text) => (text === '' ? null : text));
const rowSchema = z
  .object({
    ...cardSchema.shape,
    within: noText,
    at: noText,
    shown: noText,
    shownAt: noText,
    busyUntil: noText,
    due: noText.default(null),
  })
  .transform((row) => cardSchema.parse(row));
const pacePartition = 'pace';

/** Cards in a table; each is replaced only by whoever read it as it stands. */
export function azureCards(table: TableClient, sleep: Sleep): Cards {
  const ready = firstUse(() => storageCall('Creating the cards', (options) => table.createTable(options)));
  return {
    find: async (channel, subject) => {
      const [partitionKey, rowKey] = [keyOf(channel), keyOf(subject)];
      await ready();
      const row = await storageCall('Finding a card', (options) =>
        table.getEntity(partitionKey, rowKey, options).catch(nullOn('ResourceNotFound')),
      );
      return row ? { card: checkedRow(rowSchema, row, 'cards'), version: row.etag } : null;
    },
    put: async (card, seen) => {
      await ready();
      return putSeen(table, card, seen);
    },
    due: async (now, limit) => {
      await ready();
      const cards = await cardsOf(table, odata`due le ${instantOf(now)}`);
      return cards.sort((one, other) => Date.parse(one.due ?? '') - Date.parse(other.due ?? '')).slice(0, limit);
    },
    within: async (channel, digest) => {
      const partitionKey = keyOf(channel);
      await ready();
      return cardsOf(table, odata`PartitionKey eq ${partitionKey} and within eq ${digest}`);
    },
    place: async (channel, now) => {
      await ready();
      for (let attempt = 1; attempt <= attempts; attempt += 1) {
        const placed = await placeOnce(table, channel, now);
        if (placed) return placed.digest;
        await sleep(5 * attempt);
      }
      throw new Fault('retry', 'pace-contended', 'Too many cards are posted at the same moment.');
    },
  };
}

/** How often a place is tried for while others are faster. */
const attempts = 40;

async function cardsOf(table: TableClient, filter: string): Promise<Card[]> {
  return (await rowsOf(table, filter)).map((row) => checkedRow(rowSchema, row, 'cards'));
}

async function putSeen(table: TableClient, card: Card, seen: Seen | null): Promise<Seen> {
  const { within, at, shown, shownAt, busyUntil, due, ...rest } = card;
  const text = {
    within: within ?? '',
    at: at ?? '',
    shown: shown ?? '',
    shownAt: shownAt ?? '',
    busyUntil: busyUntil ?? '',
  };
  const row = {
    partitionKey: keyOf(card.channel),
    rowKey: keyOf(card.subject),
    ...rest,
    ...text,
    ...(due === null ? {} : { due: instantOf(due) }),
  };
  try {
    const { etag = '' } = await storageCall('Keeping a card', (options) =>
      seen ? table.updateEntity(row, 'Replace', { ...options, etag: seen.version }) : table.createEntity(row, options),
    );
    return { card, version: etag };
  } catch (error) {
    if (toFault(error).disposition !== 'conflict') throw error;
    throw new Fault('conflict', 'card-moved', 'Somebody else has shown this card meanwhile.', { cause: error });
  }
}

const paceRowSchema = z.object({ pace: z.string().transform((text) => paceSchema.parse(JSON.parse(text))) });

/** One look and one try; null where somebody was faster. */
async function placeOnce(table: TableClient, channel: string, now: string): Promise<{ digest: string | null } | null> {
  const keys = { partitionKey: pacePartition, rowKey: keyOf(channel) };
  const row = await storageCall('Reading the pace', (options) =>
    table.getEntity(keys.partitionKey, keys.rowKey, options).catch(nullOn('ResourceNotFound')),
  );
  const standing: Pace = row ? checkedRow(paceRowSchema, row, 'cards').pace : noPace;
  const { digest, pace } = paced(standing, channel, now);
  const replacement = { ...keys, pace: JSON.stringify(pace) };
  try {
    await storageCall('Keeping the pace', (options) =>
      row
        ? table.updateEntity(replacement, 'Replace', { ...options, etag: row.etag })
        : table.createEntity(replacement, options),
    );
    return { digest };
  } catch (error) {
    if (toFault(error).disposition === 'conflict') return null;
    throw error;
  }
}
