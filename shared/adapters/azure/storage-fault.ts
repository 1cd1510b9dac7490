import { RestError } from '@azure/data-tables';
import { z } from 'zod';
import { type Disposition, Fault } from '../../domain/fault.ts';

interface Meaning {
  readonly disposition: Disposition;
  readonly code: string;
  readonly says: string;
}
const forbidden: Meaning = { disposition: 'halt', code: 'storage-forbidden', says: 'is not allowed by storage' };
const taken: Meaning = { disposition: 'conflict', code: 'storage-conflict', says: 'met somebody who was faster' };
const busy: Meaning = { disposition: 'retry', code: 'storage-busy', says: 'has to wait: storage is busy' };
const missing: Meaning = { disposition: 'halt', code: 'storage-missing', says: 'found no table, container or row' };
const refused: Meaning = { disposition: 'halt', code: 'storage-refused', says: 'was refused by storage' };
const unreachable: Meaning = { disposition: 'retry', code: 'storage-unreachable', says: 'got no answer from storage' };

const byStatus: Readonly<Record<number, Meaning>> = {
  401: forbidden,
  403: forbidden,
  404: missing,
  408: busy,
  409: taken,
  412: taken,
  429: busy,
};

/** What failed on the way to an answer: the network, our patience, or the place that hands out tokens. */
const onTheWay = new Set(['AbortError', 'TimeoutError', 'CredentialUnavailableError']);

/** A failed call to Table or Blob storage as a Fault. @param what the call, as the subject of a sentence */
export function storageFault(what: string, error: unknown): Fault {
  if (error instanceof Fault) return error;
  const { disposition, code, says } = meaningOf(error);
  const retryAfterMs = retryAfterOf(error);
  return new Fault(disposition, code, `${what} ${says}.`, {
    detail: { status: statusOf(error), code: storageCodeOf(error) },
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
    cause: error,
  });
}

function meaningOf(error: unknown): Meaning {
  const status = statusOf(error);
  if (status !== null) return byStatus[status] ?? (status >= 500 ? busy : refused);
  const lost = error instanceof Error && (onTheWay.has(error.name) || codeSchema.safeParse(error).success);
  return lost ? unreachable : refused;
}

const statusSchema = z.object({ statusCode: z.int() });
/** Node's own errors in upper case, e.g. `ECONNRESET`; `ERR_…` are mistakes of ours, such as a bad header. */
const codeSchema = z.object({ code: z.string().regex(/^(?!ERR_)[A-Z_]+$/) });
const detailsSchema = z.object({
  odataError: z.object({ code: z.string() }).optional(),
  errorCode: z.string().optional(),
});

function statusOf(error: unknown): number | null {
  return statusSchema.safeParse(error).data?.statusCode ?? null;
}

/** The code that storage named, e.g. `EntityAlreadyExists`; null where it named none. */
export function storageCodeOf(error: unknown): string | null {
  if (!(error instanceof RestError)) return null;
  const details = detailsSchema.safeParse(error.details).data;
  return details?.odataError?.code ?? details?.errorCode ?? error.code ?? null;
}

/** For `catch`: null where storage named this code, the same error otherwise. */
export function nullOn(...codes: readonly string[]): (error: unknown) => null {
  return (error) => {
    if (codes.includes(storageCodeOf(error) ?? '')) return null;
    throw error;
  };
}

/** `Retry-After` comes in seconds or as a date; the date counts from the answer's own, so no clock of ours is in it. */
function retryAfterOf(error: unknown): number | null {
  const headers = error instanceof RestError ? error.response?.headers : undefined;
  const value = headers?.get('retry-after');
  if (value === undefined) return null;
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.parse(headers?.get('date') ?? '');
  return Number.isFinite(ms) ? Math.max(ms, 0) : null;
}
