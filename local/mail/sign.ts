import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { dkimSign } from 'mailauth';
import type { TxtRecords } from './dns-stand-in.ts';

/** Who signs mails, and what the DNS says about it. */
export interface Signer {
  readonly domain: string;
  readonly selector: string;
  /** PEM. */
  readonly privateKey: string;
  /** The DKIM key and a DMARC policy. */
  readonly records: TxtRecords;
}

/** What may be set otherwise than Quell wants it, so that tests can see it refused. */
export interface SignOptions {
  readonly headerList?: readonly string[];
  readonly expires?: Date;
  readonly signTime?: Date;
  readonly maxBodyLength?: number;
}

/** The header fields that Quell wants covered. */
const covered = [
  ...['From', 'To', 'Subject', 'Date', 'Message-ID', 'MIME-Version', 'Content-Type', 'Content-Transfer-Encoding'],
];

/** A signer with a fresh key: nothing that outlives the process. */
export function newSigner(
  domain: string,
  { selector = 'quell', key = 'rsa' as 'rsa' | 'ed25519', bits = 2048 } = {},
): Signer {
  const { publicKey, privateKey } =
    key === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: bits }) : generateKeyPairSync('ed25519');
  return {
    domain,
    selector,
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    records: new Map([
      [`${selector}._domainkey.${domain}`, `v=DKIM1; k=${key}; p=${publicPart(publicKey)}`],
      [`_dmarc.${domain}`, 'v=DMARC1; p=reject; adkim=r'],
    ]),
  };
}

/** The mail with a DKIM signature on top (relaxed/relaxed). */
export async function signed(mail: string, signer: Signer, options: SignOptions = {}): Promise<string> {
  const { headerList = covered, maxBodyLength, ...times } = options;
  const { domain: signingDomain, selector, privateKey } = signer;
  const length = maxBodyLength === undefined ? {} : { maxBodyLength };
  // Without `signatureData` mailauth signs nothing and says nothing, although its types want the settings outside it.
  const result = await dkimSign(Buffer.from(mail, 'latin1'), {
    ...{ canonicalization: 'relaxed/relaxed', signingDomain, selector, privateKey, ...times },
    signatureData: [{ signingDomain, selector, privateKey, headerList: [...headerList], ...length }],
  });
  const [failure] = result.errors;
  if (failure) throw failure.err;
  return result.signatures + mail;
}

/** RFC 8463: of an Ed25519 key the record holds the 32 bytes alone, of an RSA key the whole structure. */
function publicPart(key: KeyObject): string {
  const der = key.export({ type: 'spki', format: 'der' });
  return (key.asymmetricKeyType === 'ed25519' ? der.subarray(-32) : der).toString('base64');
}
