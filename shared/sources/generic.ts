import { z } from 'zod';
import { type Claims, nominationSchema, slugOf, systemTypes } from '../domain/alert.ts';
import { Fault } from '../domain/fault.ts';
import { canonical } from '../domain/json.ts';
import type { Authenticate, Source } from '../ports.ts';
import { bearerSender } from './bearer.ts';
import { readJson } from './json-body.ts';
import { ruleNamed } from './permissions-management-rules.ts';

const time = z.iso.datetime({ offset: true });

/** What a generic alert says. `rule` is the slug that playbooks listen for; `ruleName` is made into one. */
export const alertDataSchema = z
  .strictObject({
    rule: z
      .string()
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be a slug like inactive-users')
      .max(100)
      .optional(),
    ruleName: z
      .string()
      .max(200)
      .refine((name) => slugOf(name) !== '', 'must have a letter or digit')
      .refine((name) => slugOf(name).length <= 100, 'must give a slug of at most 100 characters')
      .optional(),
    title: z.string().min(1).max(300).optional(),
    system: z.strictObject({ type: z.enum(systemTypes), id: z.string().min(1).max(200) }),
    /** Empty means "whoever it is true of"; that is a thing to say, so leaving it out is not enough. */
    nominations: z.array(nominationSchema.extend({ kind: nominationSchema.shape.kind.default('user') })).max(200),
    identityCount: z.int().nonnegative().optional(),
    occurredAt: time.optional(),
  })
  .refine((data) => (data.rule === undefined) !== (data.ruleName === undefined), 'give either rule or ruleName');

/**
 * An alert as a CloudEvent (1.0, structured mode). Of the extension attributes only those of distributed tracing are
 * let through.
 */
export const alertEventSchema = z
  .strictObject({
    specversion: z.literal('1.0', {
      error: 'must be "1.0": send the whole event as the body (structured mode); ce- headers are not read',
    }),
    type: z.literal('quell.alert.v1'),
    source: z.string().min(1).max(200),
    id: z.string().min(1).max(200),
    time: time.optional(),
    subject: z.string().max(300).optional(),
    datacontenttype: z.literal('application/json').optional(),
    dataschema: z.string().max(500).optional(),
    traceparent: z.string().max(100).optional(),
    tracestate: z.string().max(600).optional(),
    data: alertDataSchema,
  })
  .refine((event) => event.time !== undefined || event.data.occurredAt !== undefined, {
    path: ['time'],
    message: 'give time, or data.occurredAt: when it arrived is no part of what it says',
  });
type AlertEvent = z.infer<typeof alertEventSchema>;

const source = {
  name: 'generic',
  accepts: ['application/cloudevents+json', 'application/json'],
  read: async ({ bytes }) => claimsOf(readJson(bytes, alertEventSchema)),
} satisfies Partial<Source>;

/** Alerts in Quell's own schema, sent over HTTP with a bearer token. */
export function generic(deps: { readonly authenticate: Authenticate }): Source {
  return {
    ...source,
    badInput: 'answer',
    authenticate: (received) => bearerSender(deps.authenticate, received),
  };
}

/** The same alerts from the queue: whoever may send there was authenticated by the bus and its role assignments. */
export function genericFromQueue(): Source {
  return { ...source, badInput: 'quarantine', authenticate: fromQueue };
}

/** A request carries an `Authorization` header or came without one; a message never has any. */
async function fromQueue({ authorization }: { readonly authorization: string | null }): Promise<string> {
  if (authorization === null) return 'queue';
  throw new Fault('refuse', 'not-from-queue', 'This source is for messages of the queue only.');
}

function claimsOf({ source: origin, id, time: sent, data }: AlertEvent): Claims {
  const known = ruleNamed(data.ruleName ?? data.rule?.replaceAll('-', ' ') ?? '');
  const ruleName = data.ruleName ?? known?.name ?? data.rule ?? '';
  return {
    rule: data.rule ?? slugOf(known?.name ?? ruleName),
    ruleName,
    title: data.title ?? ruleName,
    system: data.system,
    nominations: data.nominations,
    identityCount: data.identityCount ?? null,
    occurredAt: new Date(data.occurredAt ?? sent ?? '').toISOString(),
    dedupeKey: canonical([origin, id]),
  };
}
