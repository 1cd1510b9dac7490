import { randomBytes, randomUUID } from 'node:crypto';
import type { CoreContext, InvocationResponse, RegisteredFunction, RegisteredHook, TypedData } from './core.ts';
import type { LoadedApp } from './load.ts';
import { describe, type HostLog } from './log.ts';

export interface Trigger {
  /** The name of the trigger binding, which the library made up when it registered the function. */
  binding: string;
  data: TypedData;
  metadata: Record<string, TypedData>;
  traceParent?: string | undefined;
}

export type Invoke = (fn: RegisteredFunction, trigger: Trigger) => Promise<InvocationResponse>;

/** Runs functions the way the worker does: arguments, hooks before, handler, hooks after, response. */
export function createInvoker(app: LoadedApp, appHookData: Record<string, unknown>, log: HostLog): Invoke {
  return async (fn, trigger) => {
    const core = coreContext(fn, trigger, log);
    const fields = { function: fn.metadata.name, invocationId: core.invocationId };
    const started = performance.now();
    log('debug', `Executing 'Functions.${fn.metadata.name}'`, fields);
    try {
      const response = await run(app, core, fn, appHookData);
      log('debug', `Executed 'Functions.${fn.metadata.name}' (Succeeded)`, { ...fields, ms: since(started) });
      return response;
    } catch (error) {
      const text = `Executed 'Functions.${fn.metadata.name}' (Failed): ${describe(error)}`;
      log('error', text, { ...fields, ms: since(started) });
      throw error;
    }
  };
}

function coreContext(fn: RegisteredFunction, trigger: Trigger, log: HostLog): CoreContext {
  const invocationId = randomUUID();
  return {
    invocationId,
    metadata: fn.metadata,
    state: undefined,
    request: {
      invocationId,
      inputData: [{ name: trigger.binding, data: trigger.data }],
      triggerMetadata: trigger.metadata,
      traceContext: { traceParent: trigger.traceParent ?? newTraceParent() },
    },
    log: (level, category, message) => log(level, message, { category, function: fn.metadata.name, invocationId }),
  };
}

async function run(
  app: LoadedApp,
  core: CoreContext,
  fn: RegisteredFunction,
  appHookData: Record<string, unknown>,
): Promise<InvocationResponse> {
  const model = app.model.getInvocationModel(core);
  const { context, inputs } = await model.getArguments();
  const shared = { hookData: {}, appHookData, invocationContext: context };

  const before = { ...shared, inputs, functionCallback: fn.callback };
  core.state = 'preInvocationHooks';
  await runHooks(app.hooks, 'preInvocation', before);

  const after: { result: unknown; error: unknown } = { result: null, error: null };
  core.state = 'invocation';
  try {
    after.result = await model.invokeFunction(context, before.inputs, before.functionCallback);
  } catch (error) {
    after.error = error ?? new Error('The handler threw nothing.');
  }

  // Hooks may replace the result or take the error away, so both are read back from the object they were given.
  const outcome = { ...shared, inputs: before.inputs, ...after };
  core.state = 'postInvocationHooks';
  await runHooks(app.hooks, 'postInvocation', outcome);
  core.state = undefined;
  if (outcome.error) throw outcome.error;
  return model.getResponse(context, outcome.result);
}

export async function runHooks(hooks: RegisteredHook[], name: string, context: Record<string, unknown>): Promise<void> {
  for (const hook of hooks) if (hook.name === name) await hook.callback(context);
}

function newTraceParent(): string {
  return `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`;
}

function since(started: number): number {
  return Math.round(performance.now() - started);
}
