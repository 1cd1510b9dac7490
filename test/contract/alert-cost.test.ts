import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Playbook, Step } from '../../shared/domain/playbook.ts';
import { type Cost, costOf, countedEngine, sumOf } from '../support/alert-cost.ts';
import { type Azurite, startAzurite } from '../support/azurite.ts';
import { playbook } from '../support/engine.ts';
import { openTap, type Tap } from '../support/storage-tap.ts';

let azurite: Azurite;
let taps: { table: Tap; blob: Tap };

beforeAll(async () => {
  azurite = await startAzurite();
  taps = { table: await openTap('table', portOf('Table')), blob: await openTap('blob', portOf('Blob')) };
});
afterAll(async () => {
  await taps?.table.close();
  await taps?.blob.close();
  await azurite?.[Symbol.asyncDispose]();
});

function portOf(kind: string): number {
  return Number(new RegExp(`${kind}Endpoint=http://127\\.0\\.0\\.1:(\\d+)`).exec(azurite.connectionString)?.[1]);
}

const step = (action: string, settings = {}): Step => ({ action, with: settings });
const [disable, revoke] = [step('disable-user'), step('revoke-sessions')];
const tell = step('notify', { text: 'An inactive user was disabled.' });
const acting = (...steps: readonly Step[]): Playbook =>
  playbook('inactive-user-delete', { mode: 'enforce', choices: { go: { label: 'Go', steps } } });

interface Row {
  readonly what: string;
  readonly playbooks: readonly Playbook[];
  readonly choice: string | null;
}
const rows: readonly Row[] = [
  { what: 'no playbook answers', playbooks: [], choice: null },
  {
    what: 'observing: three steps planned, none taken',
    playbooks: [{ ...acting(disable, revoke, tell), mode: 'observe' }],
    choice: null,
  },
  { what: 'one step (word), no approval', playbooks: [acting(tell)], choice: null },
  { what: 'one step (a change), no approval', playbooks: [acting(disable)], choice: null },
  {
    what: '**three steps (two changes, word), no approval**',
    playbooks: [acting(disable, revoke, tell)],
    choice: null,
  },
  {
    what: '`inactive-user-delete`, up to its wait',
    playbooks: [playbook('inactive-user-delete', { mode: 'enforce' })],
    choice: null,
  },
  {
    what: '`inactive-user-review`, approved: leave out of reports',
    playbooks: [playbook('inactive-user-review', { mode: 'approve' })],
    choice: 'needed',
  },
  {
    what: '`inactive-user-review`, approved: make read-only',
    playbooks: [playbook('inactive-user-review', { mode: 'approve' })],
    choice: 'not-needed',
  },
];

/** The second alert of a process: the first also creates what is not there yet. */
async function counted({ playbooks, choice }: Row): Promise<Cost> {
  const world = countedEngine(playbooks, taps);
  await costOf(world, 1, choice);
  return costOf(world, 2, choice);
}

const storage = ['table', 'blob'] as const;
const queue = ['send', 'deliver'] as const;
const farSide = ['directory', 'access', 'effect'] as const;

function lineOf({ what }: Row, cost: Cost): string {
  const numbers = [
    sumOf(cost, ...storage),
    sumOf(cost, ...queue),
    sumOf(cost, ...storage, ...queue),
    sumOf(cost, 'note'),
    sumOf(cost, ...farSide),
  ];
  return `| ${[what, ...numbers].join(' | ')} |`;
}

// A regression of one call changes the file, and a file that differs fails. `npx vitest run -u <this file>` writes it anew,
// for a change that is meant.
test('what an alert costs is what docs/alert-cost-counts.md says, to the call', async () => {
  const lines: string[] = [];
  let detail: Cost = {};
  for (const row of rows) {
    const cost = await counted(row);
    if (row.what.startsWith('**')) detail = cost;
    lines.push(lineOf(row, cost));
  }
  const kinds = Object.entries(detail).map(([kind, count]) => `| ${kind} | ${count} |`);
  const head = [
    '| alert | storage | queue | storage + queue | notes for seals and search | far side |',
    '| --- | --: | --: | --: | --: | --: |',
  ];
  const table = [...head, ...lines, '', '| three steps, no approval | times |', '| --- | --: |', ...kinds];
  await expect(`${table.join('\n')}\n`).toMatchFileSnapshot('../../docs/alert-cost-counts.md');
});

test('three steps without approval stay below what is promised', async () => {
  const cost = await counted({ what: '', playbooks: [acting(disable, revoke, tell)], choice: null });
  expect(sumOf(cost, ...storage, ...queue)).toBeLessThanOrEqual(20);
});
