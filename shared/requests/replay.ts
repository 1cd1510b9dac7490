import type { HttpRequest } from '@azure/functions';
import { z } from 'zod';
import { toJson } from '../domain/json.ts';
import { selectionSchema } from '../domain/selection.ts';
import { undoPlan } from '../domain/undo.ts';
import type { Answer } from '../edge.ts';
import { beginDrill, type DrillSettings } from '../engine/drill.ts';
import type { Engine } from '../engine/engine.ts';
import { replay, replayKinds } from '../engine/replay.ts';
import { select } from '../engine/select.ts';
import { why } from '../engine/why.ts';
import type { Caller } from '../ports.ts';
import { idOf, jsonOf, read } from './input.ts';

/** What the triggers of replaying ask of the engine. */
export interface ReplayRequests {
  replay(request: HttpRequest, caller: Caller): Promise<Answer>;
  why(request: HttpRequest): Promise<Answer>;
  undoPlans(request: HttpRequest): Promise<Answer>;
  drill(caller: Caller): Promise<Answer>;
}

const journal = z.string().regex(/^(run|alert)-[0-9a-f]{32}$/);
const cursor = z.string().max(300).nullable().default(null);

const replaySchema = z.strictObject({
  kind: z.enum(replayKinds),
  journal: journal.nullable().default(null),
  select: selectionSchema.prefault({}),
  after: cursor,
  reason: z.string().trim().min(1).max(500).nullable().default(null),
  preview: z.boolean().default(false),
});

const undoPlansSchema = z.strictObject({ select: selectionSchema, after: cursor });

const whySchema = z.strictObject({
  playbook: z.string().max(80).nullable().default(null),
  asOf: z.iso.datetime().nullable().default(null),
});

export function replayRequestsOf(engine: Engine, drill: DrillSettings | null): ReplayRequests {
  return {
    replay: async (request, caller) => {
      const wanted = read(replaySchema, await jsonOf(request));
      return { status: 200, body: toJson(await replay(engine, wanted, caller)) };
    },

    drill: async (caller) => ({ status: 202, body: { run: await beginDrill(engine, drill, caller) } }),

    why: async (request) => {
      const question = read(whySchema, Object.fromEntries(request.query.entries()));
      return { status: 200, body: await why(engine, idOf(request, 'alert'), question) };
    },

    undoPlans: async (request) => {
      const { select: selection, after } = read(undoPlansSchema, await jsonOf(request));
      const { runs, next, looked } = await select(engine, selection, after);
      const plans = runs.map(({ run, summary }) => ({ run: summary, ...undoPlan(run) }));
      return { status: 200, body: toJson({ plans, next, looked }) };
    },
  };
}
