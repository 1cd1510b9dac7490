import { ask, type Connection } from '../../cli/http.ts';
import { decisionSchema, type Row } from '../../cli/shapes.ts';
import { PEOPLE } from '../tenant/seed.ts';
import { readRun } from './api.ts';

/** What the demo's approver answers about somebody; `choice` null rejects. */
interface Opinion {
  readonly choice: string | null;
  readonly reason: string | null;
}

/** Sam's opinions, by object id. Whoever is not here gets none. */
const opinions: ReadonlyMap<string, Opinion> = new Map([
  [PEOPLE.adaQuiet, { choice: 'not-needed', reason: 'moved to another team in spring' }],
  [PEOPLE.benStill, { choice: 'not-needed', reason: 'contract ended' }],
  [PEOPLE.groupOnly, { choice: 'not-needed', reason: 'has left the project' }],
  [PEOPLE.conditioned, { choice: 'not-needed', reason: 'the migration is over' }],
  [PEOPLE.managementGroupOnly, { choice: 'needed', reason: 'on parental leave' }],
  [PEOPLE.alexDoeOne, { choice: 'needed', reason: 'on call twice a year' }],
  [PEOPLE.alexDoeTwo, { choice: 'remove', reason: 'a duplicate account' }],
  [PEOPLE.nested, { choice: null, reason: 'the data team wants to look first' }],
  [PEOPLE.synced, { choice: null, reason: 'belongs to the on-premises team' }],
]);

/**
 * Decides every run that waits for somebody there is an opinion about, through the same API as everybody: first as Sam,
 * then as Olga where a plan needs two people.
 */
export async function decideAll(
  approvers: readonly Connection[],
  rows: readonly Row[],
  except: ReadonlySet<string>,
): Promise<void> {
  const decided = rows.filter(({ identity }) => !except.has(identity.id));
  for (const [index, to] of approvers.entries()) await decideAs(to, decided, index + 1);
}

async function decideAs(to: Connection, rows: readonly Row[], person: number): Promise<void> {
  for (const { id, state, identity } of rows) {
    const opinion = opinions.get(identity.id);
    if (state !== 'deciding' || !opinion) continue;
    const plan = (await readRun(to, id)).plans?.find(({ choice }) => choice === opinion.choice);
    if ((plan?.people ?? 1) < person) continue;
    const body = JSON.stringify({ ...opinion, digest: plan?.digest ?? null });
    await ask(to, decisionSchema, `/api/runs/${id}/decision`, {
      method: 'POST',
      contentType: 'application/json',
      body,
    });
  }
}
