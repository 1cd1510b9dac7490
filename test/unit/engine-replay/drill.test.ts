import { describe, expect, test } from 'vitest';
import { actions } from '../../../shared/actions/catalog.ts';
import { setControl } from '../../../shared/engine/control.ts';
import { beginDrill } from '../../../shared/engine/drill.ts';
import { explainRun } from '../../../shared/engine/explain.ts';
import { undo } from '../../../shared/engine/undo.ts';
import type { Caller } from '../../../shared/ports.ts';
import { expectFault } from '../../support/adapters-storage.ts';
import {
  approver,
  breakGlass,
  deliver,
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
