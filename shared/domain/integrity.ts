import { later } from './duration.ts';
import { type BadLine, type ExportLine, readLine } from './export.ts';
import type { Finding, Misdeed } from './finding.ts';
import type { Statement } from './seal.ts';
import { type EntryCheck, entryCheck } from './sealed-entries.ts';
import { type SealedList, type SealLine, sealedList } from './sealed-list.ts';

/** How long an entry may be without a seal, in milliseconds: seals are made every minute. */
export const sealWithinMs = 10 * 60_000;

/** What the verifier brings along. */
export interface Expected {
  /** Thumbprints of the keys that are believed; null: any, which proves no more than that the export fits itself. */
  readonly keys: readonly string[] | null;
  /** The newest statement of an earlier look; null where nobody kept one. */
  readonly seen: Statement | null;
}

/** What an export turns out to be. It is whole where there is no finding. */
export interface Verdict {
  readonly findings: readonly Finding[];
  readonly entries: number;
  /** Entries younger than the newest seal: their chain fits, no more is known of them. */
  readonly unsealed: number;
  readonly seals: number;
  readonly newest: Statement | null;
  /** Thumbprints of the keys the seals were checked with. */
  readonly keys: readonly string[];
}

/** The verification of one export, line by line, so that its size does not matter. */
export interface Verification {
  take(line: string): void;
  end(): Verdict;
}

/** Begins to verify an export. Pure: knows no clock, for `sealWithinMs` counts from the time that the export says. */
export function verification({ keys, seen }: Expected): Verification {
  const findings: Finding[] = [];
  const seals: SealLine[] = [];
  let head: Extract<ExportLine, { kind: 'export' }> | null = null;
  let sealed: SealedList | null = null;
  let check: EntryCheck | null = null;
  const badEntries: BadLine[] = [];
  let [lines, ended] = [0, false];
  const entries = (): EntryCheck => {
    sealed ??= sealedList(seals, { keys, origin: head?.origin ?? '', seen });
    check ??= entryCheck(sealed.leaves, later(head?.time ?? '1970-01-01T00:00:00.000Z', -sealWithinMs));
    return check;
  };
  const takeSeal = (line: SealLine) => {
    if (check) findings.push(finding('reordered', 'a seal comes after an entry'));
    else seals.push(line);
  };
  const takeBad = (line: BadLine) => {
    if (line.seems === 'entry') badEntries.push(line);
    else if (line.seems === 'seal') takeSeal({ ...line, seal: null });
    else findings.push(finding('changed', `line ${lines} cannot be read`));
  };
  const takeRead = (line: ExportLine | BadLine) => {
    switch (line.kind) {
      case 'entry':
        return entries().take(line);
      case 'seal':
        return takeSeal({ place: line.place, number: line.statement.number, seal: line });
      case 'bad':
        return takeBad(line);
      case 'export':
        if (lines > 1) findings.push(finding('added', `line ${lines} is a second head`));
        head ??= line;
        return;
      case 'end':
        ended = true;
    }
  };
  return {
    take: (text) => {
      lines += 1;
      if (ended) findings.push(finding('added', `line ${lines} comes after the end`));
      takeRead(readLine(text));
    },
    end: () => {
      if (!ended) findings.push(finding('truncated', 'the export has no end: it was cut off'));
      for (const line of badEntries) entries().takeBad(line);
      const told = entries().end();
      const all = [...findings, ...(sealed?.findings ?? []), ...told.findings];
      const newest = sealed?.newest ?? null;
      return { ...told, findings: all, seals: newest?.number ?? 0, newest, keys: sealed?.keys ?? [] };
    },
  };
}

function finding(what: Misdeed, says: string): Finding {
  return { what, where: 'export', says };
}
