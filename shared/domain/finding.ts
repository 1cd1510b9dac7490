/** What somebody did to a ledger or its seals. */
export const misdeeds = ['changed', 'removed', 'added', 'reordered', 'truncated', 'unsealed', 'forked'] as const;
export type Misdeed = (typeof misdeeds)[number];

/** Something wrong with an export, and exactly where. */
export interface Finding {
  readonly what: Misdeed;
  /** `run-…#3` for an entry, `seal 17`, `seal 17 in the second place`, or `export`. */
  readonly where: string;
  /** One sentence for a person. */
  readonly says: string;
}

export function entryPlace(journal: string, sequence: number): string {
  return `${journal}#${sequence}`;
}

export function sealPlace(number: number | null, place: 'first' | 'second' = 'first'): string {
  const name = number === null ? 'seal' : `seal ${number}`;
  return place === 'first' ? name : `${name} in the second place`;
}

/** `run-…#3: changed: the entry is not the one that was sealed` */
export function findingInWords({ what, where, says }: Finding): string {
  return `${where}: ${what}: ${says}`;
}
