import { createHash, createPublicKey, verify } from 'node:crypto';
import { z } from 'zod';
import { canonical } from './json.ts';

/** A public key for ES256 (RFC 7518 §6.2). */
export const publicKeySchema = z.strictObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string().regex(/^[\w-]{43}$/),
  y: z.string().regex(/^[\w-]{43}$/),
});
export type PublicKey = z.infer<typeof publicKeySchema>;

/** Thumbprint of a key (RFC 7638): what somebody compares who got the key from elsewhere. */
export function thumbprint(key: PublicKey): string {
  return createHash('sha256').update(canonical(key)).digest('base64url');
}

/** Is it this key's ES256 signature of the text? @param signature 64 bytes in base64url */
export function isSigned(key: PublicKey, text: string, signature: string): boolean {
  const bytes = Buffer.from(signature, 'base64url');
  // 86 characters hold four bits more than 64 bytes: only one way of writing them counts.
  if (bytes.toString('base64url') !== signature) return false;
  const pem = keyObject(key);
  return pem !== null && verify('sha256', Buffer.from(text), { key: pem, dsaEncoding: 'ieee-p1363' }, bytes);
}

function keyObject(key: PublicKey) {
  try {
    return createPublicKey({ key, format: 'jwk' });
  } catch {
    return null;
  }
}
