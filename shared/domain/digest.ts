import { createHash, hash } from 'node:crypto';
import { canonical, type Json } from './json.ts';

/** SHA-256 of bytes or text, 64 lower-case hex digits. */
export function sha256(data: Uint8Array | string): string {
  return hash('sha256', data, 'hex');
}

/** SHA-256 of the canonical JSON of a value, 64 lower-case hex digits. */
export function digestOf(value: Json): string {
  return sha256(canonical(value));
}

/** `prefix-` and the first 128 bits of the value's digest, as 32 hex digits: long enough that nobody can craft a twin. */
export function idOf(prefix: string, value: Json): string {
  return `${prefix}-${digestOf(value).slice(0, 32)}`;
}

/** RFC 4122 namespace of the names Quell derives; a fixed random UUID. */
const namespace = Buffer.from('b0e3ff9c4a4f4d0f9a6c3b8f7d5e21a7', 'hex');

/**
 * UUIDv5 (RFC 4122 §4.3) of a text in Quell's own namespace. Azure wants a GUID as the name of a role assignment;
 * a derived one makes the PUT a keyed create, so doing it twice is doing it once.
 */
export function uuidOf(text: string): string {
  const bytes = createHash('sha1').update(namespace).update(text).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
