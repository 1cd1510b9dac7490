import type { Period } from './period.ts';
import type { RunEntry } from './run-entry.ts';

type Told = RunEntry & { readonly time: string };

/** One question a run asked, and how it was settled; `open` at the end of the period where it was not. */
export interface Question {
  readonly asked: string;
  /** When it was settled, or the end of the period. */
  readonly at: string;
  /** `approved`, `rejected`, `voided`, `open`, or how the run ended with it: `expired` above all. */
  readonly answer: string;
  readonly choice: string | null;
  /** Everybody who had a part in the answer. */
  readonly by: string | null;
  readonly why: string | null;
}

/** Questions so far, the one that stands with who has said yes to it, and how many each plan needs. */
interface State {
  readonly questions: readonly Question[];
  readonly asked: string | null;
  readonly names: readonly string[];
  readonly needed: ReadonlyMap<string, number>;
}

const start: State = { questions: [], asked: null, names: [], needed: new Map() };

/** Every question of a run, in order. A plan may need several people, and then their last word settles it. */
export function questionsOf(entries: readonly Told[], { to }: Pick<Period, 'to'>): readonly Question[] {
  const { questions, asked, names } = entries.reduce(fold, start);
  if (asked === null) return questions;
  return [...questions, { asked, at: to, answer: 'open', choice: null, by: together(names), why: null }];
}

function fold(state: State, entry: Told): State {
  if (entry.type === 'planned') {
    const needed = new Map(entry.data.plans.map(({ digest, people }) => [digest, people]));
    return { ...state, needed };
  }
  if (entry.type === 'asked') return { ...state, asked: entry.time };
  return state.asked === null ? state : settle(state, state.asked, entry);
}

function settle(state: State, asked: string, entry: Told): State {
  const names = entry.type === 'decided' ? [...state.names, entry.data.byName] : state.names;
  const answer = answerOf(entry, names, state.needed);
  if (!answer) return { ...state, names };
  const question = { asked, at: entry.time, by: together(names), ...answer };
  return { ...state, questions: [...state.questions, question], asked: null, names: [] };
}

function together(names: readonly string[]): string | null {
  return names.length === 0 ? null : names.join(', ');
}

function answerOf(
  entry: Told,
  names: readonly string[],
  needed: ReadonlyMap<string, number>,
): Pick<Question, 'answer' | 'choice' | 'why'> | null {
  switch (entry.type) {
    case 'decided': {
      const { choice, digest, reason } = entry.data;
      if (choice === null) return { answer: 'rejected', choice, why: reason };
      return names.length >= (needed.get(digest ?? '') ?? 1) ? { answer: 'approved', choice, why: reason } : null;
    }
    case 'approval-voided':
    case 'plan-voided':
      return { answer: 'voided', choice: null, why: entry.data.reason };
    case 'run-ended':
      return { answer: entry.data.outcome, choice: null, why: entry.data.reason };
    default:
      return null;
  }
}
