import type { HttpRequest } from '@azure/functions';
import { z } from 'zod';
import { type Condition, conditionText, readCondition } from '../domain/audit-condition.ts';
import type { AuditQuery } from '../domain/audit-query.ts';
import { auditColumns } from '../domain/audit-record.ts';
import { durationSchema, later, milliseconds } from '../domain/duration.ts';
import { Fault } from '../domain/fault.ts';
import { toJson } from '../domain/json.ts';
import type { Answer } from '../edge.ts';
import type { Custody } from '../engine/custody.ts';
import { exportPage } from '../engine/export.ts';
import { keepTrail } from '../engine/keep-trail.ts';
import { patrol } from '../engine/patrol.ts';
import { rebuildStep } from '../engine/rebuild.ts';
import { seal } from '../engine/seal.ts';
import { search } from '../engine/search.ts';
import { read } from './input.ts';

/** What the triggers around the ledger ask; the edge has checked who asks. */
export interface CustodyRequests {
  readExport(request: HttpRequest): Promise<Answer>;
  /** `queries` for what there is, `custom` for a condition of one's own, else the name of a saved query. */
  queryAudit(request: HttpRequest): Promise<Answer>;
  rebuild(): Promise<Answer>;
  /** Enters in the trail and seals what was written since. */
  sealWritten(): Promise<void>;
  /** Goes along some journals and repairs what was lost. @returns how many */
  patrolJournals(): Promise<number>;
}

const time = z.iso.datetime({ offset: true }).or(z.iso.date().transform((day) => `${day}T00:00:00.000Z`));
const querySchema = z.strictObject({
  since: time.optional(),
  until: time.optional(),
  last: durationSchema.optional(),
  where: z.string().min(1).optional(),
  after: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});
type Asked = z.output<typeof querySchema>;

/**
 * Translates triggers to what keeps the ledger, and back.
 * @param queries the saved ones. @throws Fault where they are not valid
 * @param show shows a run in the channels
 */
export function custodyRequestsOf(
  custody: Custody,
  queries: () => readonly AuditQuery[],
  show: (run: string) => Promise<void>,
): CustodyRequests {
  return {
    readExport: async (request) => {
      const { lines, next } = await exportPage(custody, request.query.get('after'));
      return { status: 200, body: { lines, next } };
    },

    queryAudit: async (request) => {
      const name = request.params.name ?? '';
      if (name === 'queries') return { status: 200, body: { queries: queries().map(toJson) } };
      const asked = read(querySchema, Object.fromEntries(request.query.entries()));
      const query = name === 'custom' ? customQuery(asked) : savedQuery(queries(), name);
      const where = conditionOf(query, name === 'custom' ? undefined : asked.where);
      const { from, to } = spanOf(asked, query, custody.clock());
      const { records, next } = await search(custody, { where, from, to }, asked.after ?? null, asked.limit);
      const about = { ...query, where: conditionText(where), from, to };
      return { status: 200, body: { query: toJson(about), records: records.map(toJson), next } };
    },

    rebuild: async () => ({ status: 200, body: toJson(await rebuildStep(custody)) }),

    sealWritten: async () => {
      await keepTrail(custody);
      await seal(custody);
    },

    patrolJournals: () => patrol(custody, show),
  };
}

function customQuery({ where }: Asked): AuditQuery {
  if (where === undefined) throw new Fault('reject', 'wrong-request', 'where: a query of your own needs a condition.');
  const about = { name: 'custom', title: 'Query of your own', description: where, last: 'P30D' };
  return { ...about, where, columns: [...auditColumns] };
}

function savedQuery(queries: readonly AuditQuery[], name: string): AuditQuery {
  const query = queries.find((one) => one.name === name);
  if (query) return query;
  const message = `There is no query ${name}; there are ${queries.map((one) => one.name).join(', ')}.`;
  throw new Fault('reject', 'unknown-query', message, { status: 404 });
}

/** What is asked for besides narrows a saved query, and cannot widen it. */
function conditionOf({ where }: AuditQuery, narrower: string | undefined): Condition {
  const own = readCondition(where);
  return narrower === undefined ? own : { and: [own, readCondition(narrower)] };
}

/** Without an end, it is now; without a beginning, the query's own span before the end. */
function spanOf({ since, until, last }: Asked, query: AuditQuery, now: string): { from: string; to: string } {
  const to = until ?? later(now, 1);
  return { from: since ?? later(to, -milliseconds(last ?? query.last)), to };
}
