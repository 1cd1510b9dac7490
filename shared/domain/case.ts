import type { Case, CaseRun } from './archive.ts';
import { type GuardedAction, refusals, type Safety } from './guard.ts';
import { match } from './match.ts';
import type { Risk } from './plan.ts';
import { nameOfStep, type Playbook } from './playbook.ts';
import { type Proof, proveInactive, proveSuper } from './proof.ts';

/** What a decision has to know about an action. */
export interface CaseAction {
  readonly risk: Risk;
  readonly changesAccount: boolean;
}

/** What a set of playbooks is decided with. */
export interface CaseParts {
  readonly playbooks: readonly Playbook[];
  readonly actions: ReadonlyMap<string, CaseAction>;
  /** Settings that cases refer to, by digest. */
  readonly safety: ReadonlyMap<string, Safety>;
}

/** What would come of one identity, whoever would have to say yes. `unknown`: what it takes was not recorded. */
export type CaseOutcome = 'touch' | 'not-confirmed' | 'refused' | 'unknown';

export interface CaseIdentity {
  readonly identity: string;
  readonly outcome: CaseOutcome;
  /** Choices that the guards allow. */
  readonly choices: readonly string[];
}

/** What a set of playbooks would do about an alert. */
export interface CaseDecision {
  readonly playbook: Playbook | null;
  readonly identities: readonly CaseIdentity[];
}

/**
 * Decides a case with a set of playbooks: the same match, proof and guards as the engine's, on the evidence of then. An
 * action is taken to have something to do. @returns null where the system was not recorded, so that nothing can be said
 */
export function decideCase({ alert, system, runs }: Case, parts: CaseParts): CaseDecision | null {
  if (!system) return null;
  const { playbook } = match(alert, system, parts.playbooks);
  if (!playbook) return { playbook, identities: [] };
  return { playbook, identities: runs.map((run) => identityOf(run, playbook, { scope: system.id, parts })) };
}

interface About {
  readonly scope: string;
  readonly parts: CaseParts;
}

function identityOf(run: CaseRun, playbook: Playbook, about: About): CaseIdentity {
  const { identity } = run;
  const proof = proofOf(run, playbook, about.scope);
  if (proof === null) return { identity, outcome: 'unknown', choices: [] };
  if (proof.verdict !== 'true') return { identity, outcome: 'not-confirmed', choices: [] };
  const choices = allowed(run, playbook, about.parts);
  if (choices === null) return { identity, outcome: 'unknown', choices: [] };
  return { identity, outcome: choices.length > 0 ? 'touch' : 'refused', choices };
}

/** The claim of this playbook on the evidence of then; null where that evidence was not read. */
function proofOf({ at, presence, access }: CaseRun, { proof }: Playbook, system: string): Proof | null {
  if (at === null) return null;
  if (proof.claim === 'inactive') return presence && proveInactive(presence, proof, at);
  return access && proveSuper(access, `/subscriptions/${system}`, at);
}

/** Choices against whose actions no guard speaks; null where that cannot be known. */
function allowed({ facts, safety, presence }: CaseRun, playbook: Playbook, { actions, safety: settings }: CaseParts) {
  const known = safety === null ? undefined : settings.get(safety);
  const seen = facts?.presence ?? presence;
  if (!facts || !known || !seen) return null;
  const whole = { ...facts, presence: seen, safety: known };
  const stopped = new Map<string, boolean>();
  const stops = (action: string): boolean => {
    const before = stopped.get(action);
    if (before !== undefined) return before;
    const guarded = guardedAction(action, actions);
    const result = guarded === null || refusals(whole, guarded).length > 0;
    stopped.set(action, result);
    return result;
  };
  return Object.entries(playbook.choices)
    .filter(([, { steps }]) => !steps.some((step) => 'action' in step && stops(step.action)))
    .map(([name]) => name);
}

function guardedAction(name: string, actions: CaseParts['actions']): GuardedAction | null {
  const action = actions.get(name);
  return action ? { action: name, risk: action.risk, changesAccount: action.changesAccount } : null;
}

const told = new WeakMap<Playbook, string>();

/** The steps of a playbook in words, every choice; two with the same text do the same. */
export function stepsOf(playbook: Playbook): string {
  const known = told.get(playbook);
  if (known !== undefined) return known;
  const choices = Object.entries(playbook.choices).map(
    ([name, { steps }]) => `${name}: ${steps.map((step) => `${nameOfStep(step)}${settingsOf(step)}`).join(', ')}`,
  );
  const text = choices.join(' | ');
  told.set(playbook, text);
  return text;
}

function settingsOf(step: object): string {
  const settings = 'with' in step ? JSON.stringify(step.with) : '{}';
  return settings === '{}' ? '' : ` ${settings}`;
}
