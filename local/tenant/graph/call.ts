import type { Operation } from '../permissions.ts';
import type { Tenant } from '../tenant.ts';
import type { Answer } from '../wire.ts';

export interface Caller {
  readonly objectId: string;
  readonly roles: ReadonlySet<string>;
}

export interface GraphCall {
  readonly operation: Operation;
  readonly tenant: Tenant;
  readonly caller: Caller;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The URL asked for, which a next link repeats. */
  readonly url: URL;
  readonly body: Readonly<Record<string, unknown>>;
  /** `ConsistencyLevel: eventual` and `$count=true`: advanced queries on directory objects. */
  readonly advanced: boolean;
  /** `ConsistencyLevel: eventual`. */
  readonly eventual: boolean;
}

export type GraphHandler = (call: GraphCall) => Answer;

/** Where the resources say they are described. */
export const METADATA = 'https://graph.microsoft.com/v1.0/$metadata';
