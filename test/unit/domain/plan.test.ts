import { describe, expect, test } from 'vitest';
import {
  actionsOf,
  changedBeforeWait,
  changesAccess,
  changesNothing,
  type PlannedStep,
  planOf,
  planSchema,
  risks,
} from '../../../shared/domain/plan.ts';
import { planFor, playbookOf, proofOf, stagedSteps, stepOf } from '../../support/domain-run.ts';
import { at } from '../../support/domain-time.ts';
import { dana } from '../../support/domain-users.ts';

const about = { run: 'run-1', alert: 'alert-1', playbook: playbookOf(), identity: dana, proof: proofOf() };
const choice = { name: 'remove', label: 'Remove' };
const steps = stagedSteps();
const digest = planOf(about, choice, steps).digest;

const step = stepOf('1.1', 'disable-user', 'reversible', { residual: [{ what: 'a', why: 'b' }] });
const [call] = step.calls;
const undone = step.undo?.[0];
const digestOfStep = (one: PlannedStep) => planOf(about, choice, [one]).digest;

describe('the digest an approval is for', () => {
  test('is what it always was for the same plan', () => {
    expect(planOf(about, choice, stagedSteps()).digest).toBe(digest);
    expect(digest).toBe('b606e1c77f1eac0ad6822eb0d3879f2e11912e4fbc363216619fe651decac605');
  });

  test.each<readonly [string, Partial<typeof about>]>([
    ['run', { run: 'run-2' }],
    ['alert', { alert: 'alert-2' }],
    ['name of the playbook', { playbook: playbookOf({ name: 'other' }) }],
    ['version of the playbook', { playbook: playbookOf({ version: 2 }) }],
    ['digest of the playbook', { playbook: playbookOf({ digest: 'e'.repeat(64) }) }],
    ['id of the identity', { identity: { ...dana, id: 'x' } }],
    ['verdict', { proof: proofOf('unknown') }],
    ['time of the proof', { proof: proofOf('true', at(1)) }],
    ['evidence', { proof: { ...proofOf(), evidence: [] } }],
    ['reason of the proof', { proof: { ...proofOf(), reason: 'x' } }],
    ['claim', { proof: { ...proofOf(), claim: 'super' } }],
  ])('is another where the %s is another', (_what, differs) => {
    expect(planOf({ ...about, ...differs }, choice, steps).digest).not.toBe(digest);
  });

  test('is another for another choice with the same steps', () => {
    expect(planOf(about, { ...choice, name: 'other' }, steps).digest).not.toBe(digest);
  });

  test('is the same whatever the button or the person is called', () => {
    expect(planOf({ ...about, identity: { ...dana, displayName: 'x' } }, { ...choice, label: 'x' }, steps).digest).toBe(
      digest,
    );
  });

  test.each<readonly [string, readonly PlannedStep[]]>([
    ['one fewer', steps.slice(1)],
    ['one more', [...steps, stepOf('1.5', 'notify', 'notify')]],
    ['another order', steps.toReversed()],
    ['a shorter wait', steps.map((one) => ('wait' in one ? { ...one, ms: 1 } : one))],
  ])('is another where there is %s', (_what, others) => expect(planOf(about, choice, others).digest).not.toBe(digest));

  test.each<readonly [string, object]>([
    ['key', { key: '2.1' }],
    ['action', { action: 'delete-user' }],
    ['settings', { settings: { a: 1 } }],
    ['risk', { risk: 'notify' }],
    ['summary', { summary: 'x' }],
    ['before', { before: {} }],
    ['after', { after: {} }],
    ['no call', { calls: [] }],
    ['a call twice', { calls: [call, call] }],
    ['the recipient of a call', { calls: [{ ...call, to: 'azure' }] }],
    ['the method of a call', { calls: [{ ...call, method: 'DELETE' }] }],
    ['the path of a call', { calls: [{ ...call, path: '/users/x' }] }],
    ['the body of a call', { calls: [{ ...call, body: { accountEnabled: true } }] }],
    ['no undo', { undo: null }],
    ['another undo', { undo: [{ ...undone, path: '/users/x' }] }],
    ['the note on the undo', { undoNote: 'x' }],
    ['the residual', { residual: [] }],
  ])('is another where a step differs in %s', (_what, differs) => {
    expect(digestOfStep({ ...step, ...differs })).not.toBe(digestOfStep(step));
  });
});

test('a plan is what the ledger accepts', () => {
  expect(planSchema.parse(planOf(about, choice, steps))).toEqual(planOf(about, choice, steps));
  expect(planSchema.safeParse(planOf(about, choice, [{ key: 'one', prove: 'again' }])).success).toBe(false);
});

test('actions are the steps without waits and proofs', () => {
  expect(actionsOf(planOf(about, choice, steps)).map(({ action }) => action)).toEqual(['disable-user', 'delete-user']);
});

test.each([
  [
    'every action is so already',
    [stepOf('1.1', 'a', 'reversible', { calls: [] }), { key: '1.2', prove: 'again' }],
    true,
  ],
  ['there is no action', [{ key: '1.1', wait: 'P1D', ms: 1 }], true],
  ['one has a call', [stepOf('1.1', 'a', 'reversible', { calls: [] }), stepOf('1.2', 'b', 'annotate')], false],
] as const)('a plan where %s changes nothing: %s', (_what, list, expected) => {
  expect(changesNothing(planOf(about, choice, list))).toBe(expected);
});

test('what is reversible or destructive changes access', () => {
  expect(risks.filter(changesAccess)).toEqual(['reversible', 'destructive']);
});

describe('what has to stand still after a wait', () => {
  const wait = (key: string) => ({ key, wait: 'P1D', ms: 86_400_000 });
  const steps = [
    stepOf('1.1', 'disable-user', 'reversible'),
    stepOf('1.2', 'notify', 'notify'),
    stepOf('1.3', 'exclude-from-reports', 'annotate'),
    wait('1.4'),
    stepOf('1.5', 'revoke-sessions', 'reversible'),
    wait('1.6'),
    { key: '1.7', prove: 'again' as const },
    stepOf('1.8', 'delete-user', 'destructive'),
  ];
  const keys = (key: string) => changedBeforeWait(planFor('remove', steps), key).map((step) => step.key);

  test.each([
    ['1.1', []],
    ['1.2', []],
    ['1.5', ['1.1']],
    ['1.8', ['1.1', '1.5']],
    ['another', []],
  ])('before %s: %j', (key, expected) => {
    expect(keys(key)).toEqual(expected);
  });
});
