import { describe, expect, test } from 'vitest';
import { Fault } from '../../../shared/domain/fault.ts';
import { archivePage, caseOf } from '../../../shared/engine/archive.ts';
import { ingest } from '../../../shared/engine/ingest.ts';
import { claims, notification, plainSource, playbook, quiet, raise, stackOf, untilEnd } from '../../support/engine.ts';
import { day } from '../../support/world-clock.ts';

const since = '2026-03-01T08:00:00.000Z';

/** Looks at a trail that has nothing, and how it was asked. */
function looking(next: string | null = null, days = 0) {
  const stack = stackOf([]);
  stack.clock.move(days * day);
  const asked: unknown[][] = [];
  const page = async (...question: unknown[]) => {
    asked.push(question);
    return { records: [], next };
  };
  return { parts: { engine: stack.engine, trail: { page } as never }, asked };
}
const range = (of: string) => ({ by: { day: of }, from: since, to: '9999-01-01T00:00:00.000Z' });

describe('a page of an archive', () => {
  test('begins with its head, on the first day, and ends on the day it is', async () => {
    const { parts, asked } = looking();
    const { lines, next } = await archivePage(parts, since, null);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { kind: 'archive', format: 1, budgets: parts.engine.limits.budgets },
    ]);
    expect(asked).toEqual([[range('2026-03-01'), null, 300]]);
    expect(next).toBeNull();
  });

  test('goes on where the trail does, then with the next day, without a head', async () => {
    const more = looking('place~1', 2);
    expect(await archivePage(more.parts, since, '2026-03-01~there\nand more')).toEqual({
      ...{ lines: [], next: '2026-03-01~place~1' },
    });
    expect(more.asked).toEqual([[range('2026-03-01'), 'there\nand more', 300]]);
    const days = looking(null, 2);
    expect((await archivePage(days.parts, since, '2026-03-01~')).next).toBe('2026-03-02~');
    expect((await archivePage(days.parts, since, '2026-03-02~')).next).toBe('2026-03-03~');
    expect((await archivePage(days.parts, since, '2026-03-03~')).next).toBeNull();
    expect(days.asked[0]).toEqual([range('2026-03-01'), null, 300]);
  });

  test('of yesterday just after midnight goes on with today', async () => {
    const stack = looking(null, 0);
    const clock = () => '2026-03-02T00:00:00.000Z';
    const parts = { ...stack.parts, engine: { ...stack.parts.engine, clock } };
    expect((await archivePage(parts, since, '2026-03-01~')).next).toBe('2026-03-02~');
  });

  test.each(['', 'x2026-03-01~', '2026-03-01', '2026-3-1~'])(
    'begins at no place that was made up: %j',
    async (after) => {
      await expect(archivePage(looking().parts, since, after)).rejects.toMatchObject({
        ...{ disposition: 'reject', code: 'wrong-request' },
        message: 'after: no page of an archive has named this place.',
      });
    },
  );

  test('has each set of playbooks and of settings once, before the first case of it', async () => {
    const stack = stackOf([playbook('inactive-user-delete')], 'observe');
    const alerts: string[] = [];
    for (const dedupeKey of ['one', 'two']) alerts.push(Object(await raise(stack.engine, claims({ dedupeKey }))).alert);
    await untilEnd(stack);
    const records = [
      ...alerts.map((journal) => ({ entry: 'alert-received', journal })),
      { entry: 'alert-answered', journal: alerts[0] },
    ];
    const trail = { page: async () => ({ records, next: null }) } as never;
    const { lines } = await archivePage({ engine: stack.engine, trail }, since, '2026-03-01~');
    expect(lines.map((line) => JSON.parse(line).kind)).toEqual(['playbooks', 'safety', 'case', 'case']);
  });
});

describe('a case', () => {
  test('has what was read, proved and chosen, without names', async () => {
    const stack = stackOf([playbook('inactive-user-delete')], 'enforce');
    const { alert } = Object(await raise(stack.engine));
    await quiet(stack);
    const made = await caseOf(stack.engine, alert);
    expect(made?.case).toMatchObject({
      ...{ kind: 'case', alert: { id: alert }, system: { type: 'azure', name: 'Sandbox' } },
      playbooks: expect.stringMatching(/^[0-9a-f]{64}$/),
      runs: [
        {
          ...{ at: expect.any(String), choice: 'remove', safety: expect.any(String), access: null },
          presence: { state: 'live', user: { displayName: '', userPrincipalName: '' } },
          facts: { approver: false, privileges: [], exclusion: null },
        },
      ],
    });
    expect(made?.case.runs[0]?.facts).not.toHaveProperty('safety');
    expect(made?.case.runs[0]?.facts).not.toHaveProperty('presence');
    expect(made?.safety).toEqual([stack.engine.safety]);
    expect(JSON.stringify(made?.case.runs)).not.toContain('User 1');
  });

  test('of an alert that has no answer yet has no runs; of one that was refused there is none', async () => {
    const stack = stackOf([playbook('inactive-user-delete')], 'observe');
    const { alert } = Object(await raise(stack.engine));
    expect(await caseOf(stack.engine, alert)).toMatchObject({
      case: { system: null, playbooks: null, runs: [] },
      safety: [],
    });
    await ingest(stack.engine, plainSource, notification('bad')).catch(() => undefined);
    const refused = [...stack.journals].find((one) => one.startsWith('refused-')) ?? '';
    expect(await caseOf(stack.engine, refused)).toBeNull();
    const trail = {
      page: async () => ({ records: [{ entry: 'alert-received', journal: refused }], next: null }),
    } as never;
    expect((await archivePage({ engine: stack.engine, trail }, since, '2026-03-01~')).lines).toEqual([]);
  });

  test('of what was written before inputs were recorded knows no facts', async () => {
    const stack = stackOf([playbook('inactive-user-delete')], 'observe');
    const { alert } = Object(await raise(stack.engine));
    await untilEnd(stack);
    const bare: typeof stack.engine.ledger.read = async (journal) =>
      (await stack.engine.ledger.read(journal)).map(({ data: { inputs: _inputs, ...data }, ...entry }) => ({
        ...entry,
        data,
      }));
    const old = { ...stack.engine, ledger: { ...stack.engine.ledger, read: bare } };
    const made = await caseOf(old, alert);
    expect(made?.case.runs).toMatchObject([{ presence: null, access: null, facts: null, safety: null }]);
    expect(made?.safety).toEqual([]);
    const broken: typeof stack.engine.ledger.read = async (journal) => {
      if (journal.startsWith('run-')) throw new Fault('retry', 'storage-down', 'x');
      return stack.engine.ledger.read(journal);
    };
    const down = { ...stack.engine, ledger: { ...stack.engine.ledger, read: broken } };
    await expect(caseOf(down, alert)).rejects.toMatchObject({ code: 'storage-down' });
  });
});
