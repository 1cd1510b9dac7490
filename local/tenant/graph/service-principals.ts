import type { ServicePrincipal } from '../model.ts';
import { type GraphHandler, METADATA } from './call.ts';
import { applyFilter, readFilter } from './filtered.ts';
import { page } from './page.ts';
import { notFound } from './refusals.ts';

const SERVICE_PRINCIPALS = {
  type: 'microsoft.graph.servicePrincipal',
  paths: ['id', 'appId', 'displayName', 'servicePrincipalType', 'accountEnabled'],
};

export const listServicePrincipals: GraphHandler = (call) => {
  const rows = applyFilter(readFilter(call, SERVICE_PRINCIPALS), Object.values(call.tenant.view().servicePrincipals));
  return page(call, 'servicePrincipals', rows.map(shape));
};

export const getServicePrincipal: GraphHandler = (call) => {
  const { id = '' } = call.params;
  const principal = call.tenant.view().servicePrincipals[id.toLowerCase()];
  if (!principal) throw notFound(id);
  return { status: 200, body: { '@odata.context': `${METADATA}#servicePrincipals/$entity`, ...shape(principal) } };
};

// What has been granted to it is another resource (appRoleAssignments); `appRoles` here would mean what it offers.
function shape({ appRoles: _granted, ...properties }: ServicePrincipal): Record<string, unknown> {
  return { ...properties, appRoles: [], tags: [] };
}
