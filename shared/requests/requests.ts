import type { HttpRequest } from '@azure/functions';
import { z } from 'zod';
import { controlScopes } from '../domain/control.ts';
import { Fault } from '../domain/fault.ts';
import { toJson } from '../domain/json.ts';
import type { Again, Answer } from '../edge.ts';
import { advance } from '../engine/advance.ts';
import { auditRefusal } from '../engine/audit.ts';
import { readControls, setControl } from '../engine/control.ts';
import type { Engine } from '../engine/engine.ts';
import { ingest } from '../engine/ingest.ts';
import { readAlert, readRun, readRuns } from '../engine/read.ts';
import { respond } from '../engine/respond.ts';
import type { Caller, Source } from '../ports.ts';
import { type Autonomy, autonomyOf } from './autonomy.ts';
import { type Decisions, decisionsOf } from './decisions.ts';
import { idOf, jsonOf, read } from './input.ts';

/** A queue message, ready for the edge: what to do with it, and how to ask for it again. */
export interface Message {
  readonly handle: () => Promise<void>;
  readonly again: Again | null;
}

/** What each trigger asks of the engine, once an alert was taken in; the edge has checked who asks. */
export interface Requests extends Decisions, Autonomy {
  /** `cause`: the `traceparent` the message came with, if any. */
  alertMessage(body: unknown, cause?: unknown): Message;
  runMessage(body: unknown, cause?: unknown): Message;
  listRuns(request: HttpRequest): Promise<Answer>;
  readRun(request: HttpRequest): Promise<Answer>;
  readAlert(request: HttpRequest): Promise<Answer>;
  readControls(): Promise<Answer>;
  setControl(request: HttpRequest, caller: Caller): Promise<Answer>;
}

const alertHint = z.strictObject({ alert: z.string().regex(/^alert-[0-9a-f]{32}$/) });
const runHint = z.strictObject({ run: z.string().regex(/^run-[0-9a-f]{32}$/) });

const querySchema = z.strictObject({
  identity: z.string().max(100).optional(),
  alert: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

const wantedSchema = z.strictObject({
  scope: z.enum(controlScopes),
  name: z.string().trim().min(1).max(60).nullable().default(null),
  stopped: z.boolean(),
  reason: z.string().trim().min(1).max(500),
});

interface Parts {
  readonly engine: Engine;
  /** The source of alerts that others put on the queue. */
  readonly queueSource: Source;
  /** Moves a run, and shows it where people are asked. */
  readonly shown: (run: string, move: () => Promise<void>) => Promise<void>;
  /** Moves a run right behind its alert, in the same invocation: what is watched is of the run then, not of the alert. */
  readonly behind?: (run: string, move: () => Promise<void>) => Promise<void>;
}

const here: NonNullable<Parts['behind']> = (_run, move) => move();

/** Translates triggers to the engine and back; decides nothing. */
export function requestsOf({ engine, queueSource, shown, behind = here }: Parts): Requests {
  return {
    alertMessage: (body) => {
      const hint = alertHint.safeParse(body);
      if (!hint.success) return { handle: () => ingestFromQueue(engine, queueSource, body), again: null };
      const { alert } = hint.data;
      return {
        handle: () =>
          respond(engine, alert, (run, announced) =>
            behind(run, () =>
              shown(run, async () => {
                await advance(engine, run, announced);
              }),
            ),
          ),
        again: (due) => engine.index.open({ journal: alert, kind: 'alert', session: alert, due }),
      };
    },

    runMessage: (body) => {
      const hint = runHint.safeParse(body);
      if (!hint.success) return { handle: () => refusedMessage(engine), again: null };
      const { run } = hint.data;
      return {
        handle: () =>
          shown(run, async () => {
            await advance(engine, run);
          }),
        again: (due) => lookAgain(engine, run, due),
      };
    },

    listRuns: async (request) => {
      const { identity, alert, limit } = read(querySchema, Object.fromEntries(request.query.entries()));
      const query = {
        limit,
        ...(identity === undefined ? {} : { identity }),
        ...(alert === undefined ? {} : { alert }),
      };
      return { status: 200, body: { runs: (await readRuns(engine, query)).map(toJson) } };
    },

    readRun: async (request) => ({ status: 200, body: await readRun(engine, idOf(request, 'run')) }),

    readAlert: async (request) => ({
      status: 200,
      body: await readAlert(engine, idOf(request, '(?:alert|refused)')),
    }),

    readControls: async () => ({ status: 200, body: await readControls(engine) }),

    setControl: async (request, caller) => {
      const wanted = read(wantedSchema, await jsonOf(request));
      return { status: 200, body: toJson(await setControl(engine, wanted, caller)) };
    },

    ...decisionsOf(engine),
    ...autonomyOf(engine),
  };
}

/** A message of somebody else. The host has parsed the body already, so what is kept is its JSON, not its exact bytes. */
async function ingestFromQueue(engine: Engine, source: Source, body: unknown): Promise<void> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const bytes = new TextEncoder().encode(text);
  const contentType = 'application/cloudevents+json';
  await ingest(engine, source, { bytes, contentType, authorization: null, receivedAt: engine.clock() });
}

/** Lets the timer look at the run at that time. The session of a run is its identity, which only its journal knows. */
async function lookAgain(engine: Engine, run: string, due: string): Promise<void> {
  const entries = await engine.ledger.read(run);
  const opened = z.object({ identity: z.object({ id: z.string() }) }).safeParse(entries[0]?.data);
  if (!opened.success) return;
  const { id: session } = opened.data.identity;
  await engine.index.open({ journal: run, kind: 'run', session, due, knows: entries.length });
}

/** Nobody but us writes there, so whoever did wanted something. */
async function refusedMessage(engine: Engine): Promise<never> {
  const fault = new Fault('reject', 'not-a-hint', 'A message on the queue runs is not one of ours.');
  const nobody = { what: 'decision', channel: 'engine', run: null, by: null, byName: null } as const;
  await auditRefusal(engine, nobody, fault);
  throw fault;
}
