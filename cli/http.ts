import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

/** Something the user has to hear; printed as one line, exit 1. */
export class Complaint extends Error {}

/** Where the API is, and who asks. */
export interface Connection {
  readonly url: string;
  readonly token: string;
  /** Tries again for half a minute where nobody answers: a host that is just starting. */
  readonly patient?: boolean;
}

const problemSchema = z.object({ title: z.string(), detail: z.string() });

interface Init {
  readonly method?: string;
  readonly contentType?: string;
  readonly body?: Uint8Array<ArrayBuffer> | string;
}

/** Asks the API. @throws Complaint with what the API says, or that it is not to be reached */
export async function ask<T>(to: Connection, schema: z.ZodType<T>, path: string, init: Init = {}): Promise<T> {
  return schema.parse(JSON.parse(await askText(to, path, init)));
}

/** The same for an answer that is text. @throws Complaint */
export async function askText(
  { url, token, patient = false }: Connection,
  path: string,
  init: Init = {},
): Promise<string> {
  const headers: Record<string, string> = { authorization: `Bearer ${token}` };
  if (init.contentType !== undefined) headers['content-type'] = init.contentType;
  const request: RequestInit = {
    method: init.method ?? 'GET',
    headers,
    body: init.body ?? null,
    signal: AbortSignal.timeout(30_000),
  };
  const response = await reach(`${url}${path}`, request, patient ? 60 : 1);
  const text = await response.text();
  if (response.ok) return text;
  const problem = problemSchema.safeParse(parsed(text));
  throw new Complaint(
    problem.success ? `${problem.data.detail} (${problem.data.title})` : `${response.status} ${response.statusText}`,
  );
}

/** How long between two tries, in milliseconds. */
const againMs = 500;

async function reach(address: string, request: RequestInit, tries: number): Promise<Response> {
  try {
    return await fetch(address, { ...request, signal: AbortSignal.timeout(30_000) });
  } catch (error) {
    if (tries <= 1) throw new Complaint(`${new URL(address).origin} is not to be reached (${reasonOf(error)})`);
    await sleep(againMs);
    return reach(address, request, tries - 1);
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
