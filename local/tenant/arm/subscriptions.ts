import type { State, Subscription } from '../model.ts';
import { mayAct, requireAction } from './access.ts';
import type { ArmHandler } from './call.ts';
import { resolveScope, subscriptionOf } from './scope.ts';

const READ = 'Microsoft.Resources/subscriptions/read';

/** Only those that the caller may read; none at all is an empty list, not a refusal. */
export const listSubscriptions: ArmHandler = (call) => {
  const state = call.tenant.view();
  const visible = state.subscriptions.filter(({ id }) =>
    mayAct(call, READ, resolveScope(state, `/subscriptions/${id}`)),
  );
  const value = visible.map((subscription) => shape(state, subscription));
  return { status: 200, body: { value, count: { type: 'Total', value: value.length } } };
};

export const getSubscription: ArmHandler = (call) => {
  const state = call.tenant.view();
  const subscription = subscriptionOf(state, call.params.id ?? '');
  const scope = resolveScope(state, `/subscriptions/${subscription.id}`);
  requireAction(call, READ, scope, scope.id);
  return { status: 200, body: shape(state, subscription) };
};

function shape(state: State, { id, displayName, tags }: Subscription): Record<string, unknown> {
  return {
    id: `/subscriptions/${id}`,
    authorizationSource: 'RoleBased',
    managedByTenants: [],
    tags,
    subscriptionId: id,
    tenantId: state.organization.id,
    displayName,
    state: 'Enabled',
    subscriptionPolicies: {
      locationPlacementId: 'Public_2014-09-01',
      quotaId: 'PayAsYouGo_2014-09-01',
      spendingLimit: 'Off',
    },
  };
}
