import type { CardElement, IContainer } from '@microsoft/teams.cards';
import { canonical, type Json } from '../../../../domain/json.ts';
import type { Plan, PlannedAction, PlannedStep } from '../../../../domain/plan.ts';
import type { Run, StepState } from '../../../../domain/run.ts';
import { line, minute, type Room, said, words } from '../text.ts';

/** What one choice would do, exactly, and what it leaves: every step, before → after, undo, residual access. */
export function changes(run: Run, plan: Plan, room: Room): IContainer {
  const shownSteps = plan.steps.slice(0, room.items);
  const more = plan.steps.length - shownSteps.length;
  return {
    type: 'Container',
    separator: true,
    spacing: 'Medium',
    items: [
      line([
        words(plan.label, room, { weight: 'Bolder' }),
        said(`  plan ${plan.digest.slice(0, 12)}`, { isSubtle: true, size: 'Small' }),
      ]),
      ...shownSteps.flatMap((step, index) => stepLines({ run, step, number: index + 1, room })),
      ...(more > 0 ? [line([said(`and ${more} more steps; see the evidence page`, { isSubtle: true })])] : []),
      ...residual(run, plan, room),
    ],
  };
}

interface Numbered {
  readonly run: Run;
  readonly step: PlannedStep;
  readonly number: number;
  readonly room: Room;
}

function stepLines({ run, step, number, room }: Numbered): CardElement[] {
  const mark = markOf(run.steps.get(step.key));
  const begin = said(`${number}. ${mark}`);
  if ('wait' in step) return [line([begin, said(`wait ${step.wait}`)], tight)];
  if ('prove' in step) return [line([begin, said('prove again, and stop where it is no longer true')], tight)];
  const nothing = step.calls.length === 0;
  const state = run.steps.get(step.key);
  return [
    line([begin, words(local(run, step.summary), room), ...(nothing ? [said(' (already so)', subtle)] : [])], tight),
    ...(nothing || canonical(step.after) === '{}' ? [] : [beforeAfter(run, step, room)]),
    line(
      [said(step.undo === null ? 'Cannot be undone: ' : 'Undo: ', subtle), words(step.undoNote, room, subtle)],
      tight,
    ),
    ...(state?.state === 'failed' ? [line([words(state.reason, room, { color: 'Attention' })], tight)] : []),
  ];
}

function beforeAfter(run: Run, { before, after }: PlannedAction, room: Room) {
  return line(
    [
      words(local(run, shown(before)), room, { ...mono, strikethrough: true }),
      said('  →  '),
      words(local(run, shown(after)), room, mono),
    ],
    tight,
  );
}

function residual(run: Run, plan: Plan, room: Room): CardElement[] {
  const all = plan.steps.flatMap((step) => ('action' in step ? step.residual : []));
  const some = all.slice(0, room.items);
  const more = all.length - some.length;
  return [
    ...some.map(({ what, why }) =>
      line(
        [said('Stays: ', { color: 'Warning' }), words(local(run, what), room), said('; '), words(why, room, subtle)],
        tight,
      ),
    ),
    ...(more > 0 ? [line([said(`and ${more} more that stay`, subtle)], tight)] : []),
  ];
}

/** How far a step is, before its text; nothing while nothing has happened. */
function markOf(state: StepState | undefined): string {
  switch (state?.state) {
    case undefined:
      return '';
    case 'verified':
      return '✓ ';
    case 'failed':
      return '✗ ';
    case 'waiting':
      return `(until ${minute(state.until)}) `;
    default:
      return '… ';
  }
}

/** Scopes within the system by its name: the id takes half a line, and the page has it. */
function local({ opened }: Run, text: string): string {
  return text.replaceAll(`/subscriptions/${opened.system.id}`, opened.system.name);
}

/** JSON without the noise: an object as `key value, key value`. */
function shown(value: Json): string {
  if (value === null) return 'none';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.length === 0 ? 'nothing' : value.map(shown).join('; ');
  if (typeof value !== 'object') return String(value);
  return (
    Object.entries(value)
      .map(([key, inner]) => `${key} ${shown(inner ?? null)}`)
      .join(', ') || '-'
  );
}

const tight = { spacing: 'Small' } as const;
const subtle = { isSubtle: true, size: 'Small' } as const;
const mono = { fontType: 'Monospace', size: 'Small' } as const;
