import type { AuditRecord } from './audit-record.ts';
import { Fault } from './fault.ts';

/*
 * The grammar of the product's audit query and activity alerts, as text: attributes with "is", "is not", "contains", "not
 * contains", "in" and "not in", joined by "and" and "or", where "and" binds tighter and parentheses tighter still.
 * https://learn.microsoft.com/entra/permissions-management/product-audit-trail
 */

/** Which fields of a record an attribute looks at: one that fits is enough. */
export const attributes = {
  username: ['username'],
  identity: ['identity'],
  resource: ['resource'],
  'resource-type': ['resourceType'],
  task: ['task'],
  state: ['state'],
  role: ['role'],
  system: ['system', 'systemName'],
  'system-type': ['systemType'],
  actor: ['actor'],
  entry: ['entry'],
  risk: ['risk'],
  playbook: ['playbook'],
  source: ['source'],
  rule: ['rule'],
  says: ['says'],
} as const satisfies Readonly<Record<string, readonly (keyof AuditRecord)[]>>;
export type Attribute = keyof typeof attributes;

/** What the product's query can ask and no ledger of ours can answer. */
const unknownToUs: ReadonlySet<string> = new Set(['role-session-name', 'access-key-id', 'tag-key', 'tag-value']);

/** Names of the product for the same. */
const otherNames: Readonly<Record<string, Attribute>> = {
  'resource-name': 'resource',
  'task-name': 'task',
  'role-name': 'role',
  'authorization-system': 'system',
  'authorization-system-type': 'system-type',
};

/** `is` and `in` compare the whole value, `contains` a part; upper and lower case are the same. */
export interface Comparison {
  readonly attribute: Attribute;
  readonly operator: 'is' | 'contains' | 'in';
  readonly negated: boolean;
  readonly values: readonly string[];
}
export type Condition = Comparison | { readonly and: readonly Condition[] } | { readonly or: readonly Condition[] };

/** Does the record fit? */
export function holds(condition: Condition, record: AuditRecord): boolean {
  if ('and' in condition) return condition.and.every((one) => holds(one, record));
  if ('or' in condition) return condition.or.some((one) => holds(one, record));
  const { attribute, operator, negated, values } = condition;
  const texts = attributes[attribute].map((field) => record[field].toLowerCase());
  const fits = values.some((value) => {
    const wanted = value.toLowerCase();
    return texts.some((text) => (operator === 'contains' ? text.includes(wanted) : text === wanted));
  });
  return fits !== negated;
}

/** The condition as text that is read as the same condition. */
export function conditionText(condition: Condition): string {
  if ('and' in condition) return condition.and.map(inBrackets).join(' and ');
  if ('or' in condition) return condition.or.map(inBrackets).join(' or ');
  const { attribute, operator, negated, values } = condition;
  const quoted = values.map((value) => JSON.stringify(value));
  const list = operator === 'in' ? `(${quoted.join(', ')})` : (quoted[0] ?? '""');
  const verb = {
    is: negated ? 'is not' : 'is',
    contains: negated ? 'not contains' : 'contains',
    in: negated ? 'not in' : 'in',
  };
  return `${attribute} ${verb[operator]} ${list}`;
}

function inBrackets(condition: Condition): string {
  return 'attribute' in condition ? conditionText(condition) : `(${conditionText(condition)})`;
}

const longest = 4000;

/** Reads a condition. @throws Fault `reject` that says what is wrong and where */
export function readCondition(text: string): Condition {
  if (text.length > longest) throw wrong(`a condition has ${longest} characters at most`, 0);
  const reader = readerOf(text);
  const condition = readOr(reader, 0);
  const rest = reader.peek();
  if (rest) throw wrong(`"${rest.text}" is one too many`, rest.at);
  return condition;
}

interface Token {
  readonly text: string;
  /** The value of a quoted text; null for a word or a sign. */
  readonly value: string | null;
  readonly at: number;
}
interface Reader {
  readonly peek: () => Token | undefined;
  readonly next: (wanted: string) => Token;
  /** Takes the next token if it is this word. */
  readonly take: (word: string) => boolean;
}

const tokenPattern = /\s*(?:("(?:[^"\\]|\\.)*")|([(),])|([^\s"(),]+))/y;

