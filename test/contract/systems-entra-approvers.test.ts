import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ENGINE, GROUPS, PEOPLE } from '../../local/tenant/seed.ts';
import { noApprover } from '../../shared/engine/approver.ts';
import { startSystems } from '../support/systems.ts';

let systems: Awaited<ReturnType<typeof startSystems>>;
beforeAll(async () => {
  systems = await startSystems();
});
beforeEach(() => systems.reset());
afterAll(() => systems.close());

const among = (id: string, groups: readonly string[] = [GROUPS.approvers]) => systems.directory.groupsAmong(id, groups);

/** Why somebody may not approve, asked of the tenant as the engine asks. */
function asked(id: string): Promise<string | null> {
  const { directory } = systems;
  const safety = { breakGlass: [], ourselves: [], approverGroups: [GROUPS.approvers] };
  return noApprover({ world: { directory, accessControl: {}, exclusions: systems.exclusions }, safety }, id);
}

describe('groups among those asked about', () => {
  test('directly, through a group in it, and not at all', async () => {
    expect(await among(PEOPLE.sam)).toEqual([GROUPS.approvers]);
    expect(await among(PEOPLE.olga.toUpperCase())).toEqual([GROUPS.approvers]);
    expect(await among(PEOPLE.riley)).toEqual([]);
    expect(await among(PEOPLE.olga, [GROUPS.staff, GROUPS.owners])).toEqual([GROUPS.owners]);
  });

  test('nobody is in no group, and who does not exist in none', async () => {
    expect(await among(PEOPLE.sam, [])).toEqual([]);
    expect(await among('aaaa0000-0000-4000-8000-000000009999')).toEqual([]);
  });

  test.each([
    ['fails', { status: 500 }],
    ['is throttled', { status: 429 }],
    ['gives no answer', { drop: true }],
  ])('where Graph %s, it is later and never "none"', async (_how, fault) => {
    await systems.fault({ match: { path: 'checkMemberGroups' }, ...fault });
    await expect(among(PEOPLE.sam)).rejects.toMatchObject({ disposition: 'retry' });
  });

  test('where it is forbidden, a person is needed', async () => {
    await systems.fault({ match: { path: 'checkMemberGroups' }, status: 403 });
    await expect(among(PEOPLE.sam)).rejects.toMatchObject({ disposition: 'halt', code: 'permission-missing' });
    await systems.fault({ match: { path: 'checkMemberGroups' }, status: 403 });
    await expect(asked(PEOPLE.sam)).rejects.toMatchObject({ code: 'approvers-unreadable' });
  });
});

describe('who may approve', () => {
  test('members, and nobody else', async () => {
    expect(await asked(PEOPLE.sam)).toBeNull();
    expect(await asked(PEOPLE.olga)).toBeNull();
    expect(await asked(PEOPLE.riley)).toBe('is in no approver group');
    expect(await asked(PEOPLE.guest)).toBe('is a guest');
    expect(await asked(PEOPLE.disabled)).toBe('is disabled');
    expect(await asked(ENGINE.objectId)).toBe('is no user of this directory');
    expect(await asked('')).toBe('is no user of this directory');
    expect(await asked('../groups/x')).toBe('is no user of this directory');
  });

  test('from the moment they are removed, no longer', async () => {
    systems.tenant.change((state) => {
      const group = state.groups[GROUPS.approvers];
      if (group) state.groups[GROUPS.approvers] = { ...group, members: [] };
    });
    expect(await asked(PEOPLE.sam)).toBe('is in no approver group');
    expect(await asked(PEOPLE.olga)).toBe('is in no approver group');
  });
});
