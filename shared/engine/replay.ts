import { Fault, toFault } from '../domain/fault.ts';
import { type JsonObject, toJson } from '../domain/json.ts';
import type { Explained } from '../domain/replay.ts';
import { checkRight } from '../domain/right.ts';
import type { Selection } from '../domain/selection.ts';
import type { Caller } from '../ports.ts';
import type { Engine } from './engine.ts';
import { explainAlert, explainRun } from './explain.ts';
import { notRedrivable, redrive } from './redrive.ts';
import { type Selected, select } from './select.ts';
import { whatIf, whatIfParts } from './what-if.ts';

/** Three kinds that are never confused: decide again from what was recorded, ask the world as it is now, or go on. */
export const replayKinds = ['explain', 'what-if', 'redrive'] as const;
export type ReplayKind = (typeof replayKinds)[number];

/** What is asked for: one journal, or all that is meant by a selection, from a place on. */
export interface ReplayRequest {
  readonly kind: ReplayKind;
  readonly journal: string | null;
  readonly select: Selection;
  readonly after: string | null;
  /** For `redrive`. */
  readonly reason: string | null;
  /** For `redrive`: says what would be redriven, and does not. */
  readonly preview: boolean;
}

export interface ReplayPage {
  readonly results: readonly JsonObject[];
  readonly next: string | null;
  readonly looked: number;
}

/** How many runs one call looks at: asking the world costs requests of the tenant, deciding again only storage. */
const perCall: Readonly<Record<ReplayKind, number>> = { explain: 50, 'what-if': 5, redrive: 20 };

/** @throws Fault `refuse` for who may not, `reject` where the request is wrong */
export async function replay(engine: Engine, request: ReplayRequest, caller: Caller): Promise<ReplayPage> {
  checkRight(caller, request.kind === 'redrive' ? 'redrive' : 'replay');
  if (request.kind === 'redrive' && !request.preview && !request.reason)
    throw new Fault('reject', 'reason-missing', 'Redriving needs a reason.');
  if (request.journal !== null)
    return { results: [await one(engine, request, request.journal, caller)], next: null, looked: 1 };
  const page = await select(engine, request.select, request.after, perCall[request.kind]);
  const journals = journalsOf(request.kind, page.runs);
  const results: JsonObject[] = [];
  for (const journal of journals) results.push(await told(engine, request, journal, caller));
  return { results, next: page.next, looked: page.looked };
}

/** An alert is asked about once, however many runs answer it. */
function journalsOf(kind: ReplayKind, runs: readonly Selected[]): readonly string[] {
  if (kind === 'what-if') return [...new Set(runs.map(({ run }) => run.opened.alert))];
  const meant = kind === 'redrive' ? runs.filter(({ run }) => notRedrivable(run) === null && run.ended) : runs;
  return meant.map(({ run }) => run.id);
}

/** One that fails does not keep the others from being told. */
async function told(engine: Engine, request: ReplayRequest, journal: string, caller: Caller): Promise<JsonObject> {
  try {
    return await one(engine, request, journal, caller);
  } catch (error) {
    const { code, message, disposition } = toFault(error);
    if (disposition === 'retry') throw error;
    return { journal, failed: { code, message } };
  }
}

async function one(engine: Engine, request: ReplayRequest, journal: string, caller: Caller): Promise<JsonObject> {
  switch (request.kind) {
    case 'explain':
      return inShort(
        journal.startsWith('run-') ? await explainRun(engine, journal) : await explainAlert(engine, journal),
      );
    case 'what-if':
      return toJson({ journal, ...(await whatIf(whatIfParts(engine), journal)) });
    case 'redrive':
      if (!request.preview) await redrive(engine, { journal, reason: request.reason ?? '', caller });
      return { journal, redriven: !request.preview };
  }
}

/** Entries that were decided the same are only counted. */
function inShort({ entries, ...explained }: Explained): JsonObject {
  const told = entries.filter(({ verdict }) => verdict === 'different' || verdict === 'unknown');
  return toJson({ ...explained, decisions: entries.length, entries: told });
}
