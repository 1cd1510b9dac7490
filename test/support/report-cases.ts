import { actions } from '../../shared/actions/catalog.ts';
import { memoryExclusions } from '../../shared/adapters/memory/exclusions.ts';
import { memoryReports } from '../../shared/adapters/memory/reports.ts';
import type { Call } from '../../shared/domain/call.ts';
import { later } from '../../shared/domain/duration.ts';
import { toJson } from '../../shared/domain/json.ts';
import type { Entry } from '../../shared/domain/ledger.ts';
import type { ReportDefinition } from '../../shared/domain/report-definition.ts';
import type { Reporting } from '../../shared/engine/reports/reporting.ts';
import type { Index, Ledger } from '../../shared/ports.ts';
import { readReports } from '../../shared/report-folder.ts';
import { render } from '../../shared/reports/render.ts';
import { opened, planFor, playbookOf, proofOf, stepOf } from './domain-run.ts';

/** What can become of a run. */
export const cases = [
  'deleted',
  'disabled',
  'excluded',
  'rejected',
  'expired',
  'refused',
  'not-confirmed',
  'failed',
  'open',
  'undone',
] as const;
export type Case = (typeof cases)[number];

const hour = 3_600_000;
const day = 24 * hour;

const steps = [
  stepOf('1.1', 'disable-user', 'reversible'),
  { key: '1.2', wait: 'P30D', ms: 30 * day },
  stepOf('1.3', 'delete-user', 'destructive', { undo: null }),
];
const remove = planFor('remove', steps);
const keep = planFor('keep', [stepOf('1.4', 'exclude-from-reports', 'annotate')]);

const people = ['Ada Quiet', 'Ben Still', 'Dora Dormant', 'Zoë Größe', '=HYPERLINK("http://x")', '<b>Max</b> | *Bold*'];
const systems = ['Contoso Production', 'Contoso Sandbox', 'Fabrikam Payments'];

interface Body {
  readonly after: number;
  readonly type: string;
  readonly data: object;
}

/** The entries of a run that goes the way of a case, each with the hours after its beginning. */
function bodiesOf(name: Case, hours: number): readonly Body[] {
  const planned = { after: 0, type: 'planned', data: { plans: [remove, keep] } };
  const clear = [remove, keep].map(({ choice, digest }) => ({ choice, digest, refusals: [] }));
  const refusal = { guard: 'privileged', action: 'disable-user', reason: 'holds power over others: Owner on /' };
  const guarded = (choices: object) => ({ after: 0, type: 'guarded', data: { choices } });
  const asked = {
    after: 0,
    type: 'asked',
    data: { choices: ['remove', 'keep'], expiresAt: '2027-01-01T00:00:00.000Z' },
  };
  const question = [planned, guarded(clear), asked];
  const decided = (choice: string | null, reason: string | null = null): Body => {
    const plan = [remove, keep].find((one) => one.choice === choice);
    const by = hours % 2 === 0 ? { by: 'p-1', byName: 'Sam SecOps' } : { by: 'p-2', byName: 'Priya Operator' };
    return { after: hours, type: 'decided', data: { choice, digest: plan?.digest ?? null, ...by, reason } };
  };
  const done = (step: string, after: number): readonly Body[] => [
    { after, type: 'step-intended', data: { step, worker: 'w', attempt: 1, leaseUntil: '2026-01-01T00:00:00.000Z' } },
    { after, type: 'step-verified', data: { step, observed: {}, by: 'applied' } },
  ];
  const ended = (outcome: string, reason: string, after = hours): Body => ({
    after,
    type: 'run-ended',
    data: { outcome, reason },
  });
  switch (name) {
    case 'deleted':
      return [
        ...question,
        decided('remove'),
        ...done('1.1', hours),
        ...done('1.3', hours + 720),
        ended('done', 'everything holds', hours + 720),
      ];
    case 'disabled':
      return [...question, decided('remove'), ...done('1.1', hours)];
    case 'excluded':
      return [...question, decided('keep'), ...done('1.4', hours), ended('done', 'everything holds')];
    case 'rejected':
      return [...question, decided(null, 'is on parental leave'), ended('rejected', 'Sam rejected it')];
    case 'expired':
      return [...question, ended('expired', 'nobody answered in 3 days', 72)];
    case 'refused': {
      const all = [remove, keep].map(({ choice, digest }) => ({ choice, digest, refusals: [refusal] }));
      return [planned, guarded(all), ended('refused', 'privileged: holds power over others', 0)];
    }
    case 'not-confirmed':
      return [ended('not-confirmed', 'signed in 4 days ago', 0)];
    case 'failed': {
      const failed = { step: '1.1', code: 'forbidden', reason: 'the directory does not allow it' };
      return [
        ...question,
        decided('remove'),
        { after: hours, type: 'step-failed', data: failed },
        ended('failed', 'disable-user: the directory does not allow it'),
      ];
    }
    case 'open':
      return question;
    case 'undone':
      return [
        ...question,
        decided('remove'),
        ...done('1.1', hours),
        { after: hours + 5, type: 'undo-decided', data: { by: 'p-1', byName: 'Sam SecOps', reason: 'was needed' } },
        ...done('undo:1.1', hours + 5),
        { after: hours + 5, type: 'undo-ended', data: { outcome: 'undone', reason: 'as it was before' } },
      ];
  }
}

