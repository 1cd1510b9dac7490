import { type Selection, selectionInWords, selectionNames, selectionOf } from '../shared/domain/selection.ts';
import type { Options } from './commands.ts';
import { Complaint } from './http.ts';

/** What the options select: `--where`, and an option for each of its names. @throws Complaint where it cannot be read */
export function selectionIn(options: Options, now = new Date().toISOString()): Selection {
  const single = selectionNames.flatMap((name) => (options[name] === undefined ? [] : [`${name}=${options[name]}`]));
  const selection = selectionOf(
    [...(options.where === undefined ? [] : [options.where]), ...single].join(' and '),
    now,
  );
  if (typeof selection === 'string') throw new Complaint(selection);
  return selection;
}

/** The option that selects the same again, with its times fixed. */
export function whereOption(selection: Selection): string {
  const words = selectionInWords(selection);
  return words === '' ? '' : ` --where ${quoted(words)}`;
}

/** A text as one word of a shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
