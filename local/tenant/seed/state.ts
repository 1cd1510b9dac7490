import type { State } from '../model.ts';
import { EXCLUDE_ATTRIBUTE, MANAGEMENT_GROUP, SUBSCRIPTION_A, SUBSCRIPTION_B, TENANT } from '../seed.ts';
import { seedAssignments, seedEligibilities, subscriptions } from './azure.ts';
import { azureRoles } from './azure-roles.ts';
import {
  directoryRoles,
  seedDirectoryAssignments,
  seedDirectoryEligibilities,
  servicePrincipals,
} from './directory.ts';
import { seedGroups } from './groups.ts';
import { seedUsers } from './users.ts';

/** The whole tenant, with every time in it relative to `now` (milliseconds since the epoch). */
export function seedState(now: number): State {
  return {
    organization: { id: TENANT.id, displayName: TENANT.name, domain: TENANT.domain },
    users: seedUsers(now),
    deletedUsers: {},
    groups: seedGroups(now),
    servicePrincipals: { ...servicePrincipals },
    directoryRoles,
    directoryAssignments: seedDirectoryAssignments(now),
    directoryEligibilities: seedDirectoryEligibilities(now),
    groupEligibilities: [],
    attributeSets: { [EXCLUDE_ATTRIBUTE.set]: [EXCLUDE_ATTRIBUTE.name] },
    managementGroup: { name: MANAGEMENT_GROUP, subscriptions: [SUBSCRIPTION_A, SUBSCRIPTION_B] },
    subscriptions,
    azureRoles,
    assignments: seedAssignments(now),
    eligibilities: seedEligibilities(now),
  };
}
