import type { ArchiveLine, Case, CaseRun } from './archive.ts';
import { type Budget, type BudgetClass, type Reservation, takePlace, type Window } from './budget.ts';
import { type CaseAction, type CaseDecision, decideCase, stepsOf } from './case.ts';
import type { Safety } from './guard.ts';
import type { Playbook } from './playbook.ts';

/** How an alert would fare with the new playbooks, compared with those that answered it. */
export const changes = [
  'newly-matched',
  'no-longer-matched',
  'other-playbook',
  'other-steps',
  'other-identities',
] as const;
export type Change = (typeof changes)[number];

/** One alert that would fare otherwise. */
export interface Example {
  readonly alert: string;
  readonly rule: string;
  readonly receivedAt: string;
  readonly before: string;
  readonly after: string;
}

/** A budget that would not have had room. */
export interface FullBudget {
  readonly class: BudgetClass;
  readonly system: string;
  readonly window: Window;
  readonly limit: number;
  /** When it would have been full for the first time, and how many steps would have found no room. */
  readonly first: string;
  readonly steps: number;
}

export interface BacktestResult {
  readonly events: number;
  readonly same: number;
  /** Alerts about which nothing or not all can be said, since the evidence was not recorded. */
  readonly unknown: number;
  readonly changed: Readonly<Record<Change, number>>;
  /** The first ones of each kind. */
  readonly examples: Readonly<Record<Change, readonly Example[]>>;
  /** Different identities that would be touched, were every question answered yes. */
  readonly identities: {
    readonly before: number;
    readonly after: number;
    readonly added: readonly string[];
    readonly addedCount: number;
  };
  readonly budgets: readonly FullBudget[];
}

export interface Backtest {
  /** Takes the lines of an archive in order. */
  take(line: ArchiveLine): void;
  result(): BacktestResult;
}

const mostExamples = 20;
/** Sets of playbooks and settings that are remembered: one for each deployment. */
const mostSets = 200;

/** Decides an archive with other playbooks, and tells the difference. It keeps counts and a few examples, not the events. */
export function backtest(playbooks: readonly Playbook[], actions: ReadonlyMap<string, CaseAction>): Backtest {
  const sets = new Map<string, readonly Playbook[]>();
  const safety = new Map<string, Safety>();
  const tally = tallyOf();
  const budgets = budgetsOf(actions);
  const takeCase = (one: Case) => {
    const then = one.playbooks === null ? undefined : sets.get(one.playbooks);
    const before = then ? decideCase(one, { playbooks: then, actions, safety }) : null;
    const after = decideCase(one, { playbooks, actions, safety });
    tally.add(one, before, after);
    if (after?.playbook) budgets.count(one, after, after.playbook);
  };
  return {
    take: (line) => {
      if (line.kind === 'case') takeCase(line);
      else if (line.kind === 'playbooks') remember(sets, line.sha256, line.playbooks);
      else if (line.kind === 'safety') remember(safety, line.digest, line.safety);
      else budgets.use(line.budgets);
    },
    result: () => ({ ...tally.result(), budgets: budgets.full() }),
  };
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  if (map.size >= mostSets) map.delete(map.keys().next().value ?? '');
  map.set(key, value);
}

function tallyOf() {
  const counts = { events: 0, same: 0, unknown: 0 };
  const changed = new Map<Change, number>();
  const examples = new Map<Change, Example[]>();
  const [touchedBefore, touchedAfter] = [new Set<string>(), new Set<string>()];
  const example = (change: Change, one: Case, before: CaseDecision, after: CaseDecision) => {
    const known = examples.get(change) ?? [];
    const { id, rule, receivedAt } = one.alert;
    if (known.length < mostExamples)
      known.push({ alert: id, rule, receivedAt, before: inWords(before), after: inWords(after) });
    examples.set(change, known);
  };
  return {
    add: (one: Case, before: CaseDecision | null, after: CaseDecision | null) => {
      counts.events += 1;
      if (isUnknown(one, before) || isUnknown(one, after)) counts.unknown += 1;
      for (const id of touched(before)) touchedBefore.add(id);
      for (const id of touched(after)) touchedAfter.add(id);
      if (!before || !after) return;
      const change = changeOf(before, after);
      if (change === null) counts.same += 1;
      else {
        changed.set(change, (changed.get(change) ?? 0) + 1);
        example(change, one, before, after);
      }
    },
    result: (): Omit<BacktestResult, 'budgets'> => {
      const added = [...touchedAfter].filter((id) => !touchedBefore.has(id));
      const of = <T>(value: (change: Change) => T) =>
        Object.fromEntries(changes.map((change) => [change, value(change)])) as Record<Change, T>;
      return {
        ...counts,
        changed: of((change) => changed.get(change) ?? 0),
        examples: of((change) => examples.get(change) ?? []),
        identities: {
          before: touchedBefore.size,
          after: touchedAfter.size,
          added: added.slice(0, mostExamples),
          addedCount: added.length,
        },
      };
    },
  };
}

