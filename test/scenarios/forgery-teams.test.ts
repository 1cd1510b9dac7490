import { createHmac } from 'node:crypto';
import { exportSPKI, generateKeyPair, type JWTPayload } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { picksOf } from '../../shared/domain/choice-id.ts';
import { entryAfter } from '../../shared/domain/ledger.ts';
import { type PlannedAction, planOf } from '../../shared/domain/plan.ts';
import type { Run } from '../../shared/domain/run.ts';
import { readAudit } from '../../shared/engine/audit.ts';
import { undo } from '../../shared/engine/undo.ts';
import { requestsOf } from '../../shared/requests/requests.ts';
import { approver, other, plainSource, quiet } from '../support/engine.ts';
import { activity, appId, channel, person, serviceUrl } from '../support/teams.ts';
import { type Answered, clickOn, clickWith, type TeamsWorld, teamsWorld } from '../support/teams-world.ts';

/*
 * Approval forgery by Teams: token (16), channel (12) and payload (22). Each differs from a click that decides in one thing; each is
 * refused, leaves exactly one audit entry and changes nothing. Actor and state are the engine's: forgery-actor, forgery-state.
 */

interface Forgery {
  readonly what: string;
  /** What happens before the attempt, and is no part of it. */
  readonly given?: (world: TeamsWorld, run: Run) => Promise<void>;
  readonly attempt: (world: TeamsWorld, run: Run) => Promise<Answered | 'refused'>;
  /** A bare status to whoever is not authentic; a sentence or an error to who is. */
  readonly answered: number | 'message' | 'error' | 'refused';
}

let world: TeamsWorld;
beforeEach(async () => {
  world = await teamsWorld();
});
afterEach(() => world.close());

async function auditCount(): Promise<number> {
  const { entries, breaks } = await readAudit(world.engine, world.stack.clock.now().slice(0, 10));
  expect(breaks).toEqual([]);
  return (entries as readonly unknown[]).length;
}

async function expectRefused({ given, attempt, answered }: Forgery): Promise<void> {
  const asked = await world.run();
  await given?.(world, asked);
  const run = await world.run();
  const before = {
    audit: await auditCount(),
    decision: run.decision,
    ended: run.ended,
    sent: world.stack.far.sent.length,
  };
  const answer = await attempt(world, asked);
  const now = await world.run();
  if (answer === 'refused') expect(answer).toBe(answered);
  else if (typeof answered === 'number') expect(answer).toEqual({ status: answered, text: '', kind: null });
  else expect(answer).toMatchObject({ status: 200, kind: answered });
  expect({ decision: now.decision, ended: now.ended, approvals: now.approvals.length }).toEqual({
    decision: before.decision,
    ended: before.ended,
    approvals: run.approvals.length,
  });
  expect(world.stack.far.sent).toHaveLength(before.sent);
  expect((await auditCount()) - before.audit).toBe(1);
}

const good = (run: Run) => clickOn(run, 'not-needed', approver);
const seconds = ({ stack }: TeamsWorld, offset: number) => Math.floor(Date.parse(stack.clock.now()) / 1000) + offset;
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const bearer = (token: string) => ({ authorization: `Bearer ${token}`, 'content-type': 'application/json' });

const claim =
  (change: (world: TeamsWorld) => JWTPayload, header: object = {}): Forgery['attempt'] =>
  (of, run) =>
    of.signed(good(run), change(of), header);
const header = (change: object): Forgery['attempt'] => claim(() => ({}), change);
const raw =
  (token: (world: TeamsWorld) => Promise<string>): Forgery['attempt'] =>
  async (of, run) =>
    of.send({ headers: bearer(await token(of)), body: good(run) });

