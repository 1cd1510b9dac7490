import { Environment } from '@marcbachmann/cel-js';
import type { AuthorizationSystem } from './access.ts';
import type { Claims } from './alert.ts';
import { type Atom, atomsIn } from './condition-atoms.ts';

/**
 * What a condition can read. Everything about the alert is a claim; everything about the system comes from the system
 * itself. `identityCount` is -1 where the alert does not say.
 */
export interface Facts {
  readonly alert: { source: string; rule: string; title: string; identityCount: bigint; names: bigint };
  readonly system: { type: string; id: string; name: string; tags: Record<string, string> };
}

/** Small enough that no condition can be slow: the limits are far above what a readable one needs. */
const limits = { maxAstNodes: 200, maxDepth: 16, maxListElements: 64, maxMapEntries: 64, maxCallArguments: 8 };

const environment = new Environment({ unlistedVariablesAreDyn: false, limits })
  .registerVariable({
    name: 'alert',
    schema: { source: 'string', rule: 'string', title: 'string', identityCount: 'int', names: 'int' },
  })
  .registerVariable({
    name: 'system',
    schema: { type: 'string', id: 'string', name: 'string', tags: 'map<string, string>' },
  });

/** Functions of the language that are not for conditions, and why. */
const banned = new Map([
  ['matches', 'regular expressions can take forever; use ==, in, startsWith, endsWith or contains'],
]);

/** Why an expression cannot be a condition; empty where it can. `offset` counts characters from its start. */
export function conditionProblems(expression: string): readonly { message: string; offset: number }[] {
  try {
    const program = environment.parse(expression);
    const forbidden = calls(program.ast).filter((call) => banned.has(call.name));
    if (forbidden.length > 0)
      return forbidden.map((call) => ({
        message: `${call.name}() is not allowed: ${banned.get(call.name)}`,
        offset: call.offset,
      }));
    const checked = program.check();
    if (!checked.valid) return [{ message: firstLine(checked.error), offset: offsetOf(checked.error) }];
    return checked.type === 'bool' ? [] : [{ message: `gives ${checked.type}, not true or false`, offset: 0 }];
  } catch (error) {
    return [{ message: firstLine(error), offset: offsetOf(error) }];
  }
}

/**
 * Does the condition hold? `true` only where the result is exactly true; where it cannot be evaluated
 * (a tag that is not there), the reason is returned and the playbook does not answer.
 */
export function holds(
  expression: string,
  claims: Claims & { source: string },
  system: AuthorizationSystem,
): true | string {
  return holdsOn(expression, factsOf(claims, system));
}

/** Conditions as they were parsed once: as many as playbooks have, and no more than this. */
const parsed = new Map<string, (facts: Facts) => unknown>();
const mostParsed = 20_000;

function programOf(expression: string): (facts: Facts) => unknown {
  const known = parsed.get(expression);
  if (known) return known;
  if (parsed.size >= mostParsed) parsed.clear();
  const program = environment.parse(expression);
  const run = (facts: Facts): unknown => program(facts);
  parsed.set(expression, run);
  return run;
}

/** The same about facts at hand. */
export function holdsOn(expression: string, facts: Facts): true | string {
  try {
    const result = programOf(expression)(facts);
    return result === true ? true : `when: ${expression} is not true`;
  } catch (error) {
    return `when: ${expression} cannot be decided: ${firstLine(error)}`;
  }
}

/** What conditions can read about an alert and its system. */
export function factsOf(claims: Claims & { source: string }, system: AuthorizationSystem): Facts {
  const { source, rule, title, identityCount, nominations } = claims;
  return {
    alert: { source, rule, title, identityCount: BigInt(identityCount ?? -1), names: BigInt(nominations.length) },
    system: { type: system.type, id: system.id, name: system.name, tags: { ...system.tags } },
  };
}

/** What a condition compares with what. @throws where it is none */
export function atomsOf(expression: string): readonly Atom[] {
  return atomsIn(environment.parse(expression).ast);
}

interface Called {
  readonly name: string;
  readonly offset: number;
}

/** Every function the expression calls, wherever it stands. */
function calls(node: unknown): readonly Called[] {
  if (Array.isArray(node)) return node.flatMap(calls);
  if (node === null || typeof node !== 'object' || !('op' in node) || !('args' in node)) return [];
  const name = Array.isArray(node.args) ? node.args[0] : undefined;
  const offset = 'pos' in node && typeof node.pos === 'number' ? node.pos : 0;
  const own = (node.op === 'call' || node.op === 'rcall') && typeof name === 'string' ? [{ name, offset }] : [];
  return [...own, ...calls(node.args)];
}

/** What an expression reads of a variable: a field, or null for the variable as a whole. `offset` counts from its start. */
export interface Read {
  readonly field: string | null;
  readonly offset: number;
}

/** Everything a valid expression reads of a variable, wherever it stands. */
export function readsOf(expression: string, variable: string): readonly Read[] {
  return reads(environment.parse(expression).ast, variable);
}

function reads(node: unknown, variable: string): readonly Read[] {
  if (Array.isArray(node)) return node.flatMap((one) => reads(one, variable));
  if (node === null || typeof node !== 'object' || !('op' in node) || !('args' in node)) return [];
  const offset = 'pos' in node && typeof node.pos === 'number' ? node.pos : 0;
  if (node.op === 'id') return node.args === variable ? [{ field: null, offset }] : [];
  const [of, field]: readonly unknown[] = Array.isArray(node.args) ? node.args : [];
  const named = nameOf(field);
  const isMember = (node.op === '.' || node.op === '[]') && named !== null && isVariable(of, variable);
  return isMember ? [{ field: named, offset }] : reads(node.args, variable);
}

/** The name behind a dot, or the text between brackets; null where it is worked out. */
function nameOf(field: unknown): string | null {
  if (typeof field === 'string') return field;
  const isText =
    field !== null && typeof field === 'object' && 'op' in field && field.op === 'value' && 'args' in field;
  return isText && typeof field.args === 'string' ? field.args : null;
}

function isVariable(node: unknown, variable: string): boolean {
  return (
    node !== null &&
    typeof node === 'object' &&
    'op' in node &&
    node.op === 'id' &&
    'args' in node &&
    node.args === variable
  );
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n')[0] ?? message;
}

function offsetOf(error: unknown): number {
  if (error === null || typeof error !== 'object' || !('node' in error)) return 0;
  const { node } = error;
  return node !== null && typeof node === 'object' && 'pos' in node && typeof node.pos === 'number' ? node.pos : 0;
}
