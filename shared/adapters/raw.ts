import type { Raw } from '../domain/alert.ts';
import { sha256 } from '../domain/digest.ts';
import { Fault } from '../domain/fault.ts';

const printable = /^[\x20-\x7e]{0,250}$/;
const hash = /^[0-9a-f]{64}$/;

/**
 * How a vault names these bytes.
 * @throws Fault `reject` (415) where the content type could not stand in a header
 */
export function rawOf(bytes: Uint8Array, contentType: string): Raw {
  if (!printable.test(contentType))
    throw new Fault('reject', 'content-type', 'The content type is not one.', { status: 415 });
  return { sha256: sha256(bytes), contentType, bytes: bytes.length };
}

/** @throws Fault `halt` where this is no SHA-256, so that nothing can have that name */
export function checkName(name: string): void {
  if (!hash.test(name))
    throw new Fault('halt', 'vault-name', 'Nothing in the vault can have this name.', { detail: { name } });
}

/** @returns the bytes, which are what their name says @throws Fault `halt` where they are missing or others */
export function checkBytes(name: string, bytes: Uint8Array | null): Uint8Array {
  if (bytes === null)
    throw new Fault('halt', 'vault-missing', `The vault does not have ${name}.`, { detail: { sha256: name } });
  if (sha256(bytes) !== name)
    throw new Fault('halt', 'vault-changed', `The bytes of ${name} were changed.`, { detail: { sha256: name } });
  return bytes;
}
