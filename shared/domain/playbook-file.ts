import { type Document, isMap, isNode, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { digestOf } from './digest.ts';
import { milliseconds } from './duration.ts';
import { type Asked, asked, unaskedIn } from './fact.ts';
import { type JsonObject, toJson } from './json.ts';
import type { Risk } from './plan.ts';
import {
  type Choice,
  type Playbook,
  playbookSchema,
  type Step,
  type WrittenPlaybook,
  type WrittenStep,
} from './playbook.ts';

/** Something wrong with a playbook, where its author finds it. Lines and columns count from 1. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

interface ParsedFile {
  readonly file: string;
  readonly written: WrittenPlaybook | null;
  readonly problems: readonly Problem[];
  readonly at: (path: readonly PropertyKey[], offset?: number) => { line: number; column: number };
}

interface File {
  readonly name: string;
  readonly text: string;
}

/** Playbooks of a set of YAML files, or all problems of all files at once; never both. */
export interface Loaded {
  readonly playbooks: readonly Playbook[];
  readonly written: readonly WrittenPlaybook[];
  readonly problems: readonly Problem[];
}

/** What a playbook has to know about an action. */
export interface KnownAction {
  readonly risk: Risk;
  settingsProblem(settings: JsonObject): string | null;
}

type Actions = ReadonlyMap<string, KnownAction>;

/**
 * Reads playbooks. Strict on purpose: no aliases (a "billion laughs" file would not end), no unknown tags, no duplicate
 * or unknown keys, nothing that YAML only warns about.
 * @param actions the actions there are, by name
 * @param declared what requests ask for; set by tests
 */
export function loadPlaybooks(files: readonly File[], actions: Actions, declared: Asked = asked): Loaded {
  const parsed = files.map(parseFile);
  const written = parsed.flatMap((one) => (one.written ? [one.written] : []));
  const problems = [
    ...parsed.flatMap((one) => one.problems),
    ...parsed.flatMap((one) => crossCheck(one, written, actions)),
    ...parsed.flatMap((one) => unaskedProblems(one, declared)),
    ...duplicateNames(parsed),
  ];
  if (problems.length > 0) return { playbooks: [], written: [], problems };
  return { playbooks: written.map((one) => complete(one, written)), written, problems };
}

function parseFile({ name, text }: File): ParsedFile {
  const counter = new LineCounter();
  const document = parseDocument(text, { schema: 'core', uniqueKeys: true, strict: true, lineCounter: counter });
  const place = (offset: number) => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const at = (path: readonly PropertyKey[], offset = 0) => place(offsetOf(document.contents, path) + offset);
  const syntax = [...document.errors, ...document.warnings].map((error) => ({
    file: name,
    ...place(error.pos[0]),
    message: error.message.split('\n')[0] ?? error.message,
  }));
  if (syntax.length > 0) return { file: name, written: null, problems: syntax, at };
  const refused = refusedNodes(document).map(({ offset, message }) => ({ file: name, ...place(offset), message }));
  if (refused.length > 0) return { file: name, written: null, problems: refused, at };
  const result = playbookSchema.safeParse(document.toJS({ maxAliasCount: 0 }));
  if (result.success) return { file: name, written: result.data, problems: [], at };
  const problems = result.error.issues.flatMap((issue) => problemsOf(issue, name, at));
  return { file: name, written: null, problems, at };
}

/** Aliases, whatever they stand for, and keys that are no data in JavaScript: nothing may be left out unsaid. */
function refusedNodes(document: Document.Parsed): readonly { offset: number; message: string }[] {
  const refused: { offset: number; message: string }[] = [];
  visit(document, {
    Alias: (_key, node) => {
      refused.push({ offset: startOf(node), message: `aliases are not allowed: *${node.source}` });
    },
    Pair: (_key, { key }) => {
      if (isScalar(key) && key.value === '__proto__')
        refused.push({ offset: startOf(key), message: 'unknown key __proto__' });
    },
  });
  return refused;
}

/** Offset of the value at a path, or of the deepest part of it that is there; of its key where it has one. */
function offsetOf(contents: unknown, path: readonly PropertyKey[]): number {
  let node: unknown = contents;
  let offset = startOf(node);
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === step);
      if (!pair) return offset;
      node = pair.value;
      offset = isScalar(node) ? startOf(node) : startOf(pair.key);
    } else if (isNode(node) && 'items' in node && Array.isArray(node.items)) {
      node = node.items[Number(step)];
      offset = startOf(node) || offset;
    }
  }
  return offset;
}

function startOf(node: unknown): number {
  return isNode(node) ? ((node as Node).range?.[0] ?? 0) : 0;
}

function problemsOf(issue: z.core.$ZodIssue, file: string, at: ParsedFile['at']): readonly Problem[] {
  const path = issue.path.length > 0 ? `${issue.path.map(String).join('.')}: ` : '';
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ file, ...at([...issue.path, key]), message: `${path}unknown key ${key}` }));
  const offset = issue.code === 'custom' ? Number(issue.params?.offset ?? 0) : 0;
  return [{ file, ...at(issue.path, offset), message: `${path}${issue.message}` }];
}

