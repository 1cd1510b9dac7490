import type { Tenant } from '../tenant.ts';
import type { Answer } from '../wire.ts';

export interface ArmCaller {
  readonly objectId: string;
  readonly appId: string;
}

export interface ArmCall {
  readonly tenant: Tenant;
  readonly caller: ArmCaller;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly url: URL;
  readonly body: string;
}

export type ArmHandler = (call: ArmCall) => Answer;

export const AUTHORIZATION = 'Microsoft.Authorization';
