import type { Claims } from '../../domain/alert.ts';
import { Fault } from '../../domain/fault.ts';
import type { FieldName } from './labelled-fields.ts';

type System = Claims['system'];

const typeNames: ReadonlyMap<string, 'azure' | 'aws' | 'gcp'> = new Map([
  ['azure', 'azure'],
  ['microsoft azure', 'azure'],
  ['aws', 'aws'],
  ['amazon web services', 'aws'],
  ['gcp', 'gcp'],
  ['google cloud', 'gcp'],
  ['google cloud platform', 'gcp'],
]);

/** A subscription's GUID, an account's twelve digits and a project id as Google defines it, standing alone. */
const shapes = {
  azure: /(?<![0-9a-f-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f-])/gi,
  aws: /(?<![0-9A-Za-z-])[0-9]{12}(?![0-9A-Za-z-])/g,
  gcp: /(?<=^|\()[a-z][a-z0-9-]{4,28}[a-z0-9](?=$|\))/g,
};

/**
 * The authorization system a mail speaks of: by the type it names, else by the shape of the id. A project id looks like
 * any name, so Google Cloud has to be named.
 * @throws Fault `reject`
 */
export function systemOf(fields: ReadonlyMap<FieldName, string>): System {
  const text = fields.get('system') ?? '';
  const type = typeOf(fields.get('systemType'));
  const found = (type ? [type] : (['azure', 'aws'] as const)).flatMap((one) => idsIn(text, one));
  const [system] = found;
  if (system && found.length === 1) return system;
  const what = found.length === 0 ? 'no id' : `${found.length} ids`;
  const of = type === null ? 'a subscription or account' : `an authorization system of ${type}`;
  throw new Fault('reject', 'unknown-system', `"${text}" has ${what} of ${of}.`);
}

function typeOf(text: string | undefined): 'azure' | 'aws' | 'gcp' | null {
  if (text === undefined) return null;
  const type = typeNames.get(text.toLowerCase());
  if (type) return type;
  throw new Fault('reject', 'unknown-system', `"${text}" is no type of authorization system.`);
}

function idsIn(text: string, type: 'azure' | 'aws' | 'gcp'): readonly System[] {
  const ids = new Set(text.match(shapes[type])?.map((id) => (type === 'azure' ? id.toLowerCase() : id)));
  return [...ids].map((id) => ({ type, id }));
}

/** A count as a mail writes it; null where it writes none. @throws Fault `reject` */
export function countOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^(?:[0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3}){1,2})$/.test(text)) return Number(text.replaceAll(',', ''));
  throw new Fault('reject', 'wrong-fields', `"${text}" is not a number of identities.`);
}

const isoLike = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(?: ?(?:Z|UTC))?$/;
const spelled = /^[A-Za-z]{3,9} \d{1,2},? \d{4},? \d{1,2}:\d{2}(?::\d{2})?(?: [AP]M)?$/i;

/**
 * A time of the column "Date/Time (UTC)". 03/04/2025 is not taken: it is two days, depending on who reads it.
 * @throws Fault `reject`
 */
export function utcTime(text: string): string {
  const [, day, time] = isoLike.exec(text) ?? [];
  const parsed = Date.parse(day === undefined ? (spelled.test(text) ? `${text} UTC` : '') : `${day}T${time}Z`);
  if (!Number.isNaN(parsed)) return new Date(parsed).toISOString();
  throw new Fault('reject', 'wrong-fields', `"${text}" is not a time that can be read without a doubt.`);
}
