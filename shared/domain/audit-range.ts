/** What one look into the trail covers: records of one day (`2026-03-01`, UTC) or of one identity, from a time up to before another. */
export interface AuditRange {
  readonly by: { readonly day: string } | { readonly identity: string };
  readonly from: string;
  readonly to: string;
}

/** Days (UTC) that a span touches, in order. @param to the first moment that does not belong to it */
export function daysOf(from: string, to: string): readonly string[] {
  const days: string[] = [];
  const end = Date.parse(to);
  for (let ms = Date.parse(`${from.slice(0, 10)}T00:00:00.000Z`); ms < end; ms += 86_400_000)
    days.push(new Date(ms).toISOString().slice(0, 10));
  return days;
}
