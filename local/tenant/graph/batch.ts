import { z } from 'zod';
import { type Answer, type Asked, parseObject } from '../wire.ts';
import { badSyntax } from './refusals.ts';

/** JSON batching: "currently limited to 20 individual requests". */
const MOST = 20;

const part = z.object({
  id: z.string(),
  method: z.string(),
  url: z.string(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.unknown().optional(),
  dependsOn: z.array(z.string()).default([]),
});
const batch = z.object({ requests: z.array(part).min(1) });

type Part = z.infer<typeof part>;

interface PartAnswer {
  readonly id: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export async function answerBatch(asked: Asked, answer: (part: Asked) => Promise<Answer>): Promise<Answer> {
  const parsed = batch.safeParse(parseObject(asked.body));
  if (asked.method !== 'POST' || !parsed.success) throw badSyntax('Invalid batch payload format.');
  const { requests } = parsed.data;
  if (requests.length > MOST) {
    throw badSyntax(`Number of batch request steps exceeds the maximum value. Max: ${MOST}.`);
  }
  const responses: PartAnswer[] = [];
  for (const request of requests) responses.push(await answerPart(asked, request, responses, answer));
  return { status: 200, body: { responses } };
}

async function answerPart(
  asked: Asked,
  request: Part,
  before: readonly PartAnswer[],
  answer: (part: Asked) => Promise<Answer>,
): Promise<PartAnswer> {
  const { id, dependsOn } = request;
  const failed = dependsOn.some((other) => !before.some((done) => done.id === other && done.status < 400));
  if (failed) return { id, status: 424, headers: {} };
  const { status, headers = {}, body } = await answer(toAsked(asked, request));
  return body === undefined ? { id, status, headers } : { id, status, headers, body };
}

function toAsked(asked: Asked, { method, url, headers, body }: Part): Asked {
  const lowered = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    method: method.toUpperCase(),
    url: new URL(`/v1.0/${url.replace(/^\/+/, '')}`, asked.url.origin),
    headers: { authorization: asked.headers.authorization ?? '', ...Object.fromEntries(lowered) },
    body: body === undefined ? '' : JSON.stringify(body),
  };
}
