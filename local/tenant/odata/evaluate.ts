import type { Comparison, Filter, Literal } from './filter.ts';
import { FilterError } from './filter-error.ts';

/**
 * Whether the record passes. Strings are compared without regard to case, as the directory does; a missing value is
 * null, and null is neither before nor after anything.
 */
export function passes(filter: Filter, record: Readonly<Record<string, unknown>>): boolean {
  switch (filter.kind) {
    case 'and':
      return passes(filter.left, record) && passes(filter.right, record);
    case 'or':
      return passes(filter.left, record) || passes(filter.right, record);
    case 'not':
      return !passes(filter.operand, record);
    case 'in':
      return filter.values.some((value) => same(valueAt(record, filter.path), value));
    case 'compare':
      return compare(filter.operator, valueAt(record, filter.path), filter.value);
    case 'call':
      return startsWith(filter, record);
  }
}

function startsWith(filter: Extract<Filter, { kind: 'call' }>, record: Readonly<Record<string, unknown>>): boolean {
  const [prefix] = filter.values;
  if (filter.name.toLowerCase() !== 'startswith' || filter.path === null || typeof prefix !== 'string') {
    throw new FilterError(`An unknown function with name '${filter.name}' was found.`);
  }
  const value = valueAt(record, filter.path);
  return typeof value === 'string' && value.toLowerCase().startsWith(prefix.toLowerCase());
}

function valueAt(record: Readonly<Record<string, unknown>>, path: string): unknown {
  return path.split('/').reduce<unknown>((value, name) => {
    return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  }, record);
}

function compare(operator: Comparison, actual: unknown, expected: Literal): boolean {
  if (operator === 'eq') return same(actual, expected);
  if (operator === 'ne') return !same(actual, expected);
  if (typeof actual !== 'string' || typeof expected !== 'string') return false;
  const [left, right] = [Date.parse(actual), Date.parse(expected)];
  const difference = Number.isNaN(left) || Number.isNaN(right) ? actual.localeCompare(expected) : left - right;
  return { lt: difference < 0, le: difference <= 0, gt: difference > 0, ge: difference >= 0 }[operator];
}

function same(actual: unknown, expected: Literal): boolean {
  if (typeof actual === 'string' && typeof expected === 'string') {
    return actual.toLowerCase() === expected.toLowerCase() || sameTime(actual, expected);
  }
  return (actual ?? null) === expected;
}

const sameTime = (left: string, right: string): boolean =>
  left.includes('T') && right.includes('T') && Date.parse(left) === Date.parse(right);
