import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig, settings } from '../../shared/config.ts';
import { Fault } from '../../shared/domain/fault.ts';
import { type Attempt, type Ended, make, target } from '../support/bypass.ts';
import { names } from '../support/bypass-names.ts';
import { power } from '../support/bypass-power.ts';
import { states } from '../support/bypass-states.ts';
import { type Systems, startSystems } from '../support/systems.ts';

/*
 * Attempts to have somebody acted on who must not be: an alert, a playbook that may act without asking, the real clients,
 * and a tenant whose own log of writes says what happened.
 */

let systems: Systems;
beforeAll(async () => {
  systems = await startSystems();
});
afterAll(() => systems.close());

const attempts: readonly Attempt[] = [...names, ...power, ...states];
const tried: { acted: number } = { acted: 0 };

test('somebody whom nothing protects is acted on: what follows can fail', async () => {
  const ended = await make(systems, { what: 'Ada', stoppedBy: { guard: 'none' } });
  expect(ended).toMatchObject({ fault: null, outcome: 'done', changes: [`PATCH /v1.0/users/${target}`] });
});

describe('nobody is acted on', () => {
  test.each(attempts.map((attempt) => [attempt.what, attempt] as const))('%s', async (_what, attempt) => {
    const ended = await make(systems, attempt);
    tried.acted += ended.changes.length;
    expect(ended.changes).toEqual([]);
    expectStopped(ended, attempt);
  });

  test('of all that were tried', () => {
    process.stdout.write(`protected identities: ${attempts.length} attempts, ${tried.acted} acted on\n`);
    expect(attempts.length).toBeGreaterThanOrEqual(60);
    expect(new Set(attempts.map(({ what }) => what)).size).toBe(attempts.length);
    expect(tried.acted).toBe(0);
  });
});

function expectStopped({ fault, outcome, said }: Ended, { stoppedBy }: Attempt): void {
  if ('fault' in stoppedBy) {
    expect(fault).toMatchObject({ disposition: stoppedBy.fault });
    return;
  }
  expect(fault).toBeNull();
  if ('guard' in stoppedBy) {
    expect(outcome).toBe('refused');
    expect(said).toContain(`${stoppedBy.guard}: `);
  } else if ('proof' in stoppedBy) {
    expect(outcome).toBe('not-confirmed');
    expect(said).toContain(stoppedBy.proof === 'unknown' ? 'cannot be known' : 'is not true');
  } else {
    expect(outcome).toBeNull();
    expect(said).toContain(stoppedBy.left);
  }
}

describe('a break-glass list that nobody can be sure of stops the start', () => {
  const sample = Object.fromEntries(Object.entries(settings).map(([name, { sample: value }]) => [name, value]));
  test.each([
    ['in braces', `{${target}}`],
    ['a name', 'emergency01@contoso.example'],
    ['joined by the wrong sign', `${target};${target}`],
    ['cut off', target.slice(1)],
    ['not there', undefined],
  ])('%s', (_what, value) => {
    expect(() => readConfig({ ...sample, BREAK_GLASS_IDS: value })).toThrow(Fault);
  });

  test('spaces and capitals are no mistake', () => {
    const { BREAK_GLASS_IDS } = readConfig({ ...sample, BREAK_GLASS_IDS: ` ${target.toUpperCase()} , ${target} ` });
    expect(BREAK_GLASS_IDS).toEqual([target.toUpperCase(), target]);
  });
});
