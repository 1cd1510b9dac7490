import type { State, Subscription } from '../model.ts';
import { Refusal } from '../refusal.ts';

const MANAGEMENT_GROUP = /^\/providers\/Microsoft\.Management\/managementGroups\/([^/]+)$/i;
const IN_SUBSCRIPTION = /^\/subscriptions\/([^/]+)(?:\/resourceGroups\/([^/]+)(\/providers\/.+)?)?$/i;

/** A scope that exists, with every scope above it. */
export interface Scope {
  readonly id: string;
  /** The subscription it is in, if it is in one. */
  readonly subscription: Subscription | null;
  /** Itself first, the root last; lower case, as scopes are compared. */
  readonly chain: readonly string[];
}

/** @throws Refusal 404 where there is no such scope. */
export function resolveScope(state: State, text: string): Scope {
  if (text === '' || text === '/') return { id: '/', subscription: null, chain: ['/'] };
  const group = MANAGEMENT_GROUP.exec(text);
  if (group) return managementGroup(state, text, group[1] ?? '');
  const inside = IN_SUBSCRIPTION.exec(text);
  if (!inside) throw new Refusal(404, 'InvalidScope', `The scope '${text}' is not valid.`);
  return inSubscription(state, text, inside);
}

export function covers(above: string, scope: Scope): boolean {
  return scope.chain.includes(above.toLowerCase());
}

export function subscriptionOf(state: State, id: string): Subscription {
  const subscription = state.subscriptions.find((one) => one.id === id.toLowerCase());
  if (!subscription) {
    throw new Refusal(404, 'SubscriptionNotFound', `The subscription '${id}' could not be found.`);
  }
  return subscription;
}

function managementGroup(state: State, id: string, name: string): Scope {
  if (name.toLowerCase() !== state.managementGroup.name) {
    throw new Refusal(404, 'NotFound', `'${id}' not found`);
  }
  return { id, subscription: null, chain: [id.toLowerCase(), '/'] };
}

function inSubscription(state: State, id: string, [, name = '', group, resource]: RegExpExecArray): Scope {
  const subscription = subscriptionOf(state, name);
  const top = `/subscriptions/${subscription.id}`;
  const parents = state.managementGroup.subscriptions.includes(subscription.id)
    ? [`/providers/microsoft.management/managementgroups/${state.managementGroup.name}`]
    : [];
  const above = [top, ...parents, '/'];
  if (group === undefined) return { id, subscription, chain: above };
  if (!subscription.resourceGroups.includes(group.toLowerCase())) {
    throw new Refusal(404, 'ResourceGroupNotFound', `Resource group '${group}' could not be found.`);
  }
  const inGroup = [`${top}/resourcegroups/${group.toLowerCase()}`, ...above];
  return { id, subscription, chain: resource ? [id.toLowerCase(), ...inGroup] : inGroup };
}