/** Writes one run of a case into a ledger and its index. */
export async function writeRun(
  { ledger, index }: { ledger: Ledger; index: Index },
  of: { number: number; case: Case; openedAt: string; hours?: number },
): Promise<string> {
  const run = `run-${of.number.toString(16).padStart(32, '0')}`;
  const identity = {
    kind: 'user' as const,
    id: `00000000-0000-4000-8000-${String(of.number).padStart(12, '0')}`,
    displayName: people[of.number % people.length] ?? '',
    userPrincipalName: `user${of.number}@contoso.example`,
  };
  const name = systems[of.number % systems.length] ?? '';
  const system = { type: 'azure' as const, id: `sub-${of.number % systems.length}`, name };
  const playbook = playbookOf({ name: of.number % 3 === 0 ? 'inactive-user-review' : 'inactive-user-delete' });
  const verdict = of.case === 'not-confirmed' ? 'false' : 'true';
  const bodies: readonly Body[] = [
    { after: 0, type: 'run-opened', data: { ...opened().data, playbook, identity, system } },
    { after: 0, type: 'proved', data: { proof: proofOf(verdict, of.openedAt), step: null } },
    ...bodiesOf(of.case, of.hours ?? 3),
  ];
  let last: Entry | null = null;
  for (const { after, type, data } of bodies) {
    const time = later(of.openedAt, after * hour);
    last = await ledger.append(run, last, { time, type, actor: 'quell', data: toJson(data) });
  }
  await index.list({ run, alert: 'alert-1', identity: identity.id, receivedAt: of.openedAt });
  return run;
}

/** Runs of every case over some weeks before a time, the same every time. */
export async function writeRuns(stores: { ledger: Ledger; index: Index }, count: number, until: string): Promise<void> {
  const often: readonly Case[] = ['disabled', 'excluded', 'disabled', 'rejected', 'excluded', 'not-confirmed'];
  for (let number = 0; number < count; number += 1) {
    const all = [...cases, ...often];
    const name = all[(number * 7) % all.length] ?? 'open';
    const back = name === 'deleted' ? 32 : ((number * 37) % 200) / 10;
    const openedAt = later(until, -Math.round(back * day) - (number % 9) * hour);
    await writeRun(stores, { number, case: name, openedAt, hours: 1 + ((number * 5) % 20) });
  }
}

export const shippedReports: readonly ReportDefinition[] = readReports('reports').reports;

/** Word that was sent, in order. */
export type Told = { readonly call: Call; readonly key: string }[];

/** Everything reports are made with, on these stores. */
export function reportingOn(
  stores: { ledger: Ledger; index: Index },
  clock: () => string,
  differs: Partial<Reporting> = {},
): Reporting & { readonly told: Told } {
  const told: Told = [];
  const wide = { hour: 10, day: 25, week: 60, month: 120 };
  return {
    engine: {
      ...stores,
      actions,
      clock,
      log: { info: () => {}, warn: () => {}, error: () => {} },
      limits: { budgets: { reversible: wide, destructive: wide } },
    },
    effects: {
      send: async (call, key) => {
        told.push({ call, key });
        return null;
      },
    },
    definitions: () => shippedReports,
    exclusions: memoryExclusions(),
    store: memoryReports(),
    render,
    address: 'https://quell.example.com',
    told,
    ...differs,
  };
}
