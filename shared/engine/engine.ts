import type { Budget, BudgetClass } from '../domain/budget.ts';
import type { Safety } from '../domain/guard.ts';
import type { Mode } from '../domain/mode.ts';
import type { Playbook } from '../domain/playbook.ts';
import type {
  Action,
  Budgets,
  Bus,
  Clock,
  Controls,
  Effects,
  Index,
  Ledger,
  Log,
  Sleep,
  Vault,
  World,
} from '../ports.ts';

/** Everything the flow needs, put together in `app.ts`. */
export interface Engine {
  readonly ledger: Ledger;
  readonly index: Index;
  readonly vault: Vault;
  readonly bus: Bus;
  readonly controls: Controls;
  readonly budgets: Budgets;
  readonly world: World;
  readonly effects: Effects;
  readonly actions: ReadonlyMap<string, Action>;
  /** @throws Fault `retry` while the deployed playbooks are not valid: alerts wait, and are answered once they are. */
  readonly playbooks: () => readonly Playbook[];
  readonly safety: Safety;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly log: Log;
  /** Name of whoever works: of this process, and within a turn of that turn. */
  readonly worker: string;
  /**
   * A number of its own for each turn of this process, from 1. Two turns at one run in the same millisecond would write the
   * same intent otherwise, and the ledger take that of the one for the other's.
   */
  readonly turns: () => number;
}

/** All that taking an alert in needs: it is written down and handed on, and nothing is asked of any far side. */
export type Taking = Pick<
  Engine,
  'ledger' | 'index' | 'vault' | 'bus' | 'limits' | 'clock' | 'log' | 'worker' | 'turns'
>;

/** All that deciding needs: ports that only read, and the settings. Whoever is given this and no more can change nothing. */
export type Deciding = Pick<Engine, 'world' | 'actions' | 'safety' | 'limits' | 'clock' | 'log'>;

/** What the settings say about how far and how fast. */
export interface Limits {
  /** Mode of a playbook, by `name@version`, where the settings raise or lower it. A changed playbook starts over. */
  readonly modes: ReadonlyMap<string, Mode>;
  /** `earned`: a version of a playbook goes no further than it has been promoted to. `given`: as far as its mode says. */
  readonly autonomy: 'earned' | 'given';
  /** How many runs without a veto a promotion asks for. */
  readonly promotionAfter: number;
  /** How long what was done to the first of an alert has to stand before the next are touched, in milliseconds. */
  readonly canarySoakMs: number;
  /** More identities than this in one alert, and none is answered: somebody has to look. */
  readonly runsPerAlert: number;
  /** How many changes of each class one authorization system has room for. */
  readonly budgets: Readonly<Record<BudgetClass, Budget>>;
  /** How long an intent keeps other workers away, in milliseconds: longer than the longest call. */
  readonly leaseMs: number;
  /** How long after a hint the timer sends another, in milliseconds. */
  readonly hintGraceMs: number;
  /** Milliseconds to which every wait of a playbook is cut in a local trial; null everywhere else. */
  readonly localWaitMs: number | null;
}