const tokens: readonly Forgery[] = [
  { what: 'no token', attempt: (of, run) => of.send({ body: good(run) }), answered: 401 },
  { what: 'expired', attempt: claim((of) => ({ exp: seconds(of, -301) })), answered: 401 },
  { what: 'not valid yet', attempt: claim((of) => ({ nbf: seconds(of, 301) })), answered: 401 },
  { what: 'for somebody else', attempt: claim(() => ({ aud: 'api://quell' })), answered: 401 },
  {
    what: 'by the directory of the same tenant',
    attempt: claim(() => ({ iss: 'https://login.microsoftonline.com/7e0a4b1c-3f52-4d86-9c1e-5a6b7c8d9e0f/v2.0' })),
    answered: 401,
  },
  {
    what: 'of another tenant',
    attempt: (of, run) => {
      const tenantId = '99990000-0000-4000-8000-000000000000';
      const conversation = { id: channel, tenantId };
      return of.signed(clickOn(run, 'not-needed', approver, undefined, { conversation, channelData: undefined }));
    },
    answered: 403,
  },
  {
    what: 'alg none',
    attempt: raw(async ({ bot }) => `${part({ alg: 'none', kid: 'k1' })}.${part(bot.claims())}.AA`),
    answered: 401,
  },
  {
    what: 'HS256 with the public key',
    attempt: raw(async ({ bot }) => {
      const content = `${part({ alg: 'HS256', kid: 'k1' })}.${part(bot.claims())}`;
      return `${content}.${createHmac('sha256', await exportSPKI(bot.publicKey))
        .update(content)
        .digest('base64url')}`;
    }),
    answered: 401,
  },
  { what: 'by a key nobody knows', attempt: header({ kid: 'k9' }), answered: 401 },
  { what: 'by a key id that is a path', attempt: header({ kid: '../../../../dev/null' }), answered: 401 },
  {
    what: 'by a key that it brings along',
    attempt: async ({ bot, send }, run) => {
      const own = await generateKeyPair('RS256');
      const brought = { kid: 'k1', jku: 'https://evil.example/keys', x5u: 'https://evil.example/cert' };
      return send({ headers: bearer(await bot.sign({}, brought, own.privateKey)), body: good(run) });
    },
    answered: 401,
  },
  {
    what: 'without its signature',
    attempt: raw(async ({ bot }) => `${(await bot.sign()).split('.').slice(0, 2).join('.')}.`),
    answered: 401,
  },
  {
    what: 'by the emulator of the Bot Framework',
    attempt: claim(() => ({ iss: 'https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/', appid: appId })),
    answered: 401,
  },
  {
    what: 'by a key that is endorsed for no channel',
    given: async ({ bot }) => {
      bot.jwk.endorsements.length = 0;
    },
    attempt: claim(() => ({})),
    answered: 403,
  },
  {
    what: 'for another service address',
    attempt: claim(() => ({ serviceurl: 'https://smba.trafficmanager.net/amer/' })),
    answered: 401,
  },
  {
    what: 'of a person, and not of the Connector',
    attempt: claim(() => ({ serviceurl: undefined, oid: approver.id, name: 'Ada', scp: 'user_impersonation' })),
    answered: 401,
  },
];

const plain =
  (headers: Record<string, string>, method = 'POST'): Forgery['attempt'] =>
  (of, run) =>
    of.send({ method, headers, ...(method === 'GET' ? {} : { body: good(run) }) });
const queueSource = { ...plainSource, name: 'queue' };

