import type { Condition } from './audit-condition.ts';

/** What one look into the trail covers: records of one day (`2026-03-01`, UTC) or of one identity, from a time up to before another. */
export interface AuditRange {
  readonly by: { readonly day: string } | { readonly identity: string };
  readonly from: string;
  readonly to: string;
}

/** What a query is about: a condition (null: everything) in a span of time, up to before `to`. */
export interface AuditSpan {
  readonly where: Condition | null;
  readonly from: string;
  readonly to: string;
}

/** More identities than this, and their days are cheaper to look at. */
const mostIdentities = 50;

/**
 * The looks that find every record that fits, and as few others as can be: where the condition allows only certain
 * identities, theirs; else the days of the span. Pure.
 */
export function rangesOf({ where, from, to }: AuditSpan): readonly AuditRange[] {
  if (Date.parse(from) >= Date.parse(to)) return [];
  const identities = where === null ? null : identitiesOf(where);
  if (identities !== null && identities.size <= mostIdentities)
    return [...identities].sort().map((identity) => ({ by: { identity }, from, to }));
  return daysOf(from, to).map((day) => ({ by: { day }, from, to }));
}

/** The only identities that can fit, in lower case; null where any can. */
function identitiesOf(condition: Condition): ReadonlySet<string> | null {
  if ('and' in condition) {
    let allowed: ReadonlySet<string> | null = null;
    for (const one of condition.and) allowed = intersection(allowed, identitiesOf(one));
    return allowed;
  }

  if ('or' in condition) {
    const sets = condition.or.map(identitiesOf);
    return sets.includes(null) ? null : new Set(sets.flatMap((set) => [...(set ?? [])]));
  }
  const { attribute, operator, negated, values } = condition;
  if (attribute !== 'identity' || negated || operator === 'contains' || values.includes('')) return null;
  return new Set(values.map((value) => value.toLowerCase()));
}

function intersection(one: ReadonlySet<string> | null, other: ReadonlySet<string> | null): ReadonlySet<string> | null {
  if (one === null || other === null) return one ?? other;
  return new Set([...one].filter((id) => other.has(id)));
}

/** Days (UTC) that a span touches, in order. */
export function daysOf(from: string, to: string): readonly string[] {
  const days: string[] = [];
  const end = Date.parse(to);
  const first = new Date(Date.parse(from)).toISOString().slice(0, 10);
  for (let ms = Date.parse(`${first}T00:00:00.000Z`); ms < end; ms += 86_400_000)
    days.push(new Date(ms).toISOString().slice(0, 10));
  return days;
}
