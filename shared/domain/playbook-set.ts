import { z } from 'zod';
import { canonical, toJson } from './json.ts';
import type { Playbook } from './playbook.ts';

/** A playbook that was checked before it was kept: only that it is one is looked at. */
const setSchema = z.array(
  z.custom<Playbook>((value) => value !== null && typeof value === 'object' && 'digest' in value && 'on' in value),
);

/** A set of playbooks as bytes; the same set gives the same bytes. */
export function bytesOfPlaybooks(playbooks: readonly Playbook[]): Uint8Array {
  return new TextEncoder().encode(canonical(playbooks.map(toJson)));
}

/** The set that was made into these bytes. @throws where it is none */
export function playbooksOfBytes(bytes: Uint8Array): readonly Playbook[] {
  return setSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
}
