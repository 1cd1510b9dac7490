import type { IRichTextBlock, ITextBlock, ITextRun } from '@microsoft/teams.cards';

/** How much a card may hold: characters of one text, items of one list. */
export interface Room {
  readonly text: number;
  readonly items: number;
}

/** Control, bidirectional and invisible characters: they hide, reorder or break what is shown. */
const unshowable = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]+/gu;

/** Text of others as one line that shows what it says, cut to `max` characters. */
export function plain(text: string, max: number): string {
  const line = text.toWellFormed().replace(unshowable, ' ').replace(/\s+/g, ' ').trim();
  if (line.length <= max) return line === '' ? '–' : line;
  return `${line.slice(0, max - 1).toWellFormed()}…`;
}

/**
 * Text that is not ours, as it stands: Teams reads Markdown in a TextBlock and in facts, so a link or bold in an alert would be
 * one on the card; in a TextRun it is only text.
 */
export function words(text: string, room: Room, look: Partial<Omit<ITextRun, 'type' | 'text'>> = {}): ITextRun {
  return { type: 'TextRun', text: plain(text, room.text), ...look };
}

/** Text of a line: text of others is always a TextRun, our own may be the bare text, which is shorter. */
export type Inline = ITextRun | string;

/** Our own words between the others'. */
export function said(text: string, look?: Partial<Omit<ITextRun, 'type' | 'text'>>): Inline {
  return look ? { type: 'TextRun', text, ...look } : text;
}

export function line(inlines: Inline[], look: Partial<Omit<IRichTextBlock, 'type' | 'inlines'>> = {}): IRichTextBlock {
  return { type: 'RichTextBlock', inlines, ...look };
}

/** A heading of a part, always our own words. */
export function heading(text: string): ITextBlock {
  return { type: 'TextBlock', text, weight: 'Bolder', spacing: 'Medium', wrap: true };
}

/** A name and what it is: what FactSet would be, without its Markdown. */
export function fact(name: string, value: Inline[]): IRichTextBlock {
  return line([{ type: 'TextRun', text: `${name}  `, isSubtle: true }, ...value], { spacing: 'Small' });
}

/** A time to the minute, in the one zone everybody can convert. */
export function minute(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`;
}
