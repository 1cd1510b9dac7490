/** What a condition asks about one variable: the values it is compared with. Tags are `system.tags.NAME`. */
export interface Atom {
  readonly path: string;
  readonly values: readonly (string | bigint)[];
}

/**
 * Every variable that an expression compares with something, and with what.
 * @param ast of the expression, as the CEL library gives it
 */
export function atomsIn(ast: unknown): readonly Atom[] {
  const found = new Map<string, Set<string | bigint>>();
  const note = (path: string, values: readonly (string | bigint)[]) => {
    const known = found.get(path) ?? new Set();
    for (const value of values) known.add(value);
    found.set(path, known);
  };
  walk(ast, note);
  return [...found].map(([path, values]) => ({ path, values: [...values] }));
}

type Note = (path: string, values: readonly (string | bigint)[]) => void;

function walk(node: unknown, note: Note): void {
  if (Array.isArray(node)) for (const inner of node) walk(inner, note);
  if (!isNode(node)) return;
  const parts = node.op === 'rcall' ? [at(node.args, 1), at(node.args, 2)] : [at(node.args, 0), at(node.args, 1)];
  for (const part of parts) {
    const path = pathOf(part);
    const others = parts.filter((one) => one !== part).flatMap(literalsIn);
    if (path === 'system.tags') for (const key of others) note(`system.tags.${String(key)}`, []);
    else if (path?.includes('.')) note(path, others);
  }
  walk(node.args, note);
}

interface Node {
  readonly op: string;
  readonly args: unknown;
}

function isNode(node: unknown): node is Node {
  return node !== null && typeof node === 'object' && 'op' in node && typeof node.op === 'string' && 'args' in node;
}

function at(args: unknown, index: number): unknown {
  return Array.isArray(args) ? args[index] : undefined;
}

/** `system.tags.environment`, however it is written; null for what is no variable. */
function pathOf(node: unknown): string | null {
  if (!isNode(node)) return null;
  if (node.op === 'id') return typeof node.args === 'string' ? node.args : null;
  if (node.op !== '.' && node.op !== '[]') return null;
  const owner = pathOf(at(node.args, 0));
  const member = at(node.args, 1);
  const name = typeof member === 'string' ? member : literalsIn(member)[0];
  return owner === null || name === undefined ? null : `${owner}.${String(name)}`;
}

function literalsIn(node: unknown): readonly (string | bigint)[] {
  if (Array.isArray(node)) return node.flatMap(literalsIn);
  if (!isNode(node)) return [];
  if (node.op === 'list') return literalsIn(node.args);
  return node.op === 'value' && (typeof node.args === 'string' || typeof node.args === 'bigint') ? [node.args] : [];
}
