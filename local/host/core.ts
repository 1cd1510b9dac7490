import { createRequire } from 'node:module';

/** The part of the worker protocol that @azure/functions speaks; the real one is gRPC, the shapes are the same. */
export interface TypedData {
  string?: string;
  json?: string;
  bytes?: Uint8Array;
  http?: HttpData;
}

export interface Nullable<T> {
  value?: T | null;
}

export interface HttpCookie {
  name?: string | null;
  value?: string | null;
  domain?: Nullable<string> | null;
  path?: Nullable<string> | null;
  expires?: Nullable<{ seconds?: number | null }> | null;
  maxAge?: Nullable<number> | null;
  secure?: Nullable<boolean> | null;
  httpOnly?: Nullable<boolean> | null;
  sameSite?: 'none' | 'lax' | 'strict' | 'explicitNone' | null;
}

export interface HttpData {
  method?: string;
  url?: string;
  headers?: Record<string, string>;
  nullableHeaders?: Record<string, Nullable<string>>;
  nullableQuery?: Record<string, Nullable<string>>;
  nullableParams?: Record<string, Nullable<string>>;
  body?: TypedData;
  statusCode?: string;
  cookies?: HttpCookie[];
}

export type LogLevel = 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical' | 'none';

export interface Binding {
  type?: string;
  direction?: string;
  [option: string]: unknown;
}

export interface FunctionMetadata {
  name: string;
  functionId: string;
  bindings: Record<string, Binding>;
}

export interface RegisteredFunction {
  id: string;
  metadata: FunctionMetadata;
  callback: (...args: unknown[]) => unknown;
}

export interface RegisteredHook {
  name: string;
  callback: (context: Record<string, unknown>) => unknown;
}

export interface InvocationRequest {
  invocationId: string;
  inputData: { name: string; data: TypedData }[];
  triggerMetadata: Record<string, TypedData>;
  traceContext: { traceParent: string };
}

export interface CoreContext {
  invocationId: string;
  metadata: FunctionMetadata;
  request: InvocationRequest;
  state: 'preInvocationHooks' | 'invocation' | 'postInvocationHooks' | undefined;
  log: (level: LogLevel, category: string, message: string) => void;
}

export interface InvocationResponse {
  returnValue?: TypedData | null;
}

export interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], callback: (...args: unknown[]) => unknown): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<InvocationResponse>;
}

export interface ProgrammingModel {
  getInvocationModel(context: CoreContext): InvocationModel;
  getCapabilities(capabilities: Record<string, string>): Promise<Record<string, string>>;
}

export interface Recorded {
  functions: Map<string, RegisteredFunction>;
  hooks: RegisteredHook[];
  model: ProgrammingModel | undefined;
  sink: ((level: LogLevel, category: string, message: string) => void) | undefined;
}

/** Read with require, as the library does: an `import` under a test runner can be a second, empty instance. */
export function recorded(): Recorded {
  const core: { recorded: Recorded } = createRequire(import.meta.url)('@azure/functions-core');
  return core.recorded;
}
