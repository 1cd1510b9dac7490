import { Fault } from '../domain/fault.ts';
import { type JsonObject, toJson } from '../domain/json.ts';
import type { Entry } from '../domain/ledger.ts';
import { reasonsAgainst } from '../domain/match.ts';
import type { Playbook } from '../domain/playbook.ts';
import { playbooksOfBytes } from '../domain/playbook-set.ts';
import { alertOf, answerAt, systemIn, type Why, whyAt } from '../domain/why.ts';
import type { Engine } from './engine.ts';

/** What is asked about an alert. */
export interface WhyQuestion {
  /** `name` or `name@version`; null for every playbook. */
  readonly playbook: string | null;
  /** ISO 8601; null for now. */
  readonly asOf: string | null;
}

/**
 * Why each playbook answered an alert or did not, as of a time, on which evidence of which age.
 * @throws Fault `reject` (404) where there is no such alert, or no such playbook then
 */
export async function why(
  engine: Pick<Engine, 'ledger' | 'vault' | 'clock' | 'playbooks'>,
  id: string,
  { playbook, asOf }: WhyQuestion,
): Promise<JsonObject> {
  const entries = await engine.ledger.read(id);
  if (entries.length === 0 || !alertOf(entries))
    throw new Fault('reject', 'unknown-alert', `There is no alert ${id}.`, { status: 404 });
  const time = asOf ?? engine.clock();
  const answer = answerAt(entries, time);
  if (!answer) return { alert: id, asOf: time, answered: null, summary: 'it had not been answered by then', why: [] };
  const { said, entry } = answer;
  const kept = said.playbooks === undefined ? null : playbooksOfBytes(await engine.vault.get(said.playbooks));
  const runs = new Map<string, readonly Entry[]>();
  for (const { run } of said.runs) runs.set(run, await engine.ledger.read(run));
  const all = whyAt({ entries, playbooks: kept, runs }, time) ?? [];
  const told = playbook === null ? all : narrowed(engine, { all, entries, answer: entry.sequence }, playbook);
  return toJson({ alert: id, asOf: time, answered: entry.time, summary: said.summary, left: said.left, why: told });
}

interface Known {
  readonly all: readonly Why[];
  readonly entries: readonly Entry[];
  readonly answer: number;
}

/** One playbook as it was then; another version of it only where that is deployed now. */
function narrowed(engine: Pick<Engine, 'playbooks'>, known: Known, asked: string): readonly Why[] {
  const [name = '', version] = asked.split('@');
  const then = known.all.find(
    (one) => one.playbook === name && (version ?? String(one.version)) === String(one.version),
  );
  if (then) return [then];
  const now = engine
    .playbooks()
    .find((one) => one.name === name && (version ?? String(one.version)) === String(one.version));
  if (now) return [asDeployedNow(known, now)];
  const versions = known.all.filter((one) => one.playbook === name).map((one) => one.version);
  const message = `${asked} was not there then, and is not deployed now${versions.length > 0 ? `; then it was version ${versions.join(', ')}` : ''}.`;
  throw new Fault('reject', 'unknown-playbook', message, { status: 404 });
}

function asDeployedNow({ entries, answer }: Known, playbook: Playbook): Why {
  const [alert, system] = [alertOf(entries), systemIn(entries, answer)];
  const against =
    alert && system ? reasonsAgainst(alert, system, playbook) : ['the system of the alert could not be seen'];
  const { name, version, digest } = playbook;
  const note = 'not deployed then: this is what it would have said by itself, with what was known then';
  return { playbook: name, version, digest, answers: false, clauses: [...against, note], runs: [] };
}
