import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Fault } from '../domain/fault.ts';
import { publicKeySchema } from '../domain/public-key.ts';
import type { Signer } from '../ports-custody.ts';

/** Signs with a key in a PEM file (PKCS #8, P-256): for a trial on this machine, since whoever reads the file has the key. */
export function keyFileSigner(file: string): Signer {
  const load = async () => {
    try {
      return createPrivateKey(await readFile(file));
    } catch (cause) {
      throw new Fault('halt', 'seal-key', `${file} is no private key.`, { cause });
    }
  };
  let key: ReturnType<typeof load> | null = null;
  const loaded = () => {
    key ??= load();
    return key;
  };
  return {
    key: async () => {
      const { kty, crv, x, y } = createPublicKey(await loaded()).export({ format: 'jwk' });
      const parsed = publicKeySchema.safeParse({ kty, crv, x, y });
      if (!parsed.success) throw new Fault('halt', 'seal-key', `The key in ${file} is not one for ES256.`);
      return parsed.data;
    },
    sign: async (text) => {
      const signature = sign('sha256', Buffer.from(text), { key: await loaded(), dsaEncoding: 'ieee-p1363' });
      return signature.toString('base64url');
    },
  };
}
