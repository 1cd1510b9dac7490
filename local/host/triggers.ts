import { z } from 'zod';
import type { Binding, RegisteredFunction } from './core.ts';

const http = z.object({
  type: z.literal('httpTrigger'),
  route: z.string().optional(),
  methods: z.array(z.string()),
  authLevel: z
    .string()
    .transform((level) => level.toLowerCase())
    .pipe(z.enum(['anonymous', 'function', 'admin'])),
});

const timer = z.object({
  type: z.literal('timerTrigger'),
  schedule: z.string(),
  runOnStartup: z.boolean().default(false),
  useMonitor: z.boolean().default(true),
});

const queue = z.object({
  type: z.literal('serviceBusTrigger'),
  connection: z.string().default('ServiceBus'),
  queueName: z.string(),
  isSessionsEnabled: z.boolean().default(false),
  autoCompleteMessages: z.boolean().optional(),
  cardinality: z.literal('one', 'The local host delivers one message at a time.').optional(),
  dataType: z.string().optional(),
  sdkBinding: z.literal(false, 'The local host has no SDK bindings.').optional(),
});

const trigger = z.discriminatedUnion('type', [http, timer, queue]);

export type HttpTrigger = z.infer<typeof http>;
export type TimerTrigger = z.infer<typeof timer>;
export type QueueTrigger = z.infer<typeof queue>;

export interface Indexed {
  fn: RegisteredFunction;
  binding: string;
  trigger: z.infer<typeof trigger>;
}

/** Finds a function's trigger; whatever this host could only half serve is refused here, at start. */
export function indexFunction(fn: RegisteredFunction): Indexed {
  const bindings = Object.entries(fn.metadata.bindings);
  const found = bindings.find(([, binding]) => /trigger$/i.test(binding.type ?? ''));
  const extra = bindings.find((each) => each !== found && !isHttpReturn(each));
  if (!found) throw new Error(`The function "${fn.id}" has no trigger.`);
  if (extra)
    throw new Error(`The local host does not serve the binding "${extra[1].type}" of the function "${fn.id}".`);
  const parsed = trigger.safeParse(found[1]);
  if (!parsed.success) {
    throw new Error(`The trigger of the function "${fn.id}" is not served:\n${z.prettifyError(parsed.error)}`);
  }
  return { fn, binding: found[0], trigger: parsed.data };
}

function isHttpReturn([name, binding]: [string, Binding]): boolean {
  return name === '$return' && binding.type === 'http';
}