const channels: readonly Forgery[] = [
  { what: 'a function key only', attempt: plain({ 'x-functions-key': 'a-real-key' }), answered: 401 },
  {
    what: 'a forged header of the platform',
    attempt: plain({
      'x-ms-client-principal': part({ claims: [{ typ: 'oid', val: approver.id }] }),
      'x-ms-client-principal-id': approver.id,
    }),
    answered: 401,
  },
  { what: 'a preview bot that follows the link', attempt: plain({}, 'GET'), answered: 401 },
  {
    what: 'a form on another page',
    attempt: plain({
      'content-type': 'application/x-www-form-urlencoded',
      origin: 'https://evil.example',
      cookie: 'session=1',
    }),
    answered: 401,
  },
  {
    what: 'a mail that answers "approve"',
    attempt: (of, run) =>
      of.send({ headers: { 'content-type': 'message/rfc822' }, body: `From: ada\r\n\r\napprove ${run.id}` }),
    answered: 401,
  },
  {
    what: 'a message on the queue',
    attempt: async ({ engine }, run) => {
      const requests = requestsOf({ engine, queueSource, shown: (_run, move) => move() });
      const body = { run: run.id, decision: { choice: 'not-needed', by: approver.id } };
      await expect(requests.runMessage(body).handle()).rejects.toMatchObject({ code: 'not-a-hint' });
      return 'refused';
    },
    answered: 'refused',
  },
  {
    what: 'a row written into the table',
    given: async ({ engine }, run) => {
      const plan = run.plans?.find(({ choice }) => choice === 'not-needed');
      const data = { choice: 'not-needed', digest: plan?.digest ?? '', by: approver.id, byName: 'Ada', reason: null };
      const entries = await engine.ledger.read(run.id);
      const told = entryAfter(run.id, entries.at(-1) ?? null, {
        time: engine.clock(),
        type: 'decided',
        actor: 'quell',
        data,
      });
      // Whoever writes into the table by hand does not make the hash; whoever can is found by the seals.
      const read = engine.ledger.read;
      engine.ledger.read = async (journal: string) =>
        journal === run.id ? [...(await read(journal)), { ...told, hash: 'f'.repeat(64) }] : read(journal);
    },
    attempt: (of, run) => of.signed(clickOn(run, null, other, 'no')),
    answered: 'error',
  },
  {
    what: 'a card of an earlier version, whose buttons sent something else',
    attempt: (of, run) => of.signed(clickWith({ approvalId: run.id, decision: 'approve' }, approver)),
    answered: 'message',
  },
  {
    what: 'for another bot',
    attempt: (of, run) =>
      of.signed(clickOn(run, 'not-needed', approver, undefined, { recipient: { id: `28:${person}` } })),
    answered: 403,
  },
  {
    what: 'by web chat',
    attempt: (of, run) => of.signed(clickOn(run, 'not-needed', approver, undefined, { channelId: 'webchat' })),
    answered: 403,
  },
  {
    what: 'a call from the log, sent again a day later',
    attempt: async ({ bot, send, stack }, run) => {
      const headers = bearer(await bot.sign());
      stack.clock.move(24 * 3600_000);
      return send({ headers, body: good(run) });
    },
    answered: 401,
  },
  {
    what: 'at a slot that has a bot of its own',
    attempt: (of, run) => of.signed(good(run), { aud: '99990000-0000-4000-8000-0000000000b0' }),
    answered: 401,
  },
];

const stray =
  (data: (run: Run) => unknown, change: object = {}): Forgery['attempt'] =>
  (of, run) =>
    of.signed(clickWith(data(run), approver, change));
const pickOf = (run: Run, choice: string | null = 'not-needed') =>
  picksOf(run).find((one) => one.choice === choice)?.id;
const honest = (run: Run) => ({ run: run.id, pick: pickOf(run) });

/** A click made for a plan that is not the run's: its own steps, changed. */
const otherPlan = (
  steps: (actions: readonly PlannedAction[]) => readonly PlannedAction[],
  change: Partial<Run['opened']['playbook']> = {},
): Forgery['attempt'] =>
  stray((run) => {
    const { alert, playbook, identity } = run.opened;
    if (!run.proof) throw new Error('there is no proof');
    const about = { run: run.id, alert, playbook: { ...playbook, ...change }, identity, proof: run.proof };
    const plans = (run.plans ?? []).map((plan) => {
      const actions = plan.steps.filter((step): step is PlannedAction => 'action' in step);
      return planOf(about, { name: plan.choice, label: plan.label }, steps(actions));
    });
    return honest({ ...run, plans });
  });
const decided = async (of: TeamsWorld, run: Run, choice: string | null = 'not-needed') => {
  expect(await of.signed(clickOn(run, choice, approver, 'seen'))).toMatchObject({ kind: 'card' });
};
const another = 'run-00000000000000000000000000000000';
const withVerb =
  (text: string): Forgery['attempt'] =>
  (of, run) => {
    const value = { action: { type: 'Action.Execute', verb: text, data: honest(run) } };
    return of.signed(clickOn(run, 'not-needed', approver, undefined, { value }));
  };

