import { FilterError } from './filter-error.ts';
import { type Token, tokenize } from './tokens.ts';

export type Literal = string | boolean | null;
export type Comparison = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';

export type Filter =
  | { readonly kind: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'not'; readonly operand: Filter }
  | { readonly kind: 'compare'; readonly path: string; readonly operator: Comparison; readonly value: Literal }
  | { readonly kind: 'in'; readonly path: string; readonly values: readonly Literal[] }
  | { readonly kind: 'call'; readonly name: string; readonly path: string | null; readonly values: readonly Literal[] };

const COMPARISONS: readonly string[] = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] satisfies Comparison[];

/** `or` binds loosest, then `and`, then `not` (OData 4.01 URL conventions, 5.1.1.17). */
export function parseFilter(text: string): Filter {
  const reader = new Reader(tokenize(text));
  const filter = either(reader);
  if (!reader.done()) throw new FilterError(`Syntax error at '${reader.next().text}'.`);
  return filter;
}

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  done(): boolean {
    return this.#at >= this.#tokens.length;
  }

  next(): Token {
    const token = this.#tokens[this.#at++];
    if (!token) throw new FilterError('Expression expected at the end.');
    return token;
  }

  /** Takes the next token where it is this one. */
  take(text: string): boolean {
    const token = this.#tokens[this.#at];
    const same = token?.kind !== 'text' && token?.text === text;
    if (same) this.#at++;
    return same;
  }

  expect(text: string): void {
    if (!this.take(text)) throw new FilterError(`'${text}' expected.`);
  }
}

function either(reader: Reader): Filter {
  let left = both(reader);
  while (reader.take('or')) left = { kind: 'or', left, right: both(reader) };
  return left;
}

function both(reader: Reader): Filter {
  let left = single(reader);
  while (reader.take('and')) left = { kind: 'and', left, right: single(reader) };
  return left;
}

function single(reader: Reader): Filter {
  if (reader.take('not')) return { kind: 'not', operand: single(reader) };
  if (reader.take('(')) {
    const inner = either(reader);
    reader.expect(')');
    return inner;
  }
  const name = word(reader);
  return reader.take('(') ? call(reader, name) : comparison(reader, name);
}

function comparison(reader: Reader, path: string): Filter {
  const operator = word(reader);
  if (operator === 'in') {
    reader.expect('(');
    return { kind: 'in', path, values: literals(reader) };
  }
  if (!isComparison(operator)) throw new FilterError(`Unknown operator '${operator}'.`);
  return { kind: 'compare', path, operator, value: literal(reader.next()) };
}

// A function of a property has that property first and values after it; any other has values only.
function call(reader: Reader, name: string): Filter {
  if (reader.take(')')) return { kind: 'call', name, path: null, values: [] };
  const first = reader.next();
  if (first.kind === 'text') {
    const rest = reader.take(',') ? literals(reader) : closed(reader);
    return { kind: 'call', name, path: null, values: [first.text, ...rest] };
  }
  reader.expect(',');
  return { kind: 'call', name, path: first.text, values: literals(reader) };
}

function closed(reader: Reader): readonly Literal[] {
  reader.expect(')');
  return [];
}

function literals(reader: Reader): readonly Literal[] {
  const values = [literal(reader.next())];
  while (reader.take(',')) values.push(literal(reader.next()));
  reader.expect(')');
  return values;
}

function literal({ kind, text }: Token): Literal {
  if (kind === 'sign') throw new FilterError(`Value expected at '${text}'.`);
  if (kind === 'text') return text;
  if (text === 'null') return null;
  return text === 'true' || text === 'false' ? text === 'true' : text;
}

function word(reader: Reader): string {
  const { kind, text } = reader.next();
  if (kind !== 'word') throw new FilterError(`Syntax error at '${text}'.`);
  return text;
}

function isComparison(text: string): text is Comparison {
  return COMPARISONS.includes(text);
}

/** Every property that the filter looks at. */
export function pathsOf(filter: Filter): readonly string[] {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return [...pathsOf(filter.left), ...pathsOf(filter.right)];
    case 'not':
      return pathsOf(filter.operand);
    case 'call':
      return filter.path === null ? [] : [filter.path];
    default:
      return [filter.path];
  }
}
