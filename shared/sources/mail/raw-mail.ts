import { Fault } from '../../domain/fault.ts';

const maxParts = 40;

/**
 * The mail as it was received, byte for byte. From SendGrid's Inbound Parse it comes in the form field `email`; a post
 * that has been parsed already carries no evidence of who sent it.
 * @throws Fault `refuse` (403) where there is no raw mail
 */
export function rawMail(bytes: Uint8Array, contentType: string): Uint8Array {
  if (!/^multipart\/form-data\b/i.test(contentType.trim())) return bytes;
  const form = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const mails = partsOf(form, boundaryOf(contentType)).filter((part) => nameOf(part.head) === 'email');
  const [mail] = mails;
  if (mail && mails.length === 1) return mail.body;
  throw noMail(mail ? 'it has more than one field "email"' : 'turn on "POST the raw, full MIME message"');
}

interface Part {
  readonly head: string;
  readonly body: Buffer;
}

/** `FormData` would decode the field as text, and a byte that changes breaks the signature; so the bytes are cut out. */
function partsOf(form: Buffer, boundary: string): readonly Part[] {
  const delimiter = `\r\n--${boundary}`;
  const parts: Part[] = [];
  let at = form.indexOf(`--${boundary}`) === 0 ? delimiter.length - 2 : afterDelimiter(form, delimiter, 0);
  while (at >= 0 && parts.length <= maxParts && form.subarray(at, at + 2).toString('latin1') === '\r\n') {
    const end = form.indexOf(delimiter, at);
    const headEnd = form.indexOf('\r\n\r\n', at);
    if (end < 0 || headEnd < 0 || headEnd > end) throw noMail('the form is cut off');
    parts.push({ head: form.subarray(at, headEnd).toString('latin1'), body: form.subarray(headEnd + 4, end) });
    at = end + delimiter.length;
  }
  return parts;
}

function afterDelimiter(form: Buffer, delimiter: string, from: number): number {
  const found = form.indexOf(delimiter, from);
  return found < 0 ? -1 : found + delimiter.length;
}

function boundaryOf(contentType: string): string {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) throw noMail('the form names no boundary');
  return boundary;
}

function nameOf(head: string): string | undefined {
  return /^content-disposition:[^\r\n]*;\s*name="?([^";\r\n]*)/im.exec(head)?.[1];
}

function noMail(why: string): Fault {
  return new Fault('refuse', 'no-raw-mail', `The post has no raw mail, so nothing shows who sent it: ${why}.`);
}
