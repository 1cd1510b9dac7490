/** What is wrong with a text as JSON, and where: `offset` counts UTF-16 units from its start. */
export interface JsonProblem {
  readonly offset: number;
  readonly message: string;
}

const maxDepth = 32;

/** Keys that mean something to JavaScript itself; no notification has a use for them. */
const forbidden = new Set<unknown>(['__proto__', 'constructor', 'prototype']);

/**
 * Why a text is not JSON we take: a place is named, which the messages of `JSON.parse` do only sometimes. Nesting
 * deeper than 32, a key given twice (readers differ on which counts) and keys that touch prototypes are problems too.
 */
export function jsonProblem(text: string): JsonProblem | null {
  try {
    new Scanner(text).document();
    return null;
  } catch (error) {
    if (error instanceof NotJson) return { offset: error.offset, message: error.message };
    throw error;
  }
}

class NotJson extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

/** Walks over the brackets, commas and colons itself; strings, numbers and words are left to `JSON.parse`. */
class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): void {
    this.#value(0);
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#fail('the end');
  }

  #value(depth: number): void {
    if (this.#take('{')) this.#members('}', depth + 1);
    else if (this.#take('[')) this.#members(']', depth + 1);
    else this.#atom(this.#next() === '"' ? this.#stringEnd() : this.#wordEnd(), 'a value');
  }

  #members(close: string, depth: number): void {
    if (depth > maxDepth) throw new NotJson(this.#at, `more than ${maxDepth} levels of nesting`);
    if (this.#take(close)) return;
    const seen = new Set<unknown>();
    do {
      if (close === '}') this.#key(seen);
      this.#value(depth);
    } while (this.#take(','));
    if (!this.#take(close)) this.#fail(`',' or '${close}'`);
  }

  #key(seen: Set<unknown>): void {
    this.#skipSpace();
    const start = this.#at;
    if (this.#next() !== '"') this.#fail('a key in double quotes');
    const name = this.#atom(this.#stringEnd(), 'a key in double quotes');
    if (forbidden.has(name)) throw new NotJson(start, `the key "${name}" is not allowed`);
    if (seen.has(name)) throw new NotJson(start, `the key "${name}" is there twice`);
    seen.add(name);
    if (!this.#take(':')) this.#fail("':'");
  }

  #atom(end: number, expected: string): unknown {
    try {
      const value: unknown = JSON.parse(this.#text.slice(this.#at, end));
      this.#at = end;
      return value;
    } catch {
      return this.#fail(expected);
    }
  }

  #stringEnd(): number {
    let end = this.#at + 1;
    while (end < this.#text.length && this.#text.charAt(end) !== '"') end += this.#text.charAt(end) === '\\' ? 2 : 1;
    return end + 1;
  }

  #wordEnd(): number {
    let end = this.#at;
    while (end < this.#text.length && !' \t\r\n,:[]{}"'.includes(this.#text.charAt(end))) end += 1;
    return end;
  }

  #next(): string {
    return this.#text.charAt(this.#at);
  }

  #take(character: string): boolean {
    this.#skipSpace();
    if (this.#next() !== character) return false;
    this.#at += 1;
    return true;
  }

  #skipSpace(): void {
    while (this.#at < this.#text.length && ' \t\r\n'.includes(this.#next())) this.#at += 1;
  }

  #fail(expected: string): never {
    const found = this.#at < this.#text.length ? `'${this.#next()}'` : 'the end';
    throw new NotJson(this.#at, `${expected} expected, ${found} found`);
  }
}
