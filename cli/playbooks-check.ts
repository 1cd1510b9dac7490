import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { actions } from '../shared/actions/catalog.ts';
import { undoableBySpecimen } from '../shared/actions/specimen.ts';
import { type AnalysedAction, analyse, type Remark } from '../shared/domain/analysis.ts';
import type { User } from '../shared/domain/identity.ts';
import type { Playbook } from '../shared/domain/playbook.ts';
import { proveInactive } from '../shared/domain/proof.ts';
import { readPlaybooks } from '../shared/playbook-folder.ts';
import type { Options } from './commands.ts';
import { ask, Complaint, type Connection } from './http.ts';
import { bold } from './render.ts';
import type { Told } from './replay.ts';

/** The worst a playbook could do today. */
interface Worst {
  readonly playbook: string;
  readonly identities: number | null;
  readonly note: string;
}

/**
 * `quell playbooks check [FOLDER] [--strict] [--live | --directory FILE]`: exits with 2 where something is wrong, with
 * `--strict` also where something may be.
 */
export async function playbooksCheck(
  connect: () => Promise<Connection>,
  [, folder = 'playbooks']: readonly string[],
  options: Options,
): Promise<Told> {
  const { playbooks, problems } = readPlaybooks(folder, actions);
  const broken = problems.map(({ file, line, column, message }) => `${file}:${line}:${column}  ${message}`);
  const remarks = analyse(playbooks, await analysedActions());
  const worst = broken.length > 0 ? [] : await worstOf(playbooks, connect, options);
  const errors = broken.length + remarks.filter(({ level }) => level === 'error').length;
  const failed = errors > 0 || (options.strict === true && remarks.length > 0);
  const text = options.json
    ? JSON.stringify({ problems, remarks, worst }, null, 2)
    : [...broken, ...remarks.map(inOneLine), ...worst.map(worstLine), sum(playbooks, errors, remarks)].join('\n');
  return { text, exitCode: failed ? 2 : 0 };
}

async function analysedActions(): Promise<ReadonlyMap<string, AnalysedAction>> {
  const rows = [...actions].map(async ([name, action]): Promise<[string, AnalysedAction]> => {
    const { risk, changesAccount } = action;
    return [name, { risk, changesAccount, undoable: await undoableBySpecimen(action) }];
  });
  return new Map(await Promise.all(rows));
}

function inOneLine({ level, code, playbook, message }: Remark): string {
  return `${level === 'error' ? 'ERROR  ' : 'warning'}  ${bold(playbook)} ${message} (${code})`;
}

function worstLine({ playbook, identities, note }: Worst): string {
  return `worst    ${bold(playbook)} ${identities === null ? 'cannot be counted' : `${identities} identities`}: ${note}`;
}

function sum(playbooks: readonly Playbook[], errors: number, remarks: readonly Remark[]): string {
  const warnings = remarks.filter(({ level }) => level === 'warning').length;
  return `${playbooks.length} playbooks: ${errors} errors, ${warnings} warnings`;
}

const reachSchema = z.object({ at: z.string(), proved: z.number().nullable(), unprotected: z.number().nullable() });

async function worstOf(
  playbooks: readonly Playbook[],
  connect: () => Promise<Connection>,
  { live, directory }: Options,
): Promise<readonly Worst[]> {
  if (directory !== undefined) return worstIn(playbooks, directory);
  if (!live) return [];
  const to = await connect();
  const found: Worst[] = [];
  for (const { name, proof } of playbooks) {
    const { at, proved, unprotected } = await ask(
      to,
      reachSchema,
      `/api/reach?claim=${proof.claim}&days=${proof.days}`,
    );
    const note =
      proved === null
        ? `${proof.claim} is counted in each system`
        : `${proved} are ${proof.claim} at ${at}, of whom no guard protects the account`;
    found.push({ playbook: name, identities: unprotected, note });
  }
  return found;
}

/* Enough of a user to prove a claim: one JSON object a line, in the words of `shared/domain/identity.ts`. */
const userSchema = z.looseObject({
  id: z.string(),
  signIns: z
    .object({
      successful: z.string().nullable(),
      interactive: z.string().nullable(),
      nonInteractive: z.string().nullable(),
    })
    .nullable(),
});

function worstIn(playbooks: readonly Playbook[], file: string): readonly Worst[] {
  const now = new Date().toISOString();
  const users = linesIn(file).map((text, index) => userOf(text, `${file}:${index + 1}`));
  return playbooks.map(({ name, proof }) => {
    if (proof.claim !== 'inactive')
      return { playbook: name, identities: null, note: `${proof.claim} needs the systems` };
    const proved = users.filter((user) => proveInactive({ state: 'live', user }, proof, now).verdict === 'true');
    return { playbook: name, identities: proved.length, note: `of ${users.length} in ${file} are inactive` };
  });
}

function linesIn(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean);
  } catch {
    throw new Complaint(`${file} cannot be read`);
  }
}

function userOf(text: string, where: string): User {
  const nobody: Omit<User, 'id' | 'signIns'> = {
    ...{ displayName: '', userPrincipalName: '', enabled: true, licences: 0, guest: false, synced: false },
    ...{ createdAt: null, sessionsValidFrom: null, excludeMark: null },
  };
  try {
    const { id, signIns } = userSchema.parse(JSON.parse(text));
    return { ...nobody, id, signIns };
  } catch {
    throw new Complaint(
      `${where}: not a user: { "id": …, "signIns": { "successful", "interactive", "nonInteractive" } }`,
    );
  }
}
