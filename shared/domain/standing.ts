import type { Run } from './run.ts';

/** How a run stands for the people it asked. */
export const standings = [
  'asking',
  'superseded',
  'decided',
  'held',
  'done',
  'failed',
  'rejected',
  'expired',
  'refused',
  'undoing',
  'undone',
  'ended',
] as const;
export type Standing = (typeof standings)[number];

/** How a run that asked stands now. Follows from its entries alone, not from the time. */
export function standingOf(run: Run): Standing {
  if (run.undo) return run.undo.ended ? 'undone' : 'undoing';
  if (run.ended) return endedAs(run.ended.outcome);
  if (run.held) return 'held';
  if (run.decision) return 'decided';
  return run.asked ? 'asking' : 'superseded';
}

function endedAs(outcome: NonNullable<Run['ended']>['outcome']): Standing {
  switch (outcome) {
    case 'done':
    case 'failed':
    case 'rejected':
    case 'expired':
    case 'refused':
      return outcome;
    default:
      return 'ended';
  }
}

/** Is there nothing more to show, whatever time passes? A person can still take the run back. */
export function isOver(run: Run): boolean {
  return run.undo ? run.undo.ended !== null : run.ended !== null;
}
