import { type Alert, alertOf, type Raw } from '../domain/alert.ts';
import { idOf } from '../domain/digest.ts';
import { later } from '../domain/duration.ts';
import { Fault, toFault } from '../domain/fault.ts';
import { toJson } from '../domain/json.ts';
import type { Received, Source } from '../ports.ts';
import { quell } from './actor.ts';
import type { Taking } from './engine.ts';

/** The most a notification may have, in bytes: 1 MiB. */
export const maxBytes = 1024 * 1024;

/** What the sender is told. */
export type Receipt =
  | { readonly accepted: true; readonly alert: string; readonly known: boolean }
  | { readonly accepted: false; readonly quarantined: string; readonly code: string; readonly message: string };

/**
 * Takes a notification in: authenticate over the raw bytes, keep them, read them, write the alert down, leave a hint.
 * Nothing is answered before the bytes are kept, and no playbook runs here.
 * @throws Fault `refuse` for a sender who is not believed, `reject` for input that is wrong (its bytes are kept where
 * the sender was authentic, and the refusal is recorded), `retry` where a store is down: the sender shall try again
 */
export async function ingest(engine: Taking, source: Source, received: Received): Promise<Receipt> {
  checkSize(received.bytes.byteLength);
  checkType(source, received.contentType);
  const sender = await source.authenticate(received);
  const raw = await engine.vault.put(received.bytes, received.contentType);
  try {
    const claims = await source.read(received);
    const alert = alertOf(claims, { source: source.name, sender, receivedAt: received.receivedAt, raw });
    return await accept(engine, alert);
  } catch (error) {
    const fault = toFault(error);
    if (fault.disposition !== 'reject') throw fault;
    return await quarantine(engine, source, { sender, raw, fault });
  }
}

/** @throws Fault `reject` (413) */
export function checkSize(bytes: number): void {
  if (bytes <= maxBytes) return;
  throw new Fault('reject', 'too-large', `A notification may have ${maxBytes} bytes; this one has ${bytes}.`, {
    status: 413,
  });
}

function checkType(source: Source, contentType: string): void {
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  if (source.accepts.includes(type)) return;
  const message = `${source.name} takes ${source.accepts.join(' or ')}, not ${type === '' ? 'a body without a content type' : type}.`;
  throw new Fault('reject', 'wrong-content-type', message, { status: 415 });
}

async function accept(engine: Taking, alert: Alert): Promise<Receipt> {
  const due = later(engine.clock(), engine.limits.hintGraceMs);
  await engine.index.open({ journal: alert.id, kind: 'alert', session: alert.id, due });
  const known = await recorded(engine, alert);
  await engine.bus.alert(alert.id, { reason: 'received' });
  engine.log.info({ alert: alert.id, source: alert.source, rule: alert.rule, known }, 'alert received');
  return { accepted: true, alert: alert.id, known };
}

/** Writes the alert down; tells whether it had been before. */
async function recorded(engine: Taking, alert: Alert): Promise<boolean> {
  const body = { time: engine.clock(), type: 'alert-received', actor: alert.sender, data: toJson({ alert }) };
  try {
    await engine.ledger.append(alert.id, null, body);
    return false;
  } catch (error) {
    const fault = toFault(error);
    if (fault.disposition === 'conflict') return true;
    throw fault;
  }
}

interface Bad {
  readonly sender: string;
  readonly raw: Raw;
  readonly fault: Fault;
}

/** Records that an authentic notification could not be read, and answers the way its sender needs it. */
async function quarantine(engine: Taking, source: Source, { sender, raw, fault }: Bad): Promise<Receipt> {
  const id = idOf('refused', [source.name, raw.sha256]);
  const data = toJson({ source: source.name, sender, raw, code: fault.code, message: fault.message });
  const body = { time: engine.clock(), type: 'alert-refused', actor: quell, data };
  if ((await engine.ledger.read(id)).length === 0) await engine.ledger.append(id, null, body);
  engine.log.warn({ refused: id, source: source.name, code: fault.code }, 'notification refused');
  if (source.badInput === 'answer') throw fault;
  return { accepted: false, quarantined: id, code: fault.code, message: fault.message };
}
