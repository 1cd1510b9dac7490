import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Fault } from '../../../shared/domain/fault.ts';
import { advance } from '../../../shared/engine/advance.ts';
import { readAudit } from '../../../shared/engine/audit.ts';
import { approver, other, quiet } from '../../support/engine.ts';
import { activity, person } from '../../support/teams.ts';
import { clickOn, endpointOf, never, type TeamsWorld, teamsWorld } from '../../support/teams-world.ts';
import { userId } from '../../support/world-state.ts';

let world: TeamsWorld;
beforeEach(async () => {
  world = await teamsWorld();
});
afterEach(() => world.close());

const audited = async () => {
  const { entries } = await readAudit(world.engine, world.stack.clock.now().slice(0, 10));
  return (JSON.parse(JSON.stringify(entries)) as { data: { code: string } }[]).map(({ data }) => data.code);
};

describe('a click in Teams', () => {
  test('decides, is answered with the card as it stands now, and the run goes on afterwards', async () => {
    const before = await world.run();
    const answer = await world.signed(clickOn(before, 'not-needed', approver, 'has left'));
    expect(answer).toMatchObject({ status: 200, kind: 'card' });
    const decided = await world.run();
    expect(decided.decision).toMatchObject({
      by: approver.id,
      byName: 'Ada',
      choice: 'not-needed',
      reason: 'has left',
    });
    expect(JSON.parse(answer.text)).toEqual({ statusCode: 200, type: expect.any(String), value: world.card(decided) });
    expect(world.stack.far.sent).toEqual([]);
    await quiet(world.stack, world.engine);
    expect((await world.run()).ended?.outcome).toBe('done');
    expect(world.stack.far.sent.length).toBeGreaterThan(0);
    expect(await audited()).toEqual([]);
  });

  test('shows what the shipped playbook would do in full: nothing of its steps is cut', async () => {
    const run = await world.run();
    const shown = JSON.stringify(world.card(run));
    const scope = `/subscriptions/${run.opened.system.id}`;
    for (const step of (run.plans ?? []).flatMap(({ steps }) => steps))
      if ('action' in step)
        expect(shown).toContain(JSON.stringify(step.summary.replaceAll(scope, run.opened.system.name)).slice(1, -1));
    expect(shown).not.toContain('more steps');
  });

  test('twice is once: the second is answered with the card', async () => {
    const body = clickOn(await world.run(), 'not-needed', approver);
    const answers = await Promise.all([world.signed(body), world.signed(body), world.signed(body)]);
    expect(answers.map(({ kind }) => kind)).toEqual(['card', 'card', 'card']);
    const entries = await world.engine.ledger.read((await world.run()).id);
    expect(entries.filter(({ type }) => type === 'decided')).toHaveLength(1);
    expect(await audited()).toEqual([]);
  });

  test('rejecting needs a reason, and is final', async () => {
    const run = await world.run();
    const without = await world.signed(clickOn(run, null, approver, '   '));
    expect(without).toMatchObject({ status: 200, kind: 'error' });
    expect(without.text).toContain('A reason is needed to reject.');
    expect((await world.run()).decision).toBeNull();
    expect(await world.signed(clickOn(run, null, approver, 'is on leave'))).toMatchObject({ kind: 'card' });
    await quiet(world.stack, world.engine);
    expect((await world.run()).ended).toMatchObject({ outcome: 'rejected' });
  });

  test('of two people needed shows one of two, then both', async () => {
    const first = await world.signed(clickOn(await world.run(), 'remove', approver));
    expect(first.text).toContain('1 of 2');
    expect((await world.run()).decision).toBeNull();
    const second = await world.signed(clickOn(await world.run(), 'remove', other));
    expect(second.text).toContain('Ada and Bob');
    expect((await world.run()).decision).toMatchObject({ choice: 'remove' });
  });

  test.each([
    ['somebody who is no approver', { id: person, name: 'Alex' }, /You cannot approve/],
    ['the person it is about', { id: userId(1), name: 'User 1' }, /Nobody decides about themselves/],
  ])('%s is told why in a sentence, and one entry says so', async (_who, by, sentence) => {
    const answer = await world.signed(clickOn(await world.run(), 'not-needed', by));
    expect(answer).toMatchObject({ status: 200, kind: 'message' });
    expect(JSON.parse(answer.text).value).toMatch(sentence);
    expect((await world.run()).decision).toBeNull();
    expect(await audited()).toHaveLength(1);
  });

  test('on a card whose plan was voided says that it is out of date', async () => {
    const old = await world.run();
    const body = clickOn(old, 'not-needed', approver);
    world.stack.far.change(({ assignments }) => {
      for (const name of Object.keys(assignments)) delete assignments[name];
    });
    await world.signed(clickOn(old, 'needed', approver));
    await quiet(world.stack, world.engine);
    const again = await world.signed(body);
    expect(again).toMatchObject({ status: 200, kind: 'message' });
    expect((await world.run()).steps.size).toBeLessThan(3);
  });

  test('where the ledger or the directory cannot be read nothing is decided, and pressing again helps', async () => {
    let down = true;
    const directory = world.engine.world.directory;
    const trouble = () => Promise.reject(new Fault('retry', 'busy', 'secret words of the far side'));
    const engine = {
      ...world.engine,
      sleep: never,
      world: {
        ...world.engine.world,
        directory: { ...directory, presence: (id: string) => (down ? trouble() : directory.presence(id)) },
      },
    };
    const run = await world.run();
    await world.close();
    world = { ...world, ...(await endpointOf(engine)) };
    const answer = await world.signed(clickOn(run, 'not-needed', approver));
    expect(answer).toMatchObject({ status: 200, kind: 'error' });
    expect(answer.text).toContain('Nothing was decided');
    expect(answer.text).not.toContain('secret');
    expect((await world.run()).decision).toBeNull();
    down = false;
    expect(await world.signed(clickOn(run, 'not-needed', approver))).toMatchObject({ kind: 'card' });
  });

  test('is answered in time, whatever takes long', async () => {
    await world.close();
    const slow = { ...world.engine.world.directory, presence: () => new Promise<never>(() => undefined) };
    const engine = { ...world.engine, sleep: async () => undefined, world: { ...world.engine.world, directory: slow } };
    world = { ...world, ...(await endpointOf(engine)) };
    const answer = await world.signed(clickOn(await world.run(), 'not-needed', approver));
    expect(answer.text).toContain('This takes longer than usual.');
  });

  test('the decision stands though nobody carries it out: the timer finds it', async () => {
    await world.signed(clickOn(await world.run(), 'not-needed', approver));
    const { id } = await world.run();
    expect((await advance(world.engine, id)).ended?.outcome).toBe('done');
  });
});

describe('the Teams app', () => {
  const update = (action: string, team: string) =>
    JSON.stringify(
      activity({
        type: 'installationUpdate',
        name: undefined,
        action,
        channelData: { tenant: { id: activity().conversation.tenantId }, team: { id: team, name: 'SecOps' } },
      }),
    );

  test('says where it was installed, and forgets it when it is removed', async () => {
    expect(await world.signed(update('add', '19:team@thread.tacv2'))).toMatchObject({ status: 200, text: '{}' });
    expect(await world.installations.list()).toMatchObject([
      { id: '19:team@thread.tacv2', name: 'SecOps', by: person },
    ]);
    await world.signed(update('remove', '19:team@thread.tacv2'));
    expect(await world.installations.list()).toEqual([]);
  });

  test('other messages are taken and do nothing', async () => {
    for (const change of [
      { type: 'message', text: 'approve' },
      { type: 'conversationUpdate' },
      { name: 'task/fetch' },
      { type: 'typing', value: undefined },
    ])
      expect(await world.signed(JSON.stringify(activity(change)))).toMatchObject({ status: 200, text: '{}' });
    expect((await world.run()).decision).toBeNull();
  });
});
