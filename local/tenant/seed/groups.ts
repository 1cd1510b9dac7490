import type { Group } from '../model.ts';
import { CROWD, GROUPS, PEOPLE } from '../seed.ts';
import { before } from './users.ts';

export function seedGroups(now: number): Record<string, Group> {
  const group = (id: string, displayName: string, members: readonly string[], more: Partial<Group> = {}): Group => ({
    id,
    displayName,
    description: null,
    isAssignableToRole: null,
    createdDateTime: before(now, 700),
    members,
    owners: [],
    ...more,
  });
  const groups = [
    group(GROUPS.contributors, 'sub-a-contributors', [PEOPLE.groupOnly]),
    group(GROUPS.roleAssignable, 'role-helpdesk', [PEOPLE.roleAssignable], { isAssignableToRole: true }),
    group(GROUPS.inner, 'project-falcon', [PEOPLE.nested]),
    group(GROUPS.outer, 'all-projects', [GROUPS.inner]),
    group(GROUPS.staff, 'all-staff', [...CROWD, PEOPLE.yesterday], { owners: [PEOPLE.globalAdmin] }),
    group(GROUPS.approvers, 'quell-approvers', [PEOPLE.sam, GROUPS.owners]),
    group(GROUPS.owners, 'subscription-owners', [PEOPLE.olga]),
  ];
  return Object.fromEntries(groups.map((row) => [row.id, row]));
}
