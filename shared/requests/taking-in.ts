import type { HttpRequest } from '@azure/functions';
import { Fault } from '../domain/fault.ts';
import { toJson } from '../domain/json.ts';
import { type Answer, receivedOf } from '../edge.ts';
import type { Taking } from '../engine/engine.ts';
import { checkSize, ingest } from '../engine/ingest.ts';
import type { Source } from '../ports.ts';

/** Takes an alert in by the source of that name. */
export type TakeIn = (source: string, request: HttpRequest) => Promise<Answer>;

/** The requests by which alerts come, apart from all others: somebody waits for their answer, also when a process has just begun. */
export function takingIn(engine: Taking, sources: readonly Source[]): TakeIn {
  return async (name, request) => {
    const source = sources.find((one) => one.name === name);
    if (!source) throw unknownSource(name, sources);
    checkSize(Number(request.headers.get('content-length') ?? 0));
    const receipt = await ingest(engine, source, await receivedOf(request, engine.clock));
    return { status: 202, body: toJson(receipt) };
  };
}

function unknownSource(name: string, sources: readonly Source[]): Fault {
  const message = `There is no source ${name}; there are ${sources.map((one) => one.name).join(', ')}.`;
  return new Fault('reject', 'unknown-source', message, { status: 404 });
}