const payloads: readonly Forgery[] = [
  {
    what: 'the id of another question',
    attempt: stray((run) => ({ ...honest(run), pick: `choice-${'0'.repeat(32)}` })),
    answered: 'message',
  },
  { what: 'another run', attempt: stray((run) => ({ ...honest(run), run: another })), answered: 'message' },
  {
    what: 'a run of another tenant',
    attempt: stray((run) => ({ ...honest(run), run: `run-${'e'.repeat(32)}` })),
    answered: 'message',
  },
  {
    what: 'another plan digest',
    attempt: stray((run) => ({ ...honest(run), digest: 'f'.repeat(64) })),
    answered: 'message',
  },
  { what: 'a target more', attempt: otherPlan((steps) => [...steps, ...steps.slice(0, 1)]), answered: 'message' },
  { what: 'a target less', attempt: otherPlan((steps) => steps.slice(1)), answered: 'message' },
  { what: 'targets in another order', attempt: otherPlan((steps) => [...steps].reverse()), answered: 'message' },
  {
    what: 'deleting in place of disabling',
    attempt: otherPlan((steps) => steps.map((step) => ({ ...step, action: 'delete-user', risk: 'destructive' }))),
    answered: 'message',
  },
  { what: 'another playbook', attempt: otherPlan((steps) => steps, { digest: 'f'.repeat(64) }), answered: 'message' },
  {
    what: 'another state before',
    attempt: otherPlan((steps) => steps.map((step) => ({ ...step, before: { assigned: [] } }))),
    answered: 'message',
  },
  {
    what: 'after it expired',
    given: async ({ stack }, run) => stack.clock.moveTo(run.asked?.expiresAt ?? ''),
    attempt: (of, run) => of.signed(good(run)),
    answered: 'message',
  },
  {
    what: 'after somebody else decided',
    given: (of, run) => decided(of, run),
    attempt: (of, run) => of.signed(clickOn(run, 'needed', other)),
    answered: 'message',
  },
  {
    what: 'approving what was rejected',
    given: (of, run) => decided(of, run, null),
    attempt: (of, run) => of.signed(good(run)),
    answered: 'message',
  },
  {
    what: 'approving what was taken back',
    given: async (of, run) => {
      await decided(of, run);
      await quiet(of.stack, of.engine);
      await undo(of.engine, run.id, 'was wrong', approver);
      await quiet(of.stack, of.engine);
    },
    attempt: (of, run) => of.signed(clickOn(run, 'needed', other)),
    answered: 'message',
  },
  {
    what: 'the same activity again, once the run has ended',
    given: async (of, run) => {
      await decided(of, run);
      await quiet(of.stack, of.engine);
      of.stack.clock.move(3 * 60_000);
    },
    attempt: (of, run) => of.signed(good(run)),
    answered: 'message',
  },
  { what: 'a verb in other letters', attempt: withVerb('Quell.Decide'), answered: 'message' },
  { what: 'more fields', attempt: stray((run) => ({ ...honest(run), approved: true })), answered: 'message' },
  {
    what: '__proto__',
    attempt: (of, run) => of.signed(good(run).replace('"data":{', '"data":{"__proto__":{"admin":true},')),
    answered: 'message',
  },
  { what: 'a megabyte', attempt: stray((run) => ({ ...honest(run), reason: 'x'.repeat(1_000_000) })), answered: 413 },
  { what: 'wrong types', attempt: stray((run) => ({ run: [run.id], pick: { id: pickOf(run) } })), answered: 'message' },
  {
    what: 'from a card that was forwarded to another chat',
    attempt: (of, run) => {
      const conversation = { ...activity().conversation, id: '19:elsewhere@thread.v2' };
      return of.signed(clickOn(run, 'not-needed', approver, undefined, { conversation }));
    },
    answered: 'message',
  },
];

test('the matrix is whole: 16 tokens, 12 channels, 22 payloads', () => {
  // Two at the same moment are a test of their own.
  expect([tokens.length, channels.length, payloads.length + 1]).toEqual([16, 12, 22]);
  expect(serviceUrl).toContain('smba.trafficmanager.net');
});

test('what they all differ from decides', async () => {
  expect(await world.signed(good(await world.run()))).toMatchObject({ status: 200, kind: 'card' });
  expect((await world.run()).decision).not.toBeNull();
  expect(await auditCount()).toBe(0);
});

describe('a forged token', () => {
  test.each(tokens)('$what', expectRefused);
});
describe('a forged channel', () => {
  test.each(channels)('$what', expectRefused);
});
describe('a forged payload', () => {
  test.each(payloads)('$what', expectRefused);

  test('approving and rejecting at the same moment', async () => {
    const run = await world.run();
    const answers = await Promise.all([world.signed(good(run)), world.signed(clickOn(run, null, other, 'no'))]);
    expect(answers.map(({ kind }) => kind).sort()).toEqual(['card', 'message']);
    const entries = await world.engine.ledger.read(run.id);
    expect(entries.filter(({ type }) => type === 'decided')).toHaveLength(1);
    expect(await auditCount()).toBe(1);
  });
});
