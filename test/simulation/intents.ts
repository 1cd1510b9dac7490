import type { PlannedAction, PlannedStep } from '../../shared/domain/plan.ts';
import { type Opened, type RunEntry, runEntryOf } from '../../shared/domain/run-entry.ts';
import type { Look, Looked, Record, Written } from './record.ts';

type Typed = RunEntry & { readonly time: string };
export type Row = { readonly written: Written; readonly entry: Typed };

/** The journal of one run, read without the engine's own fold. */
export interface Story {
  readonly id: string;
  readonly opened: Opened;
  readonly rows: readonly Row[];
}

/** One intent, with what was known when it was written down. */
export interface Intent {
  readonly story: Story;
  readonly written: Written;
  readonly data: Extract<RunEntry, { type: 'step-intended' }>['data'];
  readonly time: string;
  /** Everything in the journal before it. */
  readonly before: readonly Row[];
  /** Is it part of taking back? */
  readonly undo: boolean;
  readonly step: PlannedAction | null;
  /** What its fiber saw before. */
  readonly looks: readonly Looked[];
}

export function storiesOf({ entries }: Record): Story[] {
  const journals = new Map<string, Written[]>();
  for (const written of entries) {
    const { journal } = written.entry;
    const known = journals.get(journal);
    if (known) known.push(written);
    else if (journal.startsWith('run-')) journals.set(journal, [written]);
  }
  return [...journals].flatMap(([id, all]) => {
    const rows = all.map((written) => ({ written, entry: runEntryOf(written.entry) }));
    const first = rows[0]?.entry;
    return first?.type === 'run-opened' ? [{ id, opened: first.data, rows }] : [];
  });
}

export function intentsOf(record: Record, stories: readonly Story[]): Intent[] {
  return stories.flatMap((story) =>
    story.rows.flatMap(({ written, entry }, index) => {
      if (entry.type !== 'step-intended') return [];
      const before = story.rows.slice(0, index);
      const { step: key } = entry.data;
      const undo = key.startsWith('undo:');
      return [
        {
          ...{ story, written, before, undo, data: entry.data, time: entry.time },
          step: plannedStep(before, undo ? key.slice('undo:'.length) : key),
          looks: looksBefore(record, written, story),
        },
      ];
    }),
  );
}

/** What the writer of an entry saw before it wrote; of other identities than the run's, such as approvers, nothing. */
export function looksBefore({ looks }: Record, { fiber, order }: Written, { opened }: Story): Looked[] {
  const about = (look: Look) => !('id' in look) || look.id === opened.identity.id;
  return looks.filter((one) => one.fiber === fiber && one.order < order && about(one.look));
}

/** The last look of a kind. */
export function lastLook<Of extends Look['of']>(looks: readonly Looked[], of: Of): Extract<Look, { of: Of }> | null {
  const found = looks.findLast(({ look }) => look.of === of)?.look;
  return found && isOf(found, of) ? found : null;
}

/** The last looks of a kind, newest first. */
export function lastLooks<Of extends Look['of']>(
  looks: readonly Looked[],
  of: Of,
  count: number,
): Extract<Look, { of: Of }>[] {
  const found = looks.toReversed().flatMap(({ look }) => (isOf(look, of) ? [look] : []));
  return found.slice(0, count);
}

function isOf<Of extends Look['of']>(look: Look, of: Of): look is Extract<Look, { of: Of }> {
  return look.of === of;
}

/** The last entry of a type. */
export function lastOf<T extends RunEntry['type']>(rows: readonly Row[], type: T): Found<T> | null {
  for (const { written, entry } of rows.toReversed()) if (isType(entry, type)) return { written, entry };
  return null;
}

export interface Found<T extends RunEntry['type']> {
  readonly written: Written;
  readonly entry: Extract<RunEntry, { type: T }> & { readonly time: string };
}

function isType<T extends RunEntry['type']>(entry: Typed, type: T): entry is Typed & Extract<RunEntry, { type: T }> {
  return entry.type === type;
}

/** Rows about one step. */
export function rowsOfStep(rows: readonly Row[], key: string): Row[] {
  return rows.filter(({ entry }) => 'step' in entry.data && entry.data.step === key);
}

export function plannedStep(rows: readonly Row[], key: string): PlannedAction | null {
  const steps = rows.flatMap(({ entry }): readonly PlannedStep[] =>
    entry.type === 'planned' ? entry.data.plans.flatMap((plan) => plan.steps) : [],
  );
  const found = steps.find((step) => step.key === key);
  return found && 'action' in found ? found : null;
}

export function changesAccess({ risk }: PlannedAction): boolean {
  return risk === 'reversible' || risk === 'destructive';
}
