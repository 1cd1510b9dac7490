import { ask, type Connection } from '../../cli/http.ts';
import { alertSchema, type Row, type RunView, runSchema, runsSchema } from '../../cli/shapes.ts';

/** All runs, newest first. */
export async function listRuns(to: Connection): Promise<readonly Row[]> {
  return (await ask(to, runsSchema, '/api/runs?limit=200')).runs;
}

/** One run, whole. */
export function readRun(to: Connection, id: string): Promise<RunView> {
  return ask(to, runSchema, `/api/runs/${id}`);
}

/** The journal of an alert. */
export async function readAlert(to: Connection, id: string) {
  return (await ask(to, alertSchema, `/api/alerts/${id}`)).entries;
}
