import { type DKIMResult, type DKIMVerifyOptions, dkimVerify, dmarc } from 'mailauth';
import { Fault } from '../../domain/fault.ts';
import type { Clock } from '../../ports.ts';
import { mailDate } from './mail-date.ts';
import { type Letter, signedFields } from './prefilter.ts';
import { type Resolve, watched } from './resolver.ts';

export interface MailTrust {
  /** Domains whose signature counts. */
  readonly senderDomains: readonly string[];
  readonly resolve: Resolve;
  readonly now: Clock;
}

const dayMs = 24 * 60 * 60 * 1000;

/**
 * The domain that vouches for a mail: it passes DMARC through an aligned DKIM signature of a domain on the list that
 * covers everything we read. SPF and ARC have no say, nor has anything another server wrote into the header
 * (reliability, §2.2 step 3).
 * @throws Fault `refuse` (403); `retry` where the DNS gave no answer
 */
export async function vouchingDomain(letter: Letter, trust: MailTrust): Promise<string> {
  checkFresh(letter, trust.now());
  const dns = watched(trust.resolve);
  const options = {
    resolver: onlyKeysOf(trust.senderDomains, dns.resolve),
    minBitLength: 2048,
    strict: true,
    curTime: new Date(trust.now()),
  };
  const results = await verified(letter, options);
  const judged = results.map((result) => ({ result, problem: problemOf(result, letter, trust) }));
  const good = judged.flatMap(({ result, problem }) => (problem === null ? [domainOf(result)] : []));
  if (good.length === 0) {
    if (dns.unanswered()) throw noAnswer();
    throw refused('mail-signature', `no signature counts: ${judged.map(({ problem }) => problem).join('; ')}`);
  }
  const verdict = await dmarc({
    headerFrom: [letter.from.address],
    fromFields: 1,
    spfDomains: [],
    dkimDomains: good.map((domain) => ({ domain })),
    resolver: dns.resolve,
    strict: true,
  });
  const aligned = verdict && verdict.status.result === 'pass' ? verdict.alignment.dkim.result : undefined;
  if (typeof aligned === 'string') return aligned;
  if (dns.unanswered()) throw noAnswer();
  throw refused('mail-dmarc', `DMARC of ${letter.from.domain} says ${verdict ? verdict.status.result : 'nothing'}`);
}

/** What nobody foresaw in a signature is no reason to stop: the mail is not believed, and that is all. */
async function verified(letter: Letter, options: DKIMVerifyOptions): Promise<readonly DKIMResult[]> {
  try {
    return (await dkimVerify(Buffer.from(letter.raw), options)).results;
  } catch (cause) {
    throw refused('mail-signature', 'its signatures cannot be read', cause);
  }
}

function checkFresh(letter: Letter, now: string): void {
  const date = mailDate(letter.fields.get('date') ?? '');
  if (date === null) throw refused('mail-stale', 'its Date cannot be read');
  if (Math.abs(Date.parse(now) - date.getTime()) > dayMs) {
    throw refused('mail-stale', `its Date, ${date.toISOString()}, is more than a day away from now`);
  }
}

/** Why a signature does not count; null where it does. */
function problemOf(result: DKIMResult, letter: Letter, trust: MailTrust): string | null {
  const domain = domainOf(result);
  if (result.status.result === 'none') return 'there is none';
  if (!trust.senderDomains.includes(domain)) return `${domain} is not on the list of senders`;
  if (result.status.result !== 'pass') return `that of ${domain}: ${reasonOf(result)}`;
  if (result.canonBodyLengthLimited !== false) return `that of ${domain} leaves the length of the body open`;
  const uncovered = uncoveredOf(result, letter);
  return uncovered.length > 0 ? `that of ${domain} does not cover ${uncovered.join(', ')}` : null;
}

function reasonOf({ status }: DKIMResult): string {
  return status.comment ?? status.policy?.['dkim-rules'] ?? status.result;
}

/**
 * What we read and the signature does not cover. An encoding named in an uncovered field could be anybody's and would
 * change what the body says, unless it names none at all.
 */
function uncoveredOf(result: DKIMResult, letter: Letter): readonly string[] {
  const covered = (result.signingHeaders?.keys ?? '').toLowerCase().split(': ');
  const encoding = letter.fields.get('content-transfer-encoding') ?? '7bit';
  const needed: string[] = [...signedFields];
  if (!/^(7bit|8bit)$/i.test(encoding)) needed.push('content-transfer-encoding');
  return needed.filter((name) => !covered.includes(name));
}

function domainOf(result: DKIMResult): string {
  return (result.signingDomain ?? '').toLowerCase();
}

/** A signature of a domain that does not count is not worth a question, and its owner shall not keep us waiting. */
function onlyKeysOf(domains: readonly string[], resolve: Resolve): Resolve {
  return async (name, type) => {
    const domain = name.split('._domainkey.').at(-1)?.toLowerCase() ?? '';
    if (domains.includes(domain)) return resolve(name, type);
    throw Object.assign(new Error(`${name} is not looked up`), { code: 'ENOTFOUND' });
  };
}

function refused(code: string, what: string, cause?: unknown): Fault {
  return new Fault('refuse', code, `The mail is not believed: ${what}.`, { cause });
}

function noAnswer(): Fault {
  return new Fault('retry', 'mail-dns', 'The mail cannot be judged now: the DNS gave no answer.');
}
