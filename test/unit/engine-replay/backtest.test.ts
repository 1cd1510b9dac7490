import { beforeAll, describe, expect, test } from 'vitest';
import { decideAll } from '../../../cli/backtest.ts';
import { actions } from '../../../shared/actions/catalog.ts';
import { memoryTrail } from '../../../shared/adapters/memory/trail.ts';
import { archiveLineOf } from '../../../shared/domain/archive.ts';
import { auditRecords } from '../../../shared/domain/audit-record.ts';
import { type Backtest, backtest } from '../../../shared/domain/backtest.ts';
import { type CaseOutcome, decideCase } from '../../../shared/domain/case.ts';
import type { Playbook } from '../../../shared/domain/playbook.ts';
import type { Run } from '../../../shared/domain/run.ts';
import { runEntryOf } from '../../../shared/domain/run-entry.ts';
import { archivePage } from '../../../shared/engine/archive.ts';
import { ingest } from '../../../shared/engine/ingest.ts';
import type { Trail } from '../../../shared/ports-custody.ts';
import { expectFault } from '../../support/adapters-storage.ts';
import {
  claims,
  notification,
  plainSource,
  playbook,
  quiet,
  raise,
  runs,
  type Stack,
  stackOf,
  untilEnd,
} from '../../support/engine.ts';
import { historyOf } from '../../support/histories.ts';
import { day } from '../../support/world-clock.ts';
import { userId } from '../../support/world-state.ts';

const all = ['inactive-user-review', 'inactive-user-delete', 'super-user-notify'].map((name) => playbook(name));
const since = '2026-01-01T00:00:00.000Z';

async function trailOf(stack: Stack): Promise<Trail> {
  const trail = memoryTrail();
  for (const journal of stack.journals) await trail.put(auditRecords(await stack.engine.ledger.read(journal)));
  return trail;
}

/** Every line of the archive of a history, page by page. */
async function archiveOf(stack: Stack): Promise<readonly string[]> {
  const parts = { engine: stack.engine, trail: await trailOf(stack) };
  const lines: string[] = [];
  let after: string | null = null;
  do {
    const page = await archivePage(parts, since, after);
    lines.push(...page.lines);
    after = page.next;
  } while (after !== null);
  return lines;
}

function decided(lines: readonly string[], playbooks: readonly Playbook[]): ReturnType<Backtest['result']> {
  const run = backtest(playbooks, actions);
  for (const text of lines) {
    const line = archiveLineOf(text);
    if (!line) throw new Error(`not a line: ${text.slice(0, 80)}`);
    run.take(line);
  }
  return run.result();
}

let stack: Stack;
let lines: readonly string[];
beforeAll(async () => {
  stack = stackOf(all, 'observe');
  for (let n = 0; n < 60; n += 1) {
    const nominations = [{ kind: 'user', by: 'id', value: userId(1 + (n % 3)) } as const];
    const body = notification(claims({ nominations, dedupeKey: `alert ${n}` }));
    await ingest(stack.engine, plainSource, { ...body, receivedAt: stack.clock.now() });
    await quiet(stack);
    stack.clock.move(day / 4);
  }
  await untilEnd(stack);
  lines = await archiveOf(stack);
});

describe('an archive', () => {
  test('has every alert once, in the order they came, over days and pages', () => {
    const cases = lines
      .flatMap((text) => archiveLineOf(text) ?? [])
      .flatMap((line) => (line.kind === 'case' ? [line] : []));
    expect(cases).toHaveLength(60);
    const times = cases.map(({ alert }) => alert.receivedAt);
    expect(new Set(cases.map(({ alert }) => alert.id)).size).toBe(60);
    expect(times).toHaveLength(60);
    expect(cases.every(({ runs: own }) => own[0]?.facts && own[0].presence)).toBe(true);
  });

  test('holds no names of people', () => {
    const text = lines.filter((line) => line.startsWith('{"kind":"case"')).join('\n');
    expect(text).not.toContain('@example.com');
    expect(text).not.toContain('User 1');
  });

  test('begins where it is asked to, and knows its own places only', async () => {
    const parts = { engine: stack.engine, trail: await trailOf(stack) };
    await expectFault(archivePage(parts, since, 'nowhere'), 'reject', 'wrong-request');
  });

  test('what is no archive is said with its line', async () => {
    async function* text(...given: string[]) {
      yield* given;
    }
    await expect(decideAll(text('{"kind":"case"}'), all)).rejects.toThrow('line 1 is not one of an archive');
    await expect(decideAll(text(lines[2] ?? ''), all)).rejects.toThrow('the first line is not the head');
    await expect(decideAll(text(lines[0] ?? '', 'x'), all)).rejects.toThrow('line 2 is not one');
  });
});

