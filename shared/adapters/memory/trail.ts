import type { AuditRecord } from '../../domain/audit-record.ts';
import type { Trail } from '../../ports-custody.ts';
import { instantOf } from '../keys.ts';
import { placeOf, placesOf, type TrailPlace, trailKey } from '../trail-row.ts';

/** A trail that lasts as long as the process. */
export function memoryTrail(): Trail {
  const places = new Map<string, Map<string, AuditRecord>>();
  const rowsAt = ({ table, partitionKey }: TrailPlace) => {
    const name = `${table}|${partitionKey}`;
    const rows = places.get(name) ?? new Map<string, AuditRecord>();
    places.set(name, rows);
    return rows;
  };
  return {
    put: async (records) => {
      for (const record of records)
        for (const place of placesOf(record)) rowsAt(place).set(trailKey(record), structuredClone(record));
    },
    page: async ({ by, from, to }, after, limit) => {
      const [first, end] = [instantOf(from), instantOf(to)];
      const found = [...rowsAt(placeOf(by))]
        .filter(([key]) => key >= first && key < end && key > (after ?? ''))
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .slice(0, limit);
      const last = found.at(-1)?.[0] ?? null;
      return { records: found.map(([, record]) => record), next: found.length < limit ? null : last };
    },
    clear: async (limit) => {
      let removed = 0;
      for (const rows of places.values())
        for (const key of [...rows.keys()].slice(0, limit - removed)) {
          rows.delete(key);
          removed += 1;
        }
      return removed;
    },
  };
}
