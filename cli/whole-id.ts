import { ask, Complaint, type Connection } from './http.ts';
import { runsSchema } from './shapes.ts';

/** The whole id of a run or an alert of which somebody gave the beginning. @throws Complaint where it is none, or that of several */
export async function wholeId(to: Connection, id: string): Promise<string> {
  if (/^(run|alert)-[0-9a-f]{32}$/.test(id)) return id;
  const { runs } = await ask(to, runsSchema, '/api/runs?limit=200');
  const [kind, all] = id.startsWith('alert-')
    ? (['alert', runs.map(({ alert }) => alert)] as const)
    : (['run', runs.map((row) => row.id)] as const);
  const found = [...new Set(all)].filter((one) => one.startsWith(id));
  const [only] = found;
  if (only === undefined || !id.startsWith(`${kind}-`)) throw new Complaint(`there is no ${kind} ${id}`);
  if (found.length > 1) throw new Complaint(`${id} is the beginning of ${found.length} ${kind}s; give more of it`);
  return only;
}
