import { describe, expect, test } from 'vitest';
import { actions } from '../../../shared/actions/catalog.ts';
import { alertEntryOf } from '../../../shared/domain/alert-entry.ts';
import { setControl } from '../../../shared/engine/control.ts';
import { beginDrill } from '../../../shared/engine/drill.ts';
import type { Engine } from '../../../shared/engine/engine.ts';
import { explainRun } from '../../../shared/engine/explain.ts';
import { undo } from '../../../shared/engine/undo.ts';
import type { Caller } from '../../../shared/ports.ts';
import { expectFault } from '../../support/adapters-storage.ts';
import {
  approver,
  breakGlass,
  deliver,
  graceMs,
  onlyRun,
  playbook,
  type Stack,
  stackOf,
  untilEnd,
} from '../../support/engine.ts';
import { someUser, subscription, userId } from '../../support/world-state.ts';

const canary = { identity: userId(3), system: subscription };
const responder: Caller = { id: userId(903), name: 'Rae', roles: ['Quell.Responder'] };
/** What the drill changes, as the far sides hold it. */
function picture({ far: { state } }: Stack): object {
  return structuredClone({
    user: state.live[canary.identity],
    assignments: state.assignments,
    exclusions: state.exclusions,
  });
}
const newStack = () => stackOf([playbook('inactive-user-review')]);

describe('a drill', () => {
  test('does it on the canary alone, takes it back, and all is as before', async () => {
    const stack = newStack();
    const before = picture(stack);
    const run = await beginDrill(stack.engine, canary, responder);
    await untilEnd(stack);
    const done = await onlyRun(stack);
    expect(done).toMatchObject({
      id: run,
      ended: { outcome: 'done' },
      opened: { modeNote: 'a drill that Rae asked for' },
    });
    expect(stack.far.state.live[canary.identity]).toMatchObject({ enabled: false, excludeMark: expect.any(String) });
    expect(picture(stack)).not.toEqual(before);
    expect(stack.far.sent.every(({ call }) => JSON.stringify(call).includes(canary.identity.slice(-4)))).toBe(true);
    await undo(stack.engine, run, 'a drill', responder);
    await untilEnd(stack);
    expect((await onlyRun(stack)).undo?.ended?.outcome).toBe('undone');
    expect(picture(stack)).toEqual(before);
  });

  test('can be done again, is in the ledger with who asked, and is decided the same again', async () => {
    const stack = newStack();
    for (let count = 0; count < 2; count += 1) {
      const run = await beginDrill(stack.engine, canary, responder);
      await untilEnd(stack);
      await undo(stack.engine, run, 'a drill', responder);
      await untilEnd(stack);
      expect(await explainRun({ ...stack.engine, actions }, run)).toMatchObject({ verdict: 'same' });
    }
    const alerts = [...stack.journals].filter((name) => name.startsWith('alert-'));
    expect(alerts).toHaveLength(2);
    const [received] = await stack.engine.ledger.read(alerts[0] ?? '');
    expect(received?.actor).toBe(`person:${responder.id}`);
  });

  test('is refused where no real run would be allowed: a protected account, one that is in use', async () => {
    const stack = newStack();
    stack.far.change(({ live }) => {
      live[breakGlass] = { ...someUser(911, stack.clock.now()), id: breakGlass };
    });
    await beginDrill(stack.engine, { ...canary, identity: breakGlass }, responder);
    await untilEnd(stack);
    expect((await onlyRun(stack)).ended?.outcome).toBe('refused');
    expect(stack.far.sent).toEqual([]);
  });

  test('is held where everything is stopped', async () => {
    const stack = newStack();
    const stop = { scope: 'all', name: null, stopped: true, reason: 'wrong people' } as const;
    await setControl(stack.engine, stop, approver);
    await beginDrill(stack.engine, canary, responder);
    for (let count = 0; count < 5; count += 1) await deliver(stack);
    expect((await onlyRun(stack)).held).not.toBeNull();
    expect(stack.far.sent).toEqual([]);
  });

  test('is written down as an alert that somebody asked for, its answer, and a run that is open and hinted at', async () => {
    const stack = newStack();
    const told: unknown[][] = [];
    const engine: Engine = {
      ...stack.engine,
      bus: { ...stack.engine.bus, run: async (...hint) => void told.push(hint) },
      log: { ...stack.engine.log, info: (...line) => void told.push(line) },
    };
    const run = await beginDrill(engine, canary, responder);
    const alert = [...stack.journals].find((name) => name.startsWith('alert-')) ?? '';
    const [received, answered] = (await engine.ledger.read(alert)).map(alertEntryOf);
    expect(received).toMatchObject({
      type: 'alert-received',
      data: {
        alert: {
          ...{ id: alert, source: 'drill', sender: `person:${responder.id}`, identityCount: 1 },
          ...{ rule: 'undo-drill', ruleName: 'Undo drill', title: 'A drill: can it be taken back?' },
          ...{ system: { type: 'azure', id: subscription }, raw: { contentType: 'application/json' } },
          nominations: [{ kind: 'user', by: 'id', value: canary.identity }],
        },
      },
    });
    expect(answered).toMatchObject({
      type: 'alert-answered',
      data: {
        ...{ playbook: 'undo-drill', considered: [], left: [], summary: 'a drill: undo-drill answers with one run' },
        runs: [{ run, identity: { id: canary.identity } }],
      },
    });
    expect((await onlyRun(stack)).opened).toMatchObject({ alert, mode: 'enforce', playbook: { name: 'undo-drill' } });
    expect((await onlyRun(stack)).opened.earlier).toBeUndefined();
    const due = new Date(Date.parse(stack.clock.now()) + graceMs).toISOString();
    expect(await engine.index.due('9999', 10)).toEqual([
      { ...{ journal: run, kind: 'run' }, session: canary.identity, due },
    ]);
    expect(told).toEqual([
      [run, canary.identity, { reason: 'opened' }],
      [{ run, by: responder.id }, 'drill begun'],
    ]);
  });

  test('says what is missing', async () => {
    const { engine } = newStack();
    await expect(beginDrill(engine, null, responder)).rejects.toMatchObject({
      message: 'There is nobody to rehearse on: set DRILL_IDENTITY and DRILL_SYSTEM.',
    });
    const gone = 'DRILL_IDENTITY is not in the directory, or DRILL_SYSTEM cannot be seen.';
    const blind = { ...engine, world: { ...engine.world, accessControl: {} } };
    for (const wrong of [
      beginDrill(engine, { ...canary, system: 'x' }, responder),
      beginDrill(engine, { ...canary, identity: userId(777) }, responder),
      beginDrill(blind, canary, responder),
    ])
      await expect(wrong).rejects.toMatchObject({ message: gone });
  });

  test('needs somebody to rehearse on, and the right', async () => {
    const stack = newStack();
    await expectFault(beginDrill(stack.engine, null, responder), 'reject', 'no-drill');
    await expectFault(beginDrill(stack.engine, { ...canary, identity: userId(777) }, responder), 'reject', 'no-drill');
    await expectFault(
      beginDrill(stack.engine, canary, { ...responder, roles: ['Quell.Author'] }),
      'refuse',
      'role-missing',
    );
    expect(stack.journals.size).toBe(0);
  });
});
