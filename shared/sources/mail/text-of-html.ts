const entities: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', shy: '', zwnj: '', zwj: '' },
  ...{ ndash: '–', mdash: '—', hellip: '…', middot: '·', bull: '•', copy: '©', reg: '®', num: '#', colon: ':' },
};

/** Elements whose content is not for reading. */
const silent = new Set(['script', 'style', 'head', 'title', 'template', 'noscript']);

/** Elements that stand on lines of their own, except inside one cell among others. */
const blocks = new Set(
  'address article br div dd dl dt footer h1 h2 h3 h4 h5 h6 header hr li ol p pre section ul'.split(' '),
);
const softBreak = '\v';

const rows = new Set(['table', 'thead', 'tbody', 'tfoot', 'tr']);

const cells = new Set(['td', 'th']);

/**
 * The text of an HTML body: a line per block or table row, a tab between cells. Nothing is fetched. One pass over the
 * text, so that no input makes it slow.
 */
export function textOfHtml(html: string): string {
  const parts: string[] = [];
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    const end = open < 0 ? html.length : open;
    parts.push(decoded(html.slice(at, end)).replace(/\s+/g, ' '));
    if (open < 0) break;
    const tag = tagAt(html, open);
    parts.push(tag.text);
    at = tag.end;
  }
  return parts.join('').split('\n').flatMap(linesOf).join('\n');
}

interface Tag {
  readonly text: string;
  readonly end: number;
}

function tagAt(html: string, open: number): Tag {
  if (html.startsWith('<!--', open)) return { text: '', end: after(html, '-->', open + 4) };
  const [, slash = '', name = ''] = /^<(\/?)([a-z][a-z0-9]*)/i.exec(html.slice(open, open + 20)) ?? [];
  const tag = name.toLowerCase();
  if (tag === '' && !/^<[!?/]/.test(html.slice(open, open + 2))) return { text: '<', end: open + 1 };
  const end = tagEnd(html, open);
  if (slash === '' && silent.has(tag)) return { text: '', end: endOfSilent(html, tag, end) };
  if (cells.has(tag)) return { text: slash === '' ? '' : '\t', end };
  if (rows.has(tag)) return { text: '\n', end };
  return { text: blocks.has(tag) ? softBreak : '', end };
}

/** Behind the `>` that closes the tag; one inside a quoted attribute does not. */
function tagEnd(html: string, open: number): number {
  let quote = '';
  for (let at = open + 1; at < html.length; at += 1) {
    const character = html.charAt(at);
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '>') return at + 1;
    else if ((character === '"' || character === "'") && html.charAt(at - 1) === '=') quote = character;
  }
  return html.length;
}

/** Behind the closing tag; where it is missing, everything is swallowed, as a browser would. */
function endOfSilent(html: string, tag: string, from: number): number {
  for (let close = html.indexOf('</', from); close >= 0; close = html.indexOf('</', close + 2)) {
    if (html.slice(close + 2, close + 2 + tag.length).toLowerCase() === tag) return tagEnd(html, close);
  }
  return html.length;
}

function after(html: string, what: string, from: number): number {
  const found = html.indexOf(what, from);
  return found < 0 ? html.length : found + what.length;
}

function decoded(text: string): string {
  return text.replace(/&(#x[0-9a-f]{1,6}|#[0-9]{1,7}|[a-z]{2,8});/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return entities[name.toLowerCase()] ?? whole;
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : '\ufffd';
  });
}

/** A row of several cells is one line; a single cell, as layouts use it, holds ordinary lines. */
function linesOf(row: string): readonly string[] {
  const tidy = row.split('\t').map((cell) => cell.split(softBreak).map((line) => line.trim()));
  const filled = tidy.map((lines) => lines.filter((line) => line !== ''));
  const [only, ...others] = filled.filter((lines) => lines.length > 0);
  if (!only) return [];
  if (others.length === 0) return only;
  return [
    filled
      .map((lines) => lines.join(' '))
      .join('\t')
      .trimEnd(),
  ];
}
