import { RE2JS } from 're2js';
import { Fault } from '../../domain/fault.ts';

/** What an alert mail says, by the labels its documentation names. */
export type FieldName = 'name' | 'rule' | 'system' | 'systemType' | 'identities' | 'time' | 'other';

/** Labels of the alert list and of alert mails, as documented. Those of `other` are recognised as columns only. */
const labels: readonly (readonly [FieldName, string])[] = [
  ['name', 'Alert Name'],
  ['rule', 'Anomaly Alert Rule'],
  ['rule', 'Alert Rule'],
  ['systemType', 'Authorization System Type'],
  ['system', 'Authorization System'],
  ['identities', '# of Identities'],
  ['identities', 'Identities'],
  ['identities', 'Identity'],
  ['time', 'Date/Time (UTC)'],
  ['other', '# of Occurrences'],
  ['other', 'Tasks'],
  ['other', 'Task'],
  ['other', 'Resources'],
  ['other', 'Resource'],
  ['other', 'Date/Time'],
];

const byLabel = new Map(labels.map(([field, label]) => [label.toLowerCase(), field]));
const alternatives = labels.map(([, label]) => RE2JS.quote(label)).join('|');

/** `Label: value`, or label and value in neighbouring cells. */
const labelled = RE2JS.compile(`^[ \\t]*(${alternatives})[ ]*(?::|\\t)[: \\t]*([^\\t\\n]+)`, RE2JS.CASE_INSENSITIVE);

/**
 * The labelled values of a text, as lines `Label: value`, as rows of two cells, or as a table with the labels on top.
 * @throws Fault `reject` where one label has two values: which is meant is not ours to guess
 */
export function labelledFields(text: string): ReadonlyMap<FieldName, string> {
  const found = new Map<FieldName, string>();
  let columns: readonly (FieldName | undefined)[] = [];
  for (const line of text.split('\n')) {
    const header = columnsOf(line);
    if (header) {
      columns = header;
      continue;
    }
    const values = columns.length > 0 ? row(line, columns) : null;
    if (!values) columns = [];
    for (const [field, value] of values ?? pair(line)) add(found, field, value);
  }
  return found;
}

/** The columns where every cell of a row is a label; two at least, so that no lone label becomes a table. */
function columnsOf(line: string): readonly (FieldName | undefined)[] | null {
  const cells = cellsOf(line);
  const columns = cells.map((cell) => byLabel.get(cell.toLowerCase()));
  return cells.length >= 2 && columns.every((column) => column !== undefined) ? columns : null;
}

type Pair = readonly [FieldName, string];

function row(line: string, columns: readonly (FieldName | undefined)[]): readonly Pair[] | null {
  const cells = cellsOf(line);
  if (cells.length !== columns.length) return null;
  return cells.flatMap((cell, index) => pairOf(columns[index], cell));
}

function pair(line: string): readonly Pair[] {
  const matcher = labelled.matcher(line);
  if (!matcher.find()) return [];
  return pairOf(byLabel.get((matcher.group(1) ?? '').toLowerCase()), (matcher.group(2) ?? '').trim());
}

function pairOf(field: FieldName | undefined, value: string): readonly Pair[] {
  return field === undefined || field === 'other' || value === '' ? [] : [[field, value]];
}

function add(found: Map<FieldName, string>, field: FieldName, value: string): void {
  const before = found.get(field);
  if (before !== undefined && before !== value) {
    const message = `The mail says two things for one label: "${before}" and "${value}".`;
    throw new Fault('reject', 'mail-ambiguous', message);
  }
  found.set(field, value);
}

function cellsOf(line: string): readonly string[] {
  return line.split('\t').map((cell) => cell.trim());
}
