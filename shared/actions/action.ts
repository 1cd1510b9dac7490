import type { z } from 'zod';
import { Fault } from '../domain/fault.ts';
import { type JsonObject, toJson } from '../domain/json.ts';
import type { Change } from '../domain/plan.ts';
import type { Action, Target, World } from '../ports.ts';

/** What an action file says: the same as `Action`, with the types of its own state and settings. */
interface Described<State extends object, Settings>
  extends Omit<Action, 'settingsProblem' | 'observe' | 'plan' | 'satisfied'> {
  readonly state: z.ZodType<State>;
  readonly settings: z.ZodType<Settings>;
  observe(world: World, target: Target): Promise<State>;
  plan(state: State, about: About<Settings>): Change;
  satisfied(state: State, change: Change): boolean;
}

/** What a plan is made for. */
export interface About<Settings> {
  readonly target: Target;
  readonly settings: Settings;
  readonly now: string;
}

/** Makes an `Action` of its description: state and settings are checked where they come back from JSON. */
export function action<State extends object, Settings>(described: Described<State, Settings>): Action {
  const { state, settings, observe, plan, satisfied, ...declared } = described;
  const stateOf = (observed: unknown) => checked(state, observed, `${declared.name} cannot read what was observed`);
  return {
    ...declared,
    settingsProblem: (given) => {
      const result = settings.safeParse(given);
      return result.success
        ? null
        : result.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`.trim()).join('; ');
    },
    observe: async (world, target) => toJson(await observe(world, target)),
    plan: (observed, target, given: JsonObject, now) =>
      plan(stateOf(observed), {
        target,
        settings: checked(settings, given, `${declared.name} cannot read its settings`),
        now,
      }),
    satisfied: (observed, change) => satisfied(stateOf(observed), change),
  };
}

function checked<T>(schema: z.ZodType<T>, value: unknown, message: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Fault('halt', 'action-state', message, { cause: result.error });
}
