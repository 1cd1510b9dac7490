import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** Something the user has to hear; printed as one line, exit 1. */
export class Complaint extends Error {}

/** Where the API is, and who asks. */
export interface Connection {
  readonly url: string;
  readonly token: string;
}

const file = '.local/cli.json';
const fileSchema = z.object({ url: z.url(), token: z.string() });

/** QUELL_URL and QUELL_TOKEN; else what `npm start` left for this folder. */
export async function connection(environment: NodeJS.ProcessEnv): Promise<Connection> {
  const { QUELL_URL, QUELL_TOKEN } = environment;
  if (QUELL_URL && QUELL_TOKEN) return { url: QUELL_URL.replace(/\/+$/, ''), token: QUELL_TOKEN };
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null)
    throw new Complaint(`set QUELL_URL and QUELL_TOKEN, or run npm start here first (${file} is not there)`);
  return fileSchema.parse(JSON.parse(text));
}

const problemSchema = z.object({ title: z.string(), detail: z.string() });

/** Asks the API. @throws Complaint with what the API says, or that it is not to be reached */
export async function ask<T>(
  { url, token }: Connection,
  schema: z.ZodType<T>,
  path: string,
  init: { method?: string; contentType?: string; body?: Uint8Array<ArrayBuffer> | string } = {},
): Promise<T> {
  const headers: Record<string, string> = { authorization: `Bearer ${token}` };
  if (init.contentType !== undefined) headers['content-type'] = init.contentType;
  const request = {
    method: init.method ?? 'GET',
    headers,
    body: init.body ?? null,
    signal: AbortSignal.timeout(30_000),
  };
  const response = await fetch(`${url}${path}`, request).catch((error: unknown) => {
    throw new Complaint(`${url} is not to be reached (${error instanceof Error ? error.message : error})`);
  });
  const text = await response.text();
  if (response.ok) return schema.parse(JSON.parse(text));
  const problem = problemSchema.safeParse(parsed(text));
  throw new Complaint(
    problem.success ? `${problem.data.detail} (${problem.data.title})` : `${response.status} ${response.statusText}`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
