import { sign } from 'node:crypto';
import { memoryBacklog } from '../../shared/adapters/memory/backlog.ts';
import { memoryIndex } from '../../shared/adapters/memory/index.ts';
import { memoryLedger } from '../../shared/adapters/memory/ledger.ts';
import { memorySeals } from '../../shared/adapters/memory/seals.ts';
import { memoryTrail } from '../../shared/adapters/memory/trail.ts';
import { type Verdict, verification } from '../../shared/domain/integrity.ts';
import type { Entry } from '../../shared/domain/ledger.ts';
import type { Statement } from '../../shared/domain/seal.ts';
import type { Custody } from '../../shared/engine/custody.ts';
import { exportPage } from '../../shared/engine/export.ts';
import { notedLedger } from '../../shared/engine/noted-ledger.ts';
import type { Signer } from '../../shared/ports-custody.ts';
import { newSealKey, origin, type SealKey } from './sealed-ledger.ts';
import { clockwork } from './world-clock.ts';

export const begin = '2026-03-01T12:00:00.000Z';

/** A signer whose key the test has. */
export function signerOf({ key, privateKey }: SealKey): Signer {
  return {
    key: async () => key,
    sign: async (text) =>
      sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url'),
  };
}

/** A ledger in custody, in memory, with a clock that the test moves. */
export function custodyOf() {
  const clock = clockwork(begin);
  const key = newSealKey();
  const [ledger, backlog] = [memoryLedger(), memoryBacklog()];
  const reported: string[] = [];
  const custody: Custody = {
    ledger: notedLedger(ledger, backlog, clock.now),
    journals: ledger,
    index: memoryIndex(),
    backlog,
    trail: memoryTrail(),
    seals: memorySeals(),
    copies: memorySeals(),
    signer: signerOf(key),
    origin,
    clock: clock.now,
    log: { info: () => {}, warn: () => {}, error: (_, message) => reported.push(message) },
  };
  return { custody, clock, key, reported };
}

/** Writes so many entries into a journal, each a second after the other. */
export async function write(world: ReturnType<typeof custodyOf>, journal: string, count: number) {
  await writeTypes(
    world,
    journal,
    Array.from({ length: count }, () => 'noted'),
  );
}

/** Entries of these types. */
export async function writeTypes(
  { custody, clock }: ReturnType<typeof custodyOf>,
  journal: string,
  types: readonly string[],
) {
  for (const [n, type] of types.entries()) {
    const previous: Entry | null = (await custody.ledger.read(journal)).at(-1) ?? null;
    clock.move(1000);
    await custody.ledger.append(journal, previous, {
      time: custody.clock(),
      type,
      actor: 'quell',
      data: { n, journal },
    });
  }
}

/** Every line of an export. */
export async function exportedBy(custody: Custody): Promise<readonly string[]> {
  const lines: string[] = [];
  for (let after: string | null = null; ; ) {
    const page = await exportPage(custody, after);
    lines.push(...page.lines);
    if (page.next === null) return lines;
    after = page.next;
  }
}

export async function verdictOf(custody: Custody, seen: Statement | null = null): Promise<Verdict> {
  const run = verification({ keys: null, seen });
  for (const line of await exportedBy(custody)) run.take(line);
  return run.end();
}
