import { describe, expect, test } from 'vitest';
import { checkRight, isRole, type Right, type Role, rights, roles, rolesWith } from '../../../shared/domain/right.ts';

const all = Object.keys(roles).filter(isRole);

function has(role: Role, right: Right): boolean {
  try {
    checkRight({ roles: [role] }, right);
    return true;
  } catch {
    return false;
  }
}

describe('roles and rights', () => {
  test.each<[Right, readonly Role[]]>([
    ['read', ['Quell.Reader', 'Quell.Responder', 'Quell.Approver', 'Quell.Author', 'Quell.Administrator']],
    ['decide', ['Quell.Approver']],
    ['undo', ['Quell.Responder', 'Quell.Approver']],
    ['replay', ['Quell.Responder', 'Quell.Author']],
    ['redrive', ['Quell.Responder']],
    ['stop', ['Quell.Responder', 'Quell.Approver', 'Quell.Administrator']],
    ['release', ['Quell.Administrator']],
    ['administer', ['Quell.Administrator']],
    ['send', ['Alerts.Send']],
  ])('%s is for %j and nobody else', (right, holders) => {
    expect(all.filter((role) => has(role, right))).toEqual(holders);
    expect(rolesWith(right)).toEqual(holders);
  });

  test('every right is somebody`s', () => {
    expect(rights.filter((right) => rolesWith(right).length === 0)).toEqual([]);
  });

  test('nobody who administers decides by that alone', () => {
    expect(rolesWith('decide').filter((role) => rolesWith('administer').includes(role))).toEqual([]);
  });

  test('a program can read, replay and send, and nothing that changes anything', () => {
    const programs = all.filter((role) => (roles[role].members as readonly string[]).includes('Application'));
    const held = new Set(programs.flatMap((role) => rights.filter((right) => has(role, right))));
    expect([...held].sort()).toEqual(['read', 'replay', 'send']);
  });

  test('rights of several roles add up; no role gives none', () => {
    const caller = { roles: ['Quell.Reader', 'Alerts.Send'] as const };
    for (const right of ['read', 'send'] as const) expect(() => checkRight(caller, right)).not.toThrow();
    expect(() => checkRight(caller, 'decide')).toThrow(/right to decide is missing; it comes with Quell.Approver/);
    expect(() => checkRight({ roles: [] }, 'read')).toThrow(/right to read/);
  });

  test.each(['toString', '__proto__', 'Reader', 'quell.reader', 'Runs.Read', ''])('%j is no role', (name) => {
    expect(isRole(name)).toBe(false);
  });
});
