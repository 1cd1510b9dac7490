const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const rfc5322 =
  /^(?:[A-Za-z]{3}, {0,2})?(\d{1,2}) ([A-Za-z]{3}) (\d{4}) (\d{2}):(\d{2})(?::(\d{2}))? (?:([+-])(\d{2})(\d{2})|GMT|UTC)(?: \([A-Za-z ]*\))?$/;

/** A date as mail writes it (RFC 5322 §3.3); null where it is none. `Date.parse` would take almost anything. */
export function mailDate(text: string): Date | null {
  const [, day, month = '', year, hour, minute, second, sign, offsetHours, offsetMinutes] = rfc5322.exec(text) ?? [];
  const index = months.indexOf(month.toLowerCase());
  if (index < 0) return null;
  const fields = [Number(year), index, Number(day), Number(hour), Number(minute), Number(second ?? 0)] as const;
  const local = new Date(Date.UTC(...fields));
  if (local.getUTCDate() !== fields[2] || local.getUTCHours() !== fields[3] || local.getUTCMinutes() !== fields[4]) {
    return null;
  }
  const offset = (Number(offsetHours ?? 0) * 60 + Number(offsetMinutes ?? 0)) * (sign === '-' ? -1 : 1);
  return new Date(local.getTime() - offset * 60_000);
}
