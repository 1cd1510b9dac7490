import type { GraphHandler } from './call.ts';
import { page } from './page.ts';

export const getOrganization: GraphHandler = (call) => {
  const { id, displayName, domain } = call.tenant.view().organization;
  const verifiedDomains = [{ name: domain, isDefault: true, isInitial: true, type: 'Managed' }];
  return page(call, 'organization', [{ id, displayName, tenantType: 'AAD', verifiedDomains }]);
};