function readerOf(text: string): Reader {
  const tokens = tokensOf(text);
  let index = 0;
  const peek = () => tokens[index];
  return {
    peek,
    next: (wanted) => {
      const token = peek();
      if (!token) throw wrong(`${wanted} is missing`, text.length);
      index += 1;
      return token;
    },
    take: (word) => {
      const token = peek();
      const found = token?.value === null && token.text.toLowerCase() === word;
      if (found) index += 1;
      return found;
    },
  };
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  let at = 0;
  while (at < end) {
    tokenPattern.lastIndex = at;
    const found = tokenPattern.exec(text);
    if (!found) throw wrong('a quotation mark is missing', at);
    const [, quoted, sign, word] = found;
    const written = quoted ?? sign ?? word ?? '';
    const start = tokenPattern.lastIndex - written.length;
    tokens.push({ text: written, value: quoted === undefined ? null : unquoted(quoted, start), at: start });
    at = tokenPattern.lastIndex;
  }
  return tokens;
}

function unquoted(quoted: string, at: number): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    throw wrong(`${quoted} cannot be read; write a quotation mark in it as \\"`, at);
  }
}

/** Nobody writes deeper, and the stack is finite. */
const deepest = 20;

function readOr(reader: Reader, depth: number): Condition {
  const first = readAnd(reader, depth);
  const more: Condition[] = [];
  while (reader.take('or')) more.push(readAnd(reader, depth));
  return more.length === 0 ? first : { or: [first, ...more] };
}

function readAnd(reader: Reader, depth: number): Condition {
  const first = readTerm(reader, depth);
  const more: Condition[] = [];
  while (reader.take('and')) more.push(readTerm(reader, depth));
  return more.length === 0 ? first : { and: [first, ...more] };
}

function readTerm(reader: Reader, depth: number): Condition {
  const at = reader.peek()?.at ?? 0;
  if (!reader.take('(')) return readComparison(reader);
  if (depth === deepest) throw wrong(`more than ${deepest} parentheses in each other`, at);
  const condition = readOr(reader, depth + 1);
  closing(reader);
  return condition;
}

function closing(reader: Reader): void {
  const token = reader.next('")"');
  if (token.value !== null || token.text !== ')') throw wrong(`")" is missing before ${token.text}`, token.at);
}

function readComparison(reader: Reader): Comparison {
  const attribute = attributeOf(reader.next('an attribute'));
  const { operator, negated } = readOperator(reader);
  return { attribute, operator, negated, values: operator === 'in' ? readList(reader) : [textOf(reader)] };
}

function attributeOf({ text, value, at }: Token): Attribute {
  const name = text.toLowerCase();
  const known = isAttribute(name) ? name : otherNames[name];
  if (value === null && known) return known;
  if (unknownToUs.has(name)) throw wrong(`Quell has no data on ${name}; the audit log of the cloud has`, at);
  throw wrong(`${text} is no attribute; there are ${Object.keys(attributes).join(', ')}`, at);
}

function isAttribute(name: string): name is Attribute {
  return Object.hasOwn(attributes, name);
}

function readOperator(reader: Reader): Pick<Comparison, 'operator' | 'negated'> {
  if (reader.take('is')) return { operator: 'is', negated: reader.take('not') };
  const negated = reader.take('not');
  if (reader.take('contains')) return { operator: 'contains', negated };
  if (reader.take('in')) return { operator: 'in', negated };
  const { text, at } = reader.next('is, contains or in');
  throw wrong(`${text} is no operator; there are is, is not, contains, not contains, in, not in`, at);
}

function readList(reader: Reader): readonly string[] {
  const open = reader.next('"("');
  if (open.text !== '(') throw wrong('a list is in parentheses: (one, two)', open.at);
  const values = [textOf(reader)];
  while (reader.take(',')) values.push(textOf(reader));
  closing(reader);
  return values;
}

function textOf(reader: Reader): string {
  const { text, value, at } = reader.next('a value');
  if (value === null && /^[(),]$/.test(text)) throw wrong('a value is missing', at);
  return value ?? text;
}

function wrong(message: string, at: number): Fault {
  return new Fault('reject', 'wrong-query', `where, at character ${at + 1}: ${message}.`);
}
