import { alertEntryOf } from '../domain/alert-entry.ts';
import { Fault } from '../domain/fault.ts';
import { type JsonObject, toJson } from '../domain/json.ts';
import { firstBreak } from '../domain/ledger.ts';
import { runOf } from '../domain/run.ts';
import { type Summary, summaryOf } from '../domain/summary.ts';
import type { Engine } from './engine.ts';

/** Runs in rows, newest first. Each is folded from its journal: a list cannot say something else than the ledger. */
export async function readRuns(
  engine: Engine,
  query: { identity?: string; alert?: string; limit: number },
): Promise<readonly Summary[]> {
  const listed = await engine.index.runs(query);
  const now = engine.clock();
  return Promise.all(listed.map(async ({ run }) => summaryOf(runOf(run, await engine.ledger.read(run)), now)));
}

/** One run: its row, its plans, and every entry; `break` says where its chain is broken. */
export async function readRun(engine: Engine, id: string): Promise<JsonObject> {
  const entries = await engine.ledger.read(id);
  const run = runOf(id, entries);
  return toJson({
    run: summaryOf(run, engine.clock()),
    asked: run.asked,
    plans: run.plans,
    entries,
    break: firstBreak(entries),
  });
}

/** One alert: every entry of its journal. @throws Fault `reject` (404) */
export async function readAlert(engine: Engine, id: string): Promise<JsonObject> {
  const entries = await engine.ledger.read(id);
  if (entries.length === 0) throw new Fault('reject', 'unknown-alert', `There is no alert ${id}.`, { status: 404 });
  for (const entry of entries) alertEntryOf(entry);
  return toJson({ alert: id, entries, break: firstBreak(entries) });
}