/** Can something not be said? Nobody was looked at for an alert that nothing answered, though it may be about somebody. */
function isUnknown(one: Case, decision: CaseDecision | null): boolean {
  if (!decision) return true;
  if (!decision.playbook) return false;
  return one.runs.length === 0 || decision.identities.some(({ outcome }) => outcome === 'unknown');
}

function touched(decision: CaseDecision | null): readonly string[] {
  return (decision?.identities ?? []).flatMap(({ identity, outcome }) => (outcome === 'touch' ? [identity] : []));
}

function changeOf(before: CaseDecision, after: CaseDecision): Change | null {
  if (!before.playbook && !after.playbook) return null;
  if (!before.playbook) return 'newly-matched';
  if (!after.playbook) return 'no-longer-matched';
  if (before.playbook.name !== after.playbook.name) return 'other-playbook';
  if (stepsOf(before.playbook) !== stepsOf(after.playbook)) return 'other-steps';
  return fates(before) === fates(after) ? null : 'other-identities';
}

function fates({ identities }: CaseDecision): string {
  return identities.map(({ outcome, choices }) => `${outcome} ${choices.join()}`).join(';');
}

function inWords({ playbook, identities }: CaseDecision): string {
  if (!playbook) return 'nothing answers';
  const fate = new Map<string, number>();
  for (const { outcome } of identities) fate.set(outcome, (fate.get(outcome) ?? 0) + 1);
  const counts = [...fate].map(([outcome, count]) => `${count} ${outcome}`).join(', ');
  return `${playbook.name}@${playbook.version} (${counts || 'nobody known'}): ${stepsOf(playbook)}`;
}

function budgetsOf(actions: ReadonlyMap<string, CaseAction>) {
  let limits: Readonly<Record<BudgetClass, Budget>> | null = null;
  const standing = new Map<string, readonly Reservation[]>();
  const full = new Map<string, FullBudget>();
  const take = (kind: BudgetClass, system: string, key: string, now: string) => {
    const budget = limits?.[kind];
    if (!budget) return;
    const row = `${kind} ${system}`;
    const { reserved, kept } = takePlace(standing.get(row) ?? [], { key, now, budget });
    standing.set(row, kept);
    if (reserved.granted) return;
    const { window, limit } = reserved;
    const known = full.get(`${row} ${window}`) ?? { class: kind, system, window, limit, first: now, steps: 0 };
    full.set(`${row} ${window}`, { ...known, steps: known.steps + 1 });
  };
  return {
    use: (given: Readonly<Record<BudgetClass, Budget>>) => {
      limits = given;
    },
    /** Waits are taken to be over: every step counts when its alert came. */
    count: ({ alert, runs }: Case, { identities }: CaseDecision, playbook: Playbook) => {
      for (const [index, { identity, outcome, choices }] of identities.entries()) {
        const choice = outcome === 'touch' ? chosen(runs[index], choices, playbook, actions) : null;
        for (const [position, { kind, account }] of (choice ?? []).entries()) {
          const system = account ? 'the directory' : `${alert.system.type} ${alert.system.id}`;
          take(kind, system, `${alert.id}:${identity}:${position}`, alert.receivedAt);
        }
      }
    },
    full: () => [...full.values()],
  };
}

interface Counted {
  readonly kind: BudgetClass;
  readonly account: boolean;
}

/** The counted steps of what was chosen then, or else of the choice with the most of them. */
function chosen(
  run: CaseRun | undefined,
  allowed: readonly string[],
  playbook: Playbook,
  actions: ReadonlyMap<string, CaseAction>,
): readonly Counted[] {
  const own = allowed.filter((name) => name === run?.choice);
  const counted = (own.length > 0 ? own : allowed).map((name) => countedSteps(playbook, name, actions));
  return counted.reduce((most, one) => (one.length > most.length ? one : most), []);
}

const countedOf = new WeakMap<Playbook, Map<string, readonly Counted[]>>();

function countedSteps(
  playbook: Playbook,
  choice: string,
  actions: ReadonlyMap<string, CaseAction>,
): readonly Counted[] {
  const known = countedOf.get(playbook) ?? new Map<string, readonly Counted[]>();
  countedOf.set(playbook, known);
  const before = known.get(choice);
  if (before) return before;
  const steps = (playbook.choices[choice]?.steps ?? []).flatMap((step): Counted[] => {
    const action = 'action' in step ? actions.get(step.action) : undefined;
    if (action?.risk !== 'reversible' && action?.risk !== 'destructive') return [];
    return [{ kind: action.risk, account: action.changesAccount }];
  });
  known.set(choice, steps);
  return steps;
}
