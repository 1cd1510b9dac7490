import { passes } from '../odata/evaluate.ts';
import { type Filter, parseFilter, pathsOf } from '../odata/filter.ts';
import { FilterError } from '../odata/filter-error.ts';
import type { GraphCall } from './call.ts';
import { badSyntax, unsupportedQuery } from './refusals.ts';

export interface Filterable {
  /** Name of the entity in messages. */
  readonly type: string;
  /** What `$filter` knows of it. */
  readonly paths: readonly string[];
}

/** @returns null where no filter was given. */
export function readFilter(call: GraphCall, { type, paths }: Filterable): Filter | null {
  const text = call.query.get('$filter');
  if (text === null) return null;
  const filter = understood(() => parseFilter(text));
  const unknown = pathsOf(filter).find((path) => !paths.includes(path));
  if (unknown) throw badSyntax(`Could not find a property named '${unknown}' on type '${type}'.`);
  if (!call.advanced && needsAdvanced(filter)) {
    throw unsupportedQuery("Operator 'not equals' is not supported because the required parameters might be missing.");
  }
  return filter;
}

export function applyFilter<R extends object>(filter: Filter | null, rows: readonly R[]): readonly R[] {
  return filter
    ? understood(() => rows.filter((row) => passes(filter, Object.fromEntries(Object.entries(row)))))
    : rows;
}

// `ne` and `not` are advanced queries on directory objects, whatever the property.
function needsAdvanced(filter: Filter): boolean {
  if (filter.kind === 'and' || filter.kind === 'or') return needsAdvanced(filter.left) || needsAdvanced(filter.right);
  return filter.kind === 'not' || (filter.kind === 'compare' && filter.operator === 'ne');
}

function understood<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof FilterError) throw badSyntax(`Invalid filter clause: ${error.message}`);
    throw error;
  }
}
