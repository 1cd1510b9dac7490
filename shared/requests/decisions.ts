import type { HttpRequest } from '@azure/functions';
import { z } from 'zod';
import { type Fault, toFault } from '../domain/fault.ts';
import { toJson } from '../domain/json.ts';
import type { Answer } from '../edge.ts';
import { type Attempt, auditRefusal, readAudit } from '../engine/audit.ts';
import { approvalCount, decide } from '../engine/decide.ts';
import type { Engine } from '../engine/engine.ts';
import { undo } from '../engine/undo.ts';
import type { Caller } from '../ports.ts';
import { idOf, jsonOf, read } from './input.ts';

/** What people decide, and what was refused them. */
export interface Decisions {
  decide(request: HttpRequest, caller: Caller): Promise<Answer>;
  undo(request: HttpRequest, caller: Caller): Promise<Answer>;
  /** Says in the audit journal that somebody did not get through the door. */
  turnedAway(what: Attempt['what']): (request: HttpRequest, caller: Caller | null, fault: Fault) => Promise<void>;
  readAudit(request: HttpRequest): Promise<Answer>;
}

const decisionSchema = z.strictObject({
  choice: z.string().min(1).max(60).nullable(),
  digest: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  reason: z.string().trim().min(1).max(500).nullable().default(null),
});

const undoSchema = z.strictObject({ reason: z.string().trim().min(1).max(500) });

const daySchema = z.strictObject({ day: z.iso.date().optional() });

/** The requests by which people decide. What is refused before the engine is asked leaves an audit entry too. */
export function decisionsOf(engine: Engine): Decisions {
  const turnedAway: Decisions['turnedAway'] = (what) => (request, caller, fault) => {
    const run = request.params.id?.slice(0, 80) ?? null;
    const who = { by: caller?.id ?? null, byName: caller?.name ?? null };
    return auditRefusal(engine, { what, channel: 'api', run, ...who }, fault);
  };
  const wanted = async <T>(request: HttpRequest, caller: Caller, what: Attempt['what'], schema: z.ZodType<T>) => {
    try {
      return { run: idOf(request, 'run'), body: read(schema, await jsonOf(request)) };
    } catch (error) {
      const fault = toFault(error);
      await turnedAway(what)(request, caller, fault);
      throw fault;
    }
  };
  return {
    turnedAway,

    decide: async (request, caller) => {
      const { run: id, body } = await wanted(request, caller, 'decision', decisionSchema);
      const run = await decide(engine, id, body, caller);
      const decision = run.decision && toJson(run.decision);
      return { status: 200, body: { run: run.id, decision, approvals: toJson(approvalCount(run, body) ?? {}) } };
    },

    undo: async (request, caller) => {
      const { run: id, body } = await wanted(request, caller, 'undo', undoSchema);
      const run = await undo(engine, id, body.reason, caller);
      return { status: 200, body: { run: run.id, undo: run.undo && toJson(run.undo) } };
    },

    readAudit: async (request) => {
      const { day } = read(daySchema, Object.fromEntries(request.query.entries()));
      return { status: 200, body: await readAudit(engine, day ?? engine.clock().slice(0, 10)) };
    },
  };
}