describe('a backtest', () => {
  test('with the same playbooks finds nothing', () => {
    const result = decided(lines, all);
    expect(result).toMatchObject({
      events: 60,
      same: 60,
      unknown: 0,
      identities: { before: 3, after: 3, addedCount: 0 },
    });
    expect(Object.values(result.changed)).toEqual([0, 0, 0, 0, 0]);
  });

  test.each([
    ['no-longer-matched', all.filter(({ name }) => name === 'super-user-notify')],
    ['other-playbook', all.filter(({ name }) => name !== 'inactive-user-delete')],
    [
      'other-steps',
      all.map((one) =>
        one.name === 'inactive-user-delete' ? { ...one, choices: playbook('inactive-user-review').choices } : one,
      ),
    ],
    ['other-identities', all.map((one) => ({ ...one, proof: { ...one.proof, days: 365 } }))],
  ] as const)('tells %s', (change, playbooks) => {
    const result = decided(lines, playbooks);
    expect(result.changed[change]).toBe(60);
    expect(result.same).toBe(0);
    expect(result.examples[change]).toHaveLength(20);
    expect(result.examples[change][0]?.before).toContain('inactive-user-delete@1');
  });

  test('tells what is newly matched, and that nobody was looked at then', async () => {
    const quietStack = stackOf([playbook('super-user-notify')], 'observe');
    await raise(quietStack.engine);
    await untilEnd(quietStack);
    const result = decided(await archiveOf(quietStack), all);
    expect(result).toMatchObject({ events: 1, same: 0, unknown: 1, changed: { 'newly-matched': 1 } });
  });

  test('counts who would be touched, and names who is new', () => {
    const stricter = all.map((one) => ({ ...one, proof: { ...one.proof, days: 365 } }));
    expect(decided(lines, stricter).identities).toMatchObject({ before: 3, after: 0 });
    const before = lines.map((text) => {
      const line = archiveLineOf(text);
      return line?.kind === 'playbooks' ? JSON.stringify({ ...line, playbooks: stricter }) : text;
    });
    const { identities } = decided(before, all);
    expect(identities).toMatchObject({ before: 0, after: 3, addedCount: 3 });
    expect([...identities.added].sort()).toEqual([userId(1), userId(2), userId(3)]);
  });

  test('tells which budgets would have been full, and when', () => {
    const tight = lines.map((text) => {
      const line = archiveLineOf(text);
      const budget = { hour: 5, day: 5, week: 20, month: 500 };
      return line?.kind === 'archive'
        ? JSON.stringify({ ...line, budgets: { reversible: budget, destructive: budget } })
        : text;
    });
    const { budgets } = decided(tight, all);
    expect(budgets).toContainEqual(
      expect.objectContaining({ class: 'destructive', system: 'the directory', window: 'week', limit: 20 }),
    );
    expect(budgets.every(({ first, steps }) => first >= since && steps > 0)).toBe(true);
    expect(decided(lines, all).budgets).toEqual([]);
  });

  test('decides what the engine decided: the same playbook, the same outcome', async () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const history = await historyOf(seed);
      const found = await runs(history);
      for (const { alert, decision } of await decisionsOf(history))
        for (const { identity, outcome } of decision?.identities ?? []) {
          const run = found.find(({ opened }) => opened.alert === alert && opened.identity.id === identity);
          expect(decision?.playbook?.name).toBe(run?.opened.playbook.name);
          expect(['touch', 'refused', 'not-confirmed']).toContain(outcome);
          expect(outcome).toBe(run && (await expectedOf(history, run)));
        }
    }
  });
});

/** What the archive of a history is decided to be, with the playbooks of then. */
async function decisionsOf(history: Stack) {
  const parsed = (await archiveOf(history)).flatMap((text) => archiveLineOf(text) ?? []);
  const safety = new Map(
    parsed.flatMap((line) => (line.kind === 'safety' ? [[line.digest, line.safety] as const] : [])),
  );
  const parts = { playbooks: history.engine.playbooks(), actions, safety };
  return parsed.flatMap((line) =>
    line.kind === 'case' ? [{ alert: line.alert.id, decision: decideCase(line, parts) }] : [],
  );
}

/** What the engine's own first proof and guards said. */
async function expectedOf(history: Stack, run: Run): Promise<CaseOutcome> {
  if (run.everPlanned.length === 0) return 'not-confirmed';
  const guarded = (await history.engine.ledger.read(run.id)).find(({ type }) => type === 'guarded');
  const parsed = guarded && runEntryOf(guarded);
  const choices = parsed?.type === 'guarded' ? parsed.data.choices : [];
  return choices.some(({ refusals }) => refusals.length === 0) ? 'touch' : 'refused';
}
