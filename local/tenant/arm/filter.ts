import { type Filter, parseFilter } from '../odata/filter.ts';
import { FilterError } from '../odata/filter-error.ts';
import { principalType, withGroups } from '../principals.ts';
import { Refusal } from '../refusal.ts';
import type { ArmCall } from './call.ts';
import { covers, resolveScope, type Scope } from './scope.ts';

/** What an assignment or an eligibility is chosen by. */
interface Placed {
  readonly scope: string;
  readonly principalId: string;
}

type Test = (row: Placed) => boolean;

/**
 * The rows that a list at this scope has: those at, above and below it, and of these what the filter says.
 * `atScope()` leaves out what is below; `principalId eq` is direct; `assignedTo()` goes through groups as well.
 */
export function chooseRows<R extends Placed>(call: ArmCall, scope: Scope, rows: readonly R[]): readonly R[] {
  const text = call.query.get('$filter');
  const tests = text === null ? [] : conjuncts(parse(text)).map((filter) => toTest(call, scope, filter));
  return rows.filter((row) => isNear(call, scope, row) && tests.every((test) => test(row)));
}

function isNear(call: ArmCall, scope: Scope, row: Placed): boolean {
  return covers(row.scope, scope) || covers(scope.chain[0] ?? '/', resolveScope(call.tenant.truth(), row.scope));
}

function toTest(call: ArmCall, scope: Scope, filter: Filter): Test {
  if (filter.kind === 'compare' && filter.path.toLowerCase() === 'principalid' && filter.operator === 'eq') {
    const wanted = String(filter.value).toLowerCase();
    return (row) => row.principalId === wanted;
  }
  if (filter.kind !== 'call' || filter.path !== null) throw unsupported(call);
  const [id] = filter.values;
  switch (filter.name.toLowerCase()) {
    case 'atscope':
      return (row) => covers(row.scope, scope);
    case 'assignedto':
      return throughGroups(call, String(id ?? '').toLowerCase());
    case 'astarget':
      return throughGroups(call, call.caller.objectId);
    default:
      throw unsupported(call);
  }
}

function throughGroups(call: ArmCall, id: string): Test {
  const state = call.tenant.view();
  // "You cannot pass an object ID for a group" (List Azure role assignments using the REST API).
  if (id === '' || principalType(state, id) === 'Group') throw unsupported(call);
  const principals = withGroups(state, id);
  return (row) => principals.has(row.principalId);
}

function conjuncts(filter: Filter): readonly Filter[] {
  return filter.kind === 'and' ? [...conjuncts(filter.left), ...conjuncts(filter.right)] : [filter];
}

function parse(text: string): Filter {
  try {
    return parseFilter(text);
  } catch (error) {
    if (error instanceof FilterError) throw invalid(text);
    throw error;
  }
}

const unsupported = (call: ArmCall): Refusal => invalid(call.query.get('$filter') ?? '');

const invalid = (text: string): Refusal => new Refusal(400, 'InvalidFilter', `The filter '${text}' is not supported.`);
