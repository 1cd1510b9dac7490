import { match, reasonsAgainst } from './match.ts';
import type { Risk } from './plan.ts';
import type { Playbook } from './playbook.ts';
import { mostTried, possibleAlerts } from './possible.ts';

/** Something to say about a set of playbooks. An error is never meant; a warning may be. */
export interface Remark {
  readonly level: 'error' | 'warning';
  readonly code: 'unreachable' | 'shadowed' | 'contradicting' | 'deletes-alone' | 'no-undo' | 'unchecked';
  readonly playbook: string;
  readonly message: string;
}

/** What has to be known about an action. */
export interface AnalysedAction {
  readonly risk: Risk;
  readonly changesAccount: boolean;
  /** Is there an undo? null where that cannot be said beforehand. */
  readonly undoable: boolean | null;
}
type Actions = ReadonlyMap<string, AnalysedAction>;

/** Everything there is to say about these playbooks together. */
export function analyse(playbooks: readonly Playbook[], actions: Actions): readonly Remark[] {
  return [
    ...playbooks.flatMap((playbook) => reach(playbook, playbooks)),
    ...playbooks.flatMap((playbook) => harm(playbook, actions)),
    ...contradictions(playbooks, actions),
  ];
}

/** Can it answer at all, and everything it says it answers? Tried with alerts that differ where conditions look. */
function reach(playbook: Playbook, all: readonly Playbook[]): readonly Remark[] {
  const { name, on } = playbook;
  const pairs = on.rules.flatMap((rule) => on.systems.map((type) => reachOf(playbook, all, rule, type)));
  if (pairs.every(({ answers }) => answers)) return [];
  const hidden = pairs.filter(({ answers }) => !answers);
  const capped = pairs.some(({ tried }) => tried >= mostTried);
  const why = [...new Set(hidden.flatMap(({ before }) => before))].sort();
  const because = why.length > 0 ? `${why.join(', ')} comes before it` : 'its condition is never true';
  const doubt = capped ? ` in any of the ${mostTried} cases tried` : '';
  if (hidden.length === pairs.length)
    return [{ level: 'error', code: 'unreachable', playbook: name, message: `never answers${doubt}: ${because}` }];
  const where = hidden.map(({ rule, type }) => `${rule} on ${type}`).join(', ');
  return [
    { level: 'warning', code: 'shadowed', playbook: name, message: `never answers ${where}${doubt}: ${because}` },
  ];
}

function reachOf(playbook: Playbook, all: readonly Playbook[], rule: string, type: Playbook['on']['systems'][number]) {
  const tried = possibleAlerts(all, rule, type);
  const before = new Set<string>();
  for (const { alert, system } of tried) {
    const winner = match(alert, system, all).playbook;
    if (winner === playbook) return { rule, type, answers: true, before: [], tried: tried.length };
    if (winner && reasonsAgainst(alert, system, playbook).length === 0) before.add(winner.name);
  }
  return { rule, type, answers: false, before: [...before], tried: tried.length };
}

/** Steps that take something away without a question, or for good. */
function harm(playbook: Playbook, actions: Actions): readonly Remark[] {
  const choices = Object.entries(playbook.choices);
  const alone = playbook.mode === 'enforce' && choices.length === 1;
  return choices.flatMap(([choice, { steps }]) =>
    steps.flatMap((step): readonly Remark[] => {
      const action = 'action' in step ? actions.get(step.action) : undefined;
      if (!action || !('action' in step)) return [];
      return harmOf(action, alone).map(({ message, ...remark }) => ({
        ...remark,
        playbook: playbook.name,
        message: `${choice}: ${step.action} ${message}`,
      }));
    }),
  );
}

function harmOf({ risk, undoable }: AnalysedAction, alone: boolean): readonly Omit<Remark, 'playbook'>[] {
  const found: Omit<Remark, 'playbook'>[] = [];
  if (alone && risk === 'destructive')
    found.push({ level: 'error', code: 'deletes-alone', message: 'without asking anybody' });
  if (risk !== 'notify' && undoable === false)
    found.push({ level: 'warning', code: 'no-undo', message: 'cannot be undone' });
  if (undoable === null)
    found.push({ level: 'warning', code: 'unchecked', message: 'may have no undo: that cannot be said beforehand' });
  return found;
}

/** What a playbook does to an identity, at the most; `leaves` is what it may decide on purpose. */
interface Effect {
  readonly playbook: string;
  readonly takesAccount: boolean;
  readonly takesAccess: boolean;
  readonly leaves: boolean;
}

/** Two playbooks that one identity can come before, of which one takes away what the other leaves on purpose. */
function contradictions(playbooks: readonly Playbook[], actions: Actions): readonly Remark[] {
  const effects = playbooks.map((playbook) => ({ playbook, effect: effectOf(playbook, actions) }));
  return effects.flatMap(({ playbook, effect }) =>
    effects
      .filter((other) => other.playbook !== playbook && canMeet(playbook, other.playbook))
      .flatMap((other): readonly Remark[] => {
        // An account is one in all systems; access counts in its own.
        const sameSystem = meetInOneSystem(playbook, other.playbook);
        const takes = effect.takesAccount || (effect.takesAccess && sameSystem);
        if (!takes || !other.effect.leaves) return [];
        const what = effect.takesAccount ? 'the account' : 'access';
        const message = `may take ${what} from somebody whom ${other.playbook.name} leaves alone on purpose`;
        return [{ level: 'warning', code: 'contradicting', playbook: playbook.name, message }];
      }),
  );
}

function effectOf(playbook: Playbook, actions: Actions): Effect {
  const steps = Object.values(playbook.choices).map(({ steps: own }) =>
    own.flatMap((step) => ('action' in step ? (actions.get(step.action) ?? []) : [])),
  );
  const taking = steps.flat().filter(({ risk }) => risk === 'reversible' || risk === 'destructive');
  return {
    playbook: playbook.name,
    takesAccount: taking.some(({ changesAccount }) => changesAccount),
    takesAccess: taking.some(({ changesAccount }) => !changesAccount),
    leaves: steps.some(
      (own) =>
        own.some(({ risk }) => risk === 'annotate') &&
        own.every(({ risk }) => risk === 'annotate' || risk === 'notify'),
    ),
  };
}

/** Can one identity come before both: is the claim the same? Whoever is inactive is so everywhere. */
function canMeet(one: Playbook, other: Playbook): boolean {
  return one.proof.claim === other.proof.claim;
}

function meetInOneSystem(one: Playbook, other: Playbook): boolean {
  return one.on.systems.some((type) => other.on.systems.includes(type));
}
