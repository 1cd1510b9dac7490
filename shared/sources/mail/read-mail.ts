import PostalMime from 'postal-mime';
import { Fault } from '../../domain/fault.ts';
import type { Letter } from './prefilter.ts';
import { textOfHtml } from './text-of-html.ts';

/** The most a body may have, in characters: an alert has a few hundred. */
const maxText = 64 * 1024;

/**
 * What a mail says, as plain text: its text part, else its HTML part, with everything invisible taken out. Attached
 * mails stay closed.
 * @throws Fault `reject`
 */
export async function textOfMail(letter: Letter): Promise<string> {
  const mail = await parsed(letter.raw);
  const text = mail.text?.trim() ? mail.text : textOfHtml(mail.html ?? '');
  if (text.length > maxText)
    throw new Fault('reject', 'mail-too-long', `The body has more than ${maxText} characters.`);
  return visible(text);
}

async function parsed(raw: Uint8Array) {
  try {
    return await PostalMime.parse(raw, {
      maxNestingDepth: 8,
      maxHeadersSize: 128 * 1024,
      maxRfc822NestingDepth: 0,
    });
  } catch (cause) {
    throw new Fault('reject', 'mail-unreadable', 'The mail cannot be parsed.', { cause });
  }
}

/**
 * Control and format characters (zero-width, bidirectional) out, except line ends and tabs; look-alikes of ASCII as ASCII
 * (reliability, §2.2 step 4).
 */
function visible(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{C}\n\t]/gu, '');
}
