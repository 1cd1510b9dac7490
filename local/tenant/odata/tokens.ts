import { FilterError } from './filter-error.ts';

export interface Token {
  readonly kind: 'word' | 'text' | 'sign';
  readonly text: string;
}

const NEXT = /\s*(?:'((?:[^']|'')*)'|([(),])|([^\s'(),]+))/y;

/** A quote inside a text is doubled (OData 4.01 URL conventions). */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const source = text.trim();
  NEXT.lastIndex = 0;
  while (NEXT.lastIndex < source.length) {
    const at = NEXT.lastIndex;
    const match = NEXT.exec(source);
    if (!match) throw new FilterError(`There is an unterminated string literal at position ${at} in '${source}'.`);
    tokens.push(toToken(match));
  }
  return tokens;
}

function toToken([, quoted, sign, word = '']: RegExpExecArray): Token {
  if (quoted !== undefined) return { kind: 'text', text: quoted.replaceAll("''", "'") };
  return sign === undefined ? { kind: 'word', text: word } : { kind: 'sign', text: sign };
}
