import { idOf } from './digest.ts';
import type { Run } from './run.ts';

/** One of the things a person can pick now; `choice` null rejects. */
export interface Pick {
  readonly id: string;
  readonly choice: string | null;
  /** Digest of the plan it approves; null where it rejects. */
  readonly digest: string | null;
}

/**
 * What a person can pick of the question as it stands, each under an id that is a digest of all it stands for: the run, the
 * question and the plan. Whoever sends the id back says which button was pressed, and nothing else; a button of a plan that has
 * changed since has another id, so it picks nothing. No secret: who may decide is looked up.
 */
export function picksOf(run: Run): readonly Pick[] {
  const { asked } = run;
  if (!asked) return [];
  const plans = (run.plans ?? []).filter(({ choice }) => asked.choices.includes(choice));
  const question = [run.id, asked.expiresAt, plans.map(({ digest }) => digest)];
  const id = (choice: string | null) => idOf('choice', [...question, choice]);
  return [
    ...plans.map(({ choice, digest }) => ({ id: id(choice), choice, digest })),
    { id: id(null), choice: null, digest: null },
  ];
}
