const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const HORIZON_YEARS = 8; // 29 February can be eight years away (1896 to 1904, 2096 to 2104)

interface Field {
  name: string;
  min: number;
  max: number;
  names?: string[];
  read: (at: Date) => number;
  /** Goes to the start of the next second, minute, hour, day or month. */
  skip: (at: Date) => unknown;
}

const FIELDS: readonly Field[] = [
  {
    name: 'second',
    min: 0,
    max: 59,
    read: (at) => at.getUTCSeconds(),
    skip: (at) => at.setUTCSeconds(at.getUTCSeconds() + 1),
  },
  { name: 'minute', min: 0, max: 59, read: (at) => at.getUTCMinutes(), skip: (at) => at.setUTCSeconds(60) },
  { name: 'hour', min: 0, max: 23, read: (at) => at.getUTCHours(), skip: (at) => at.setUTCMinutes(60, 0) },
  { name: 'day', min: 1, max: 31, read: (at) => at.getUTCDate(), skip: toNextDay },
  { name: 'month', min: 1, max: 12, names: MONTHS, read: (at) => at.getUTCMonth() + 1, skip: toNextMonth },
  { name: 'day of week', min: 0, max: 6, names: DAYS, read: (at) => at.getUTCDay(), skip: toNextDay },
];

/** The next occurrence strictly after a time, in UTC, or undefined when there is none (30 February). */
export type Occurrence = (after: Date) => Date | undefined;

/** `{second} {minute} {hour} {day} {month} {day of week}`; five fields mean second 0. Day and day of week must both match. */
export function parseNcrontab(expression: string): Occurrence {
  const given = expression.trim().split(/\s+/);
  const parts = given.length === 5 ? ['0', ...given] : given;
  if (parts.length !== FIELDS.length) throw new Error(`"${expression}" is not an NCRONTAB expression of six fields.`);
  const rules = FIELDS.map((field, i) => ({ ...field, allowed: parseField(parts[i] ?? '', field) })).toReversed();

  return (after) => {
    const at = new Date(Math.floor(after.getTime() / 1000) * 1000 + 1000);
    const limit = at.getUTCFullYear() + HORIZON_YEARS;
    while (at.getUTCFullYear() <= limit) {
      const broken = rules.find(({ allowed, read }) => !allowed.has(read(at)));
      if (!broken) return at;
      broken.skip(at);
    }
    return undefined;
  };
}

function toNextDay(at: Date): void {
  at.setUTCHours(24, 0, 0, 0);
}

function toNextMonth(at: Date): void {
  at.setUTCMonth(at.getUTCMonth() + 1, 1);
  at.setUTCHours(0, 0, 0, 0);
}

function parseField(text: string, field: Field): Set<number> {
  return new Set(text.split(',').flatMap((item) => parseItem(item, field)));
}

function parseItem(item: string, field: Field): number[] {
  const [, range = '', step] = /^(\*|\w+(?:-\w+)?)(?:\/(\d+))?$/.exec(item) ?? [];
  const every = step === undefined ? 1 : Number(step);
  const [from, to] = bounds(range, step !== undefined, field);
  if (every < 1 || from > to) throw new Error(`"${item}" is not a valid ${field.name} in an NCRONTAB expression.`);
  const values: number[] = [];
  for (let value = from; value <= to; value += every) values.push(value);
  return values;
}

function bounds(range: string, stepped: boolean, field: Field): [number, number] {
  if (range === '*') return [field.min, field.max];
  const [first = '', last] = range.split('-');
  const from = parseValue(first, field);
  if (last !== undefined) return [from, parseValue(last, field)];
  return [from, stepped ? field.max : from];
}

function parseValue(text: string, field: Field): number {
  const named = field.names?.indexOf(text.toLowerCase().slice(0, 3)) ?? -1;
  const value = named >= 0 ? named + field.min : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= field.min && value <= field.max)) {
    throw new Error(`"${text}" is not a ${field.name} between ${field.min} and ${field.max}.`);
  }
  return value;
}
