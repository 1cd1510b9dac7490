import { z } from 'zod';
import { parseTimeSpan } from './timespan.ts';

const OVERRIDE = 'AzureFunctionsJobHost__';

const timeSpan = z.string().transform((text, context) => {
  try {
    return parseTimeSpan(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: String(error) });
    return z.NEVER;
  }
});
const count = z.coerce.number().int().positive();
const flag = z.union([z.boolean(), z.stringbool()]);

const retry = z.looseObject({
  mode: z.enum(['Exponential', 'Fixed', 'exponential', 'fixed']).default('Exponential'),
  tryTimeout: timeSpan.default(60_000),
  delay: timeSpan.default(800),
  maxDelay: timeSpan.default(60_000),
  maxRetries: z.coerce.number().int().nonnegative().default(3),
});

// The defaults are the Service Bus extension's own.
const serviceBus = z.looseObject({
  clientRetryOptions: retry.prefault({}),
  autoCompleteMessages: flag.default(true),
  maxAutoLockRenewalDuration: timeSpan.default(300_000),
  maxConcurrentCalls: count.default(16),
  maxConcurrentSessions: count.default(8),
  sessionIdleTimeout: timeSpan.default(60_000),
});

const hostJson = z.looseObject({
  version: z.literal('2.0').default('2.0'),
  extensions: z
    .looseObject({
      http: z.looseObject({ routePrefix: z.string().default('api') }).prefault({}),
      serviceBus: serviceBus.prefault({}),
    })
    .prefault({}),
});

export type HostJson = z.infer<typeof hostJson>;
export type ServiceBusOptions = HostJson['extensions']['serviceBus'];

/** host.json with `AzureFunctionsJobHost__a__b` settings laid over it, as the real host does. */
export function readHostJson(content: unknown, settings: Record<string, string | undefined>): HostJson {
  const merged: Record<string, unknown> = structuredClone(isObject(content) ? content : {});
  for (const [name, value] of Object.entries(settings)) {
    if (name.startsWith(OVERRIDE) && value !== undefined) put(merged, name.slice(OVERRIDE.length).split('__'), value);
  }
  const parsed = hostJson.safeParse(merged);
  if (!parsed.success) throw new Error(`host.json is not valid: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function put(target: Record<string, unknown>, path: string[], value: string): void {
  const [head = '', ...rest] = path;
  // Configuration keys are case-insensitive there.
  const key = Object.keys(target).find((each) => each.toLowerCase() === head.toLowerCase()) ?? head;
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  const next = target[key];
  const child = isObject(next) ? next : {};
  target[key] = child;
  put(child, rest, value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
