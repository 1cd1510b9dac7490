import { plain } from '../teams/card/text.ts';

/** Markup that is ours. Only `html` makes it, so nothing of others gets in unescaped. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What can stand in markup: text of anybody, which is escaped; markup; nothing; or several of them. */
export type Part = Html | string | number | null | readonly Part[];

/** The most of one text that is shown, in characters. */
const longest = 2000;

/** Markup with text put in. Text is escaped wherever it stands, also in quoted attributes, and shows what it says. */
export function html(markup: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(markup.map((piece, index) => piece + textOf(parts[index] ?? null)).join(''));
}

function textOf(part: Part): string {
  if (part === null) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'number') return String(part);
  return typeof part === 'string' ? escaped(part) : part.map(textOf).join('');
}

function escaped(text: string): string {
  if (text === '') return '';
  return plain(text, longest).replace(/[&<>"'`=]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Lines of ours with text of others in them, for a `pre`: line by line, so that none can add another. */
export function lines(texts: readonly string[]): Html {
  return new Html(texts.map((text) => `${indent(text)}${escaped(text)}`).join('\n'));
}

function indent(text: string): string {
  return ' '.repeat(text.length - text.trimStart().length);
}