/** What can only be seen with all playbooks and actions at hand. */
function crossCheck(one: ParsedFile, all: readonly WrittenPlaybook[], actions: Actions): readonly Problem[] {
  if (!one.written) return [];
  return Object.entries(one.written.choices).flatMap(([choice, { steps }]) => {
    const problem = (path: readonly PropertyKey[], message: string): Problem => ({
      file: one.file,
      ...one.at(['choices', choice, ...path]),
      message: `choices.${choice}: ${message}`,
    });
    const staging = stagingProblem(steps, actions);
    const inSteps = steps.flatMap((step, index) => {
      const message = stepProblem(step, all, actions);
      return message === null ? [] : [problem(['steps', index], message)];
    });
    return staging === null ? inSteps : [...inSteps, problem(['steps'], staging)];
  });
}

/** What it reads and nobody asks for: such a playbook would decide on a default. */
function unaskedProblems({ file, written, at }: ParsedFile, declared: Asked): readonly Problem[] {
  if (!written) return [];
  return unaskedIn(written, declared).map(({ at: part, offset, message }) => ({
    file,
    ...at(part === 'proof' ? ['proof', 'claim'] : [part], offset),
    message: `${part}: ${message}`,
  }));
}

function stepProblem(step: WrittenStep, all: readonly WrittenPlaybook[], actions: Actions): string | null {
  if ('action' in step) return actionProblem(step, actions);
  if (!('use' in step)) return null;
  const used = all.find((playbook) => playbook.name === step.use);
  if (!used) return `there is no playbook ${step.use}`;
  const choices = Object.values(used.choices);
  if (choices.length !== 1) return `${step.use} has ${choices.length} choices; only a playbook with one can be used`;
  return choices.some((choice) => choice.steps.some((inner) => 'use' in inner))
    ? `${step.use} itself uses a playbook; one level is enough`
    : null;
}

function actionProblem(step: Extract<WrittenStep, { action: string }>, actions: Actions): string | null {
  const action = actions.get(step.action);
  if (!action) return `there is no action ${step.action}; there are ${[...actions.keys()].sort().join(', ')}`;
  const problem = action.settingsProblem(step.with);
  return problem === null ? null : `${step.action}: ${problem}`;
}

/** The shortest time between taking access away and deleting: a day for somebody to notice. */
const shortestStageMs = 86_400_000;

/** Deleting is staged: something reversible first, then a wait, then the proof again, and only then what cannot be put back. */
function stagingProblem(steps: readonly WrittenStep[], actions: Actions): string | null {
  const first = steps.findIndex((step) => 'action' in step && actions.get(step.action)?.risk === 'destructive');
  if (first < 0) return null;
  const before = steps.slice(0, first);
  const wait = before.findLastIndex((step) => 'wait' in step && milliseconds(step.wait) >= shortestStageMs);
  const reversible = before
    .slice(0, Math.max(wait, 0))
    .some((step) => 'action' in step && actions.get(step.action)?.risk === 'reversible');
  const proof = before.slice(wait + 1).some((step) => 'prove' in step);
  if (wait >= 0 && reversible && proof) return null;
  return 'what cannot be put back comes last: first something reversible, then wait at least P1D, then prove: again';
}

function duplicateNames(parsed: readonly ParsedFile[]): readonly Problem[] {
  return parsed.flatMap((one, index) => {
    const { written } = one;
    const earlier = written && parsed.slice(0, index).find((other) => other.written?.name === written.name);
    return earlier ? [{ file: one.file, ...one.at(['name']), message: `name: ${earlier.file} has the same name` }] : [];
  });
}

/** Puts the steps in for each `use`, and digests the result: what is approved is what runs, also if the used playbook changes. */
function complete(written: WrittenPlaybook, all: readonly WrittenPlaybook[]): Playbook {
  const choices = Object.fromEntries(
    Object.entries(written.choices).map(([name, choice]): [string, Choice] => [
      name,
      { label: choice.label, steps: choice.steps.flatMap((step) => expanded(step, all)) },
    ]),
  );
  const { name, version, description, priority, on, when, proof, mode, approval } = written;
  const said = {
    name,
    version,
    description,
    priority,
    on,
    when: when ?? null,
    proof,
    mode,
    expires: approval.expires,
    people: approval.people,
    editors: editorsOf(written, all),
    choices,
  };
  return { ...said, digest: digestOf(toJson(said)) };
}

/** Who wrote what it does: its own last editor, and those of the playbooks whose steps it uses. */
function editorsOf(written: WrittenPlaybook, all: readonly WrittenPlaybook[]): readonly string[] {
  const steps = Object.values(written.choices).flatMap((choice) => choice.steps);
  const used = new Set(steps.flatMap((step) => ('use' in step ? [step.use] : [])));
  const editors = [written, ...all.filter(({ name }) => used.has(name))].flatMap(({ editedBy }) => editedBy ?? []);
  return [...new Set(editors)];
}

function expanded(step: WrittenStep, all: readonly WrittenPlaybook[]): readonly Step[] {
  if (!('use' in step)) return [step];
  const used = all.find((playbook) => playbook.name === step.use);
  return Object.values(used?.choices ?? {}).flatMap((choice) =>
    choice.steps.filter((inner): inner is Step => !('use' in inner)),
  );
}
