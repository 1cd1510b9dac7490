import { describe, expect, test } from 'vitest';
import {
  type AuditEntry,
  auditEntryInWords,
  auditEntryOf,
  auditJournalFor,
  auditJournals,
} from '../../../shared/domain/audit-entry.ts';
import { entryAfter } from '../../../shared/domain/ledger.ts';
import { t0 } from '../../support/domain-time.ts';

const refused: AuditEntry = {
  type: 'refused',
  data: {
    ...{ what: 'decision', channel: 'page', run: 'run-1', by: 'id-1', byName: 'Ada' },
    ...{ code: 'own-case', reason: 'Ada is whom it is about.' },
  },
};
const entryOf = (type: string, data: AuditEntry['data'] | Record<string, string>) =>
  entryAfter('audit-2026-03-01-0', null, { time: t0, type, actor: 'quell', data });

describe('an audit entry', () => {
  test('is read as it was written', () => {
    expect(auditEntryOf(entryOf('refused', refused.data))).toEqual(refused);
  });

  test.each([
    ['another type', entryOf('decided', refused.data)],
    ['something more', entryOf('refused', { ...refused.data, more: 'x' })],
    ['another channel', entryOf('refused', { what: 'decision', channel: 'fax' })],
  ])('of %s is none', (_what, entry) => {
    expect(() => auditEntryOf(entry)).toThrow(
      expect.objectContaining({
        disposition: 'halt',
        code: 'ledger-unreadable',
        message: 'Entry 1 of audit-2026-03-01-0 is not one an audit journal can have.',
      }),
    );
  });

  test.each([
    [{}, 'decision refused, page, Ada (id-1), run-1: Ada is whom it is about. (own-case)'],
    [{ byName: null }, 'decision refused, page, id-1 (id-1), run-1: Ada is whom it is about. (own-case)'],
    [{ by: null, run: null }, 'decision refused, page, nobody known: Ada is whom it is about. (own-case)'],
  ])('is said in words', (differs, words) => {
    expect(auditEntryInWords({ ...refused, data: { ...refused.data, ...differs } })).toBe(words);
  });
});

describe('the journals of a day', () => {
  test('are five, one of them for nobody known', () => {
    const names = ['0', '1', '2', '3', 'unknown'].map((shard) => `audit-2026-03-01-${shard}`);
    expect(auditJournals('2026-03-01')).toEqual(names);
    expect(auditJournalFor('2026-03-01T23:59:59.999Z', null)).toBe('audit-2026-03-01-unknown');
  });

  test('share out who is known, each person always to the same', () => {
    const people = Array.from({ length: 40 }, (_, n) => auditJournalFor(t0, `person ${n}`));
    expect(new Set(people)).toEqual(new Set(auditJournals(t0.slice(0, 10)).slice(0, 4)));
    // SHA-256 of "a" begins with c, 12, which is 0 of 4.
    expect(auditJournalFor('2026-03-01T00:00:00.000Z', 'a')).toBe('audit-2026-03-01-0');
  });
});
