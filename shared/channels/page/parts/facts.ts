import { type Json, toJson } from '../../../domain/json.ts';
import { minute } from '../../teams/card/text.ts';
import { type Html, html, type Part } from '../html.ts';

/** Names and what they are. */
export function facts(rows: readonly (readonly [string, Part] | null)[]): Html {
  const shown = rows.flatMap((row) => (row === null ? [] : [html`<dt>${row[0]}</dt><dd>${row[1]}</dd>\n`]));
  return html`<dl>\n${shown}</dl>`;
}

/** JSON without the noise: an object as `key value, key value`. */
export function shown(value: Json): string {
  if (value === null) return 'none';
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value) ? minute(value) : value;
  if (Array.isArray(value)) return value.length === 0 ? 'nothing' : value.map(shown).join('; ');
  if (typeof value !== 'object') return String(value);
  return (
    Object.entries(value)
      .map(([key, inner]) => `${key} ${shown(inner ?? null)}`)
      .join(', ') || '–'
  );
}

/** How long until then: `2 d 5 h`, `3 h 10 min`, `12 min`. */
export function span(from: string, until: string): string {
  const minutes = Math.max(0, Math.floor((Date.parse(until) - Date.parse(from)) / 60_000));
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  if (days > 0) return `${days} d ${hours} h`;
  return hours > 0 ? `${hours} h ${rest} min` : `${rest} min`;
}

/** A wait in words: `30 days`, `12 hours`. */
export function wait(ms: number): string {
  const units = [
    [86_400_000, 'day'],
    [3_600_000, 'hour'],
    [60_000, 'minute'],
    [1000, 'second'],
  ] as const;
  const [size, name] = units.find(([unit]) => ms >= unit && ms % unit === 0) ?? [1000, 'second'];
  const count = Math.round(ms / size);
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

/** What the page says anyway, so that it is not said again in every change. */
export interface Known {
  readonly ids: ReadonlySet<string>;
  /** The path of the system, and its name. */
  readonly system: readonly [string, string];
}

/** A state as it is to be read: without what is known, and with the system by its name. */
export function state(value: Json, { ids, system }: Known): string {
  return named(shown(without(value, ids)), system);
}

function without(value: Json, ids: ReadonlySet<string>): Json {
  if (Array.isArray(value)) return value.map((one) => without(one, ids));
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(toJson(value)).filter(([, inner]) => typeof inner !== 'string' || !ids.has(inner));
  return Object.fromEntries(kept.map(([key, inner]) => [key, without(inner, ids)]));
}

/** The same text with the system by its name: `Contoso Production/resourceGroups/rg-data`. */
export function named(text: string, [path, name]: Known['system']): string {
  return text.replaceAll(path, name);
}
