import { performance } from 'node:perf_hooks';
import { type Alert, alertOf } from '../../shared/domain/alert.ts';
import { match } from '../../shared/domain/match.ts';
import type { Playbook } from '../../shared/domain/playbook.ts';
import { type Figure, flat, type Measure } from '../lib/figures.ts';
import { peer } from '../lib/peers.ts';
import { median } from '../lib/stats.ts';

const relevant = 10;
const system = { type: 'azure', id: 'sub-1', name: 'One', tags: { environment: 'production', cost: '7' } } as const;

/** Ten playbooks for the rule of the alert, of which the last answers; the rest are for other rules. */
function playbooksOf(count: number): readonly Playbook[] {
  return Array.from({ length: count }, (_, n) => ({
    name: `p${n}`,
    version: 1,
    digest: 'd'.repeat(64),
    description: '',
    priority: n,
    on: { rules: [n < relevant ? 'inactive-users' : `rule-${n}`], systems: ['azure'] },
    when: `system.tags.environment == "${n === Math.min(count, relevant) - 1 ? 'production' : `stage-${n}`}"`,
    proof: { claim: 'inactive', days: 90 },
    mode: 'observe',
    expires: 'P3D',
    choices: {},
  })) as unknown as readonly Playbook[];
}

const alert: Alert = alertOf(
  {
    rule: 'inactive-users',
    ruleName: 'Inactive Users',
    title: 'measured',
    system: { type: 'azure', id: 'sub-1' },
    nominations: [],
    identityCount: null,
    occurredAt: '2026-01-01T00:00:00.000Z',
    dedupeKey: null,
  },
  {
    source: 'generic',
    sender: 'app:1',
    receivedAt: '2026-01-01T00:00:00.000Z',
    raw: { sha256: 'a'.repeat(64), contentType: 'x', bytes: 1 },
  },
);

interface RulesEngine {
  addRule(rule: object): void;
  run(facts: object): Promise<{ events: readonly { type: string }[] }>;
}

/** The same rules for json-rules-engine: rule and system and tag, all of them. null where it is not installed. */
function engineOf(playbooks: readonly Playbook[]): RulesEngine | null {
  const library = peer('json-rules-engine') as { Engine: new () => RulesEngine } | null;
  if (!library) return null;
  const engine = new library.Engine();
  for (const { name, on, when } of playbooks) {
    const equal = (fact: string, value: unknown, path?: string) => ({
      fact,
      operator: 'equal',
      value,
      ...(path ? { path } : {}),
    });
    const tag = /"(.*)"/.exec(when ?? '')?.[1];
    const all = [equal('rule', on.rules[0]), equal('system', on.systems[0]), equal('tags', tag, '$.environment')];
    engine.addRule({ conditions: { all }, event: { type: name } });
  }
  return engine;
}

/** Median of five rounds, in microseconds for one alert. */
async function microseconds(times: number, work: () => unknown): Promise<number> {
  const rounds: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const start = performance.now();
    for (let turn = 0; turn < times; turn += 1) await work();
    rounds.push(((performance.now() - start) * 1000) / times);
  }
  return median(rounds);
}

/** json-rules-engine with the same playbooks, in microseconds for one alert; null where it is not installed. */
async function theirsOf(playbooks: readonly Playbook[], wanted: string | undefined): Promise<number | null> {
  const engine = engineOf(playbooks);
  if (!engine) return null;
  const facts = { rule: alert.rule, system: 'azure', tags: system.tags };
  const { events } = await engine.run(facts);
  if (events.map(({ type }) => type).join() !== wanted) throw new Error('json-rules-engine disagrees');
  return microseconds(Math.max(2, Math.ceil(2_000 / playbooks.length)), () => engine.run(facts));
}

/** Matching, with more and more playbooks that do not concern the alert. */
export const measureMatch: Measure = async (size) => {
  const counts = size === 'full' ? [1, 10, 100, 1_000, 10_000] : [1, 10, 100, 1_000];
  const rows = [];
  for (const count of counts) {
    const playbooks = playbooksOf(count);
    const wanted = playbooks[Math.min(count, relevant) - 1]?.name;
    if (match(alert, system, playbooks).playbook?.name !== wanted) throw new Error('the wrong playbook answers');
    const theirs = await theirsOf(playbooks, wanted);
    rows.push({ playbooks: count, ours: await microseconds(20_000, () => match(alert, system, playbooks)), theirs });
  }
  const last = rows.at(-1);
  const tenth = rows.find(({ playbooks }) => playbooks === 10);
  if (!last || !tenth) throw new Error('nothing was measured');
  const { ours, theirs } = last;
  const many = last.playbooks.toLocaleString('en');
  const figures: Figure[] = [
    {
      what: `match one alert, ${many} playbooks, ${relevant} for its rule`,
      unit: 'µs',
      ours,
      baseline: { what: theirs === null ? 'json-rules-engine: not installed' : 'json-rules-engine', value: theirs },
      wanted: { text: '≤ 20 µs, ≥ 100× as fast', met: theirs === null ? null : ours <= 20 && theirs >= 100 * ours },
    },
    {
      what: `match one alert, ${many} playbooks`,
      unit: 'µs',
      ours,
      baseline: { what: '10 playbooks', value: tenth.ours },
      wanted: flat(ours, tenth.ours),
    },
  ];
  return { figures, raw: { rows } };
};
