import { Fault } from '../../domain/fault.ts';

/** A mail that came through the prefilter: its header fields are plain enough that every reader reads them the same. */
export interface Letter {
  readonly raw: Uint8Array;
  /** Value by lower-case name, unfolded; only of the fields that may be there once. */
  readonly fields: ReadonlyMap<string, string>;
  /** The one mailbox in From. */
  readonly from: { readonly address: string; readonly domain: string };
}

/** Fields the signature has to cover; a mail without one of them could be given it by anybody. */
export const signedFields = ['from', 'to', 'subject', 'date', 'message-id', 'content-type'] as const;

const onceAtMost = new Set<string>([
  ...signedFields,
  ...['sender', 'reply-to', 'cc', 'mime-version', 'content-transfer-encoding'],
]);

const limits = { headerBytes: 64 * 1024, fields: 200, line: 998, signatures: 10, delimiters: 100, multiparts: 8 };

/** Local part and domain as plain atoms: no quoting, no comments, no literals. */
const address = String.raw`([A-Za-z0-9!#$%&'*+/=?^_\x60{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_\x60{|}~-]+)*)@((?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63})`;
const bareMailbox = new RegExp(`^${address}$`);
const namedMailbox = new RegExp(String.raw`^(?:"[^"\\]*"|[^"\\<>()\[\]:;,@]*)[ \t]*<${address}>$`);

/**
 * Judges the bytes of a mail before any parser sees them: parsers disagree on what is ambiguous, and some of them can
 * be killed by it (reliability, §2.2 step 2).
 * @throws Fault `refuse` (403)
 */
export function prefilter(raw: Uint8Array): Letter {
  // Latin-1 keeps one character per byte, so positions and lengths are those of the bytes.
  const text = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('latin1');
  checkBytes(text);
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) throw malformed('its header has no end');
  if (end > limits.headerBytes) throw malformed(`its header has more than ${limits.headerBytes} bytes`);
  const fields = onlyOnce(fieldsOf(text.slice(0, end)));
  checkParts(text.slice(end));
  return { raw, fields, from: mailboxOf(fields.get('from') ?? '') };
}

function checkBytes(text: string): void {
  if (text.includes('\0')) throw malformed('it has a NUL byte');
  const lineEnds = count(text, '\r\n');
  if (count(text, '\r') !== lineEnds || count(text, '\n') !== lineEnds) throw malformed('it has a bare CR or LF');
}

type Field = readonly [name: string, value: string];

function fieldsOf(header: string): readonly Field[] {
  const fields: [string, string][] = [];
  for (const line of header.split('\r\n')) {
    if (line.length > limits.line) throw malformed(`a header line has more than ${limits.line} bytes`);
    if (!/^[\t\x20-\x7e]*$/.test(line)) throw malformed('a header line has a byte that is not printable ASCII');
    addLine(fields, line);
    if (fields.length > limits.fields) throw malformed(`it has more than ${limits.fields} header fields`);
  }
  return fields;
}

function addLine(fields: [string, string][], line: string): void {
  const last = fields.at(-1);
  if (/^[ \t]/.test(line)) {
    if (!last || line.trim() === '') throw malformed('a folded header line continues nothing');
    last[1] += line;
    return;
  }
  const field = /^([\x21-\x39\x3b-\x7e]+):(.*)$/.exec(line);
  if (!field) throw malformed('a header line is no field');
  fields.push([(field[1] ?? '').toLowerCase(), field[2] ?? '']);
}

function onlyOnce(fields: readonly Field[]): ReadonlyMap<string, string> {
  const names = fields.map(([name]) => name);
  const twice = names.find((name, index) => onceAtMost.has(name) && names.indexOf(name) !== index);
  if (twice) throw malformed(`the field ${twice} is there more than once`);
  const missing = signedFields.filter((name) => !names.includes(name));
  if (missing.length > 0) throw malformed(`it lacks ${missing.join(', ')}`);
  if (names.filter((name) => name === 'dkim-signature').length > limits.signatures) {
    throw malformed(`it has more than ${limits.signatures} signatures`);
  }
  return new Map(fields.filter(([name]) => onceAtMost.has(name)).map(([name, value]) => [name, value.trim()]));
}

/**
 * Every delimiter of a multipart starts a line with two hyphens and every level of nesting names `multipart/`: counting
 * those bounds both, whatever a parser makes of the boundaries.
 */
function checkParts(body: string): void {
  if (count(body, '\r\n--') > limits.delimiters) throw malformed(`it has more than ${limits.delimiters} boundaries`);
  if (count(body.toLowerCase(), 'multipart/') >= limits.multiparts) throw malformed('its parts are nested too deep');
}

function mailboxOf(value: string): Letter['from'] {
  const mailbox = bareMailbox.exec(value) ?? namedMailbox.exec(value);
  const [, local, domain] = mailbox ?? [];
  if (local === undefined || domain === undefined) throw malformed('From is not exactly one plain mailbox');
  return { address: `${local}@${domain.toLowerCase()}`, domain: domain.toLowerCase() };
}

function count(text: string, part: string): number {
  let found = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) found += 1;
  return found;
}

function malformed(what: string): Fault {
  return new Fault('refuse', 'mail-malformed', `The mail is not taken: ${what}.`);
}
