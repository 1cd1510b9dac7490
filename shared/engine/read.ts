import { alertEntryOf } from '../domain/alert-entry.ts';
import { Fault } from '../domain/fault.ts';
import { type JsonObject, toJson } from '../domain/json.ts';
import { firstBreak } from '../domain/ledger.ts';
import { runOf } from '../domain/run.ts';
import { type Summary, summaryOf } from '../domain/summary.ts';
import type { Engine } from './engine.ts';

/** Runs in rows, newest first, those of one alert by its journal. Each is folded from its own: a list cannot say something else. */
export async function readRuns(
  engine: Engine,
  query: { identity?: string; alert?: string; limit: number },
): Promise<readonly Summary[]> {
  const { alert, ...rest } = query;
  const ids = alert === undefined ? (await engine.index.runs(rest)).map(({ run }) => run) : await runsOf(engine, alert);
  const now = engine.clock();
  const journals = await Promise.all(ids.map(async (run) => ({ run, entries: await engine.ledger.read(run) })));
  // A run is listed before its journal is begun: one whose first entry is still on its way is no run yet.
  const begun = journals.filter(({ entries }) => entries.length > 0);
  const rows = begun.map(({ run, entries }) => summaryOf(runOf(run, entries), now));
  return rows.filter((row) => (query.identity ?? row.identity.id) === row.identity.id).slice(0, query.limit);
}

/** The runs that answer an alert; none where it has no answer yet, or does not exist. */
async function runsOf(engine: Engine, alert: string): Promise<readonly string[]> {
  const answers = (await engine.ledger.read(alert)).map(alertEntryOf);
  return answers.flatMap((one) => (one.type === 'alert-answered' ? one.data.runs.map(({ run }) => run) : []));
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
