import type { Cell } from './csv.ts';

/** One row a report is made of. */
export type ReportRow = Readonly<Record<string, Cell>>;

export interface Column {
  readonly title: string;
  readonly type: 'text' | 'time' | 'number';
}

/** Every column there is; the same word means the same everywhere. */
export const columns: Readonly<Record<string, Column>> = {
  at: { title: 'When (UTC)', type: 'time' },
  asked: { title: 'Asked (UTC)', type: 'time' },
  ended: { title: 'Ended (UTC)', type: 'time' },
  run: { title: 'Run', type: 'text' },
  rule: { title: 'Rule', type: 'text' },
  source: { title: 'Source', type: 'text' },
  playbook: { title: 'Playbook', type: 'text' },
  mode: { title: 'Mode', type: 'text' },
  identity: { title: 'Identity', type: 'text' },
  account: { title: 'Account', type: 'text' },
  id: { title: 'Object id', type: 'text' },
  system: { title: 'System', type: 'text' },
  state: { title: 'State', type: 'text' },
  why: { title: 'Why', type: 'text' },
  action: { title: 'Action', type: 'text' },
  risk: { title: 'Risk', type: 'text' },
  how: { title: 'How it was found done', type: 'text' },
  undo: { title: 'Undo', type: 'text' },
  by: { title: 'By', type: 'text' },
  answer: { title: 'Answer', type: 'text' },
  choice: { title: 'Choice', type: 'text' },
  hours: { title: 'Hours', type: 'number' },
  guard: { title: 'Guard', type: 'text' },
  verdict: { title: 'Inactive?', type: 'text' },
  became: { title: 'What became of it', type: 'text' },
  what: { title: 'What', type: 'text' },
  kind: { title: 'Change', type: 'text' },
  class: { title: 'Class', type: 'text' },
  window: { title: 'Window', type: 'text' },
  used: { title: 'Most at once', type: 'number' },
  limit: { title: 'Limit', type: 'number' },
  percent: { title: 'Percent', type: 'number' },
  days: { title: 'Days left', type: 'number' },
};

const whom = ['identity', 'account', 'id', 'system'] as const;

/** Kinds of rows, what each is of, and its columns. `at` is what puts a row into a period. */
export const rowKinds = {
  runs: {
    about: 'runs that were opened or ended in the period, as they stood at its end',
    columns: ['at', 'ended', 'run', 'rule', 'source', 'playbook', 'mode', ...whom, 'state', 'why', 'hours'],
  },
  changes: {
    about: 'steps that were found done in the period; what has been taken back since has "taken back" as its undo',
    columns: ['at', 'run', 'playbook', 'action', 'risk', ...whom, 'how', 'by', 'undo'],
  },
  approvals: {
    about: 'questions that were settled in the period, or still open at its end',
    columns: ['at', 'asked', 'answer', 'choice', 'by', 'hours', 'why', 'run', 'playbook', ...whom],
  },
  refusals: {
    about: 'what guards stopped in the period, each guard and action once per run',
    columns: ['at', 'guard', 'action', 'why', 'run', 'playbook', ...whom],
  },
  inactive: {
    about: 'identities that an alert called inactive, in runs that were opened or ended in the period',
    columns: ['at', 'run', 'playbook', ...whom, 'verdict', 'became', 'ended', 'why'],
  },
  controls: {
    about: 'stops, quarantines and releases in the period',
    columns: ['at', 'kind', 'what', 'by', 'why'],
  },
  budgets: {
    about: 'the most places taken at once in the period, by class, system and window, against the limit of today',
    columns: ['at', 'class', 'system', 'window', 'used', 'limit', 'percent'],
  },
  exclusions: {
    about: 'exclusions that end within 30 days after the period, from the registry as it is when the report is made',
    columns: ['at', 'days', ...whom, 'why', 'run'],
  },
} as const satisfies Readonly<Record<string, { about: string; columns: readonly string[] }>>;
export type RowKind = keyof typeof rowKinds;
export const rowKindNames: readonly RowKind[] = Object.keys(rowKinds) as RowKind[];

/** Names of the columns that rows of a kind have. */
export function columnsOf(kind: RowKind): readonly string[] {
  return rowKinds[kind].columns;
}
