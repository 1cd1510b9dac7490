import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { endLine, entryLine, headLine, sealLine } from '../../shared/domain/export.ts';
import { type Entry, type EntryBody, entryAfter } from '../../shared/domain/ledger.ts';
import { type PublicKey, publicKeySchema, thumbprint } from '../../shared/domain/public-key.ts';
import { type Leaf, type Seal, sealAfter, statementText, type Unsigned } from '../../shared/domain/seal.ts';
import { at, minute } from './domain-time.ts';

export const origin = 'quell:7e0a4b1c-3f52-4d86-9c1e-5a6b7c8d9e0f';

export interface SealKey {
  readonly id: string;
  readonly key: PublicKey;
  readonly privateKey: KeyObject;
}

/** A new key to sign seals with. */
export function newSealKey(): SealKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' });
  const key = publicKeySchema.parse({ kty, crv, x, y });
  return { id: thumbprint(key), key, privateKey };
}

export function signed(unsigned: Unsigned, { privateKey }: SealKey): Seal {
  const text = Buffer.from(statementText(unsigned.statement));
  const signature = sign('sha256', text, { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  return { ...unsigned, signature };
}

/** What is sealed together: entries that were not before, in order. */
export interface History {
  readonly entries: readonly Entry[];
  readonly seals: readonly Seal[];
  readonly key: SealKey;
}

/** What an entry of the test says; different for every number. */
export function bodyOf(index: number): EntryBody {
  const data = { index, list: [index, null, 'ü'], of: { nested: true } };
  return { time: at(index * minute), type: `kind-${index % 4}`, actor: index % 3 === 0 ? 'quell' : 'person:a', data };
}

/** Journals that grow in turn, sealed whenever `perSeal` entries are new. */
export function historyOf(
  size: { journals: number; entries: number; perSeal: number; sealAll?: boolean },
  key: SealKey = newSealKey(),
): History {
  const journals = Array.from({ length: size.journals }, (_, index): Entry[] => [
    entryAfter(`run-${String(index).padStart(6, '0')}`, null, bodyOf(index)),
  ]);
  const inOrder: Entry[] = journals.flat();
  while (inOrder.length < size.entries) {
    const index = inOrder.length;
    // Not in equal steps: some journals are long and some short.
    const journal = journals[(index * index + index) % size.journals] ?? [];
    const previous = journal.at(-1) ?? null;
    const entry = entryAfter(previous?.journal ?? '', previous, bodyOf(index));
    journal.push(entry);
    inOrder.push(entry);
  }
  const seals: Seal[] = [];
  for (let start = 0; start < inOrder.length; start += size.perSeal)
    seals.push(nextSeal(seals.at(-1) ?? null, inOrder.slice(start, start + size.perSeal), key));
  return { entries: journals.flat(), seals, key };
}

export function nextSeal(previous: Seal | null, leaves: readonly Leaf[], key: SealKey): Seal {
  const number = (previous?.statement.number ?? 0) + 1;
  return signed(sealAfter(previous, leaves, { origin, time: at(number * minute), key: key.key }), key);
}

/** The lines of its export; `second` are the seals of the second place. */
export function exportOf(
  { entries, seals }: Pick<History, 'entries' | 'seals'>,
  second: readonly Seal[] = [],
  time: string = at(24 * 60 * minute),
): string[] {
  return [
    headLine({ origin, time }),
    ...seals.map((seal) => sealLine(seal, 'first')),
    ...second.map((seal) => sealLine(seal, 'second')),
    ...entries.map(entryLine),
    endLine,
  ];
}
