import { describe, expect, test } from 'vitest';
import type { AuditRange } from '../../shared/domain/audit-range.ts';
import type { AuditRecord } from '../../shared/domain/audit-record.ts';
import type { Trail } from '../../shared/ports-custody.ts';
import { oddTexts } from './adapters-storage.ts';

/** A record of an entry at this time of March 2026. */
export function recordOf(journal: string, sequence: number, time: string, of: Partial<AuditRecord> = {}): AuditRecord {
  return {
    time: `2026-03-${time}:00.000Z`,
    journal,
    sequence,
    hash: 'a'.repeat(64),
    entry: 'step-verified',
    actor: 'quell',
    identity: 'id-1',
    username: 'dana@example.com',
    systemType: 'azure',
    system: 'sub-1',
    systemName: 'Example',
    task: 'disable-user',
    resource: '/users/id-1',
    resourceType: 'user',
    role: '',
    state: 'success',
    risk: 'reversible',
    playbook: 'review',
    source: 'generic',
    rule: 'inactive-users',
    says: 'applied',
    ...of,
  };
}

const always = { from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z' };
const dayOf = (day: string): AuditRange => ({ by: { day: `2026-03-${day}` }, ...always });
const whoIs = (identity: string): AuditRange => ({ by: { identity }, ...always });

/** What every trail does. @param make an empty one */
export function describeTrail(name: string, make: () => Trail): void {
  describe(`${name} trail`, () => {
    test('has records by day and by identity, the oldest first', async () => {
      const trail = make();
      const [late, early, next] = [
        recordOf('a', 2, '01T12:00'),
        recordOf('b', 1, '01T08:00'),
        recordOf('a', 3, '02T00:00'),
      ];
      const other = recordOf('c', 1, '01T09:00', { identity: 'id-2' });
      const nobody = recordOf('d', 1, '01T07:00', { identity: '' });
      await trail.put([late, next, other, early, nobody]);
      expect(await trail.page(dayOf('01'), null, 10)).toEqual({ records: [nobody, early, other, late], next: null });
      expect(await trail.page(whoIs('id-1'), null, 10)).toEqual({ records: [early, late, next], next: null });
      expect(await trail.page(whoIs('ID-1'), null, 10)).toEqual({ records: [early, late, next], next: null });
      expect(await trail.page(dayOf('03'), null, 10)).toEqual({ records: [], next: null });
    });

    test('entering a record again changes nothing', async () => {
      const trail = make();
      for (let times = 0; times < 3; times += 1) await trail.put([recordOf('a', 1, '01T08:00')]);
      await trail.put([]);
      expect((await trail.page(dayOf('01'), null, 10)).records).toHaveLength(1);
    });

    test('a span begins with its first moment and ends before its last', async () => {
      const trail = make();
      const hours = ['08:00', '09:00', '10:00'].map((hour, n) => recordOf('a', n + 1, `01T${hour}`));
      await trail.put(hours);
      const span = { from: '2026-03-01T09:00:00+01:00', to: '2026-03-01T10:00:00Z' };
      expect((await trail.page({ by: { day: '2026-03-01' }, ...span }, null, 10)).records).toEqual(hours.slice(0, 2));
      expect((await trail.page({ by: { identity: 'id-1' }, ...span }, null, 10)).records).toEqual(hours.slice(0, 2));
    });

    test('page after page has every record once, also many of one moment', async () => {
      const trail = make();
      const many = Array.from({ length: 250 }, (_, n) => recordOf(`run-${n % 7}`, n + 1, '01T08:00'));
      await trail.put(many);
      for (const range of [dayOf('01'), whoIs('id-1')])
        for (const limit of [1000, 250, 100, 7]) {
          const found: AuditRecord[] = [];
          let after: string | null = null;
          do {
            const page = await trail.page(range, after, limit);
            found.push(...page.records);
            after = page.next;
          } while (after !== null);
          expect(new Set(found.map(({ sequence }) => sequence)).size).toBe(250);
          expect(found).toHaveLength(250);
        }
    });

    test('identities can have odd names', async () => {
      const trail = make();
      for (const identity of oddTexts) await trail.put([recordOf('a', 1, '01T08:00', { identity })]);
      for (const identity of oddTexts)
        expect((await trail.page(whoIs(identity), null, 10)).records).toMatchObject([{ identity }]);
    });

    test('is emptied some rows at a time, and can be filled again', async () => {
      const trail = make();
      await trail.put(Array.from({ length: 120 }, (_, n) => recordOf('a', n + 1, `0${1 + (n % 5)}T08:00`)));
      let steps = 0;
      for (; (await trail.clear(50)) > 0; steps += 1) expect(steps).toBeLessThan(10);
      expect(steps).toBeGreaterThanOrEqual(3);
      expect(await trail.page(dayOf('01'), null, 10)).toEqual({ records: [], next: null });
      await trail.put([recordOf('a', 1, '01T08:00')]);
      expect((await trail.page(whoIs('id-1'), null, 10)).records).toHaveLength(1);
    });
  });
}
