import { describe, expect, test } from 'vitest';
import { advance } from '../../../shared/engine/advance.ts';
import type { Engine } from '../../../shared/engine/engine.ts';
import { respond } from '../../../shared/engine/respond.ts';
import { leaseMs, onlyRun, playbook, raise, stackOf, types } from '../../support/engine.ts';

const stack = () => stackOf([playbook('inactive-user-delete')], 'enforce');
describe('whoever slept between looking and acting', () => {
  test('writes no intent down, and sends nothing', async () => {
    const running = stack();
    let asleep = true;
    const { controls } = running.engine;
    const sleepy: Engine = {
      ...running.engine,
      controls: {
        ...controls,
        list: async () => {
          const standing = await controls.list();
          if (asleep) running.clock.move(leaseMs);
          return standing;
        },
      },
    };
    await raise(running.engine);
    const alert = running.bus.take();
    if (!alert || !('alert' in alert.body)) throw new Error('there is no hint');
    await respond(running.engine, alert.body.alert);
    const { id } = await onlyRun(running);
    await expect(advance(sleepy, id)).rejects.toMatchObject({ code: 'lease-lost' });
    expect(running.far.sent).toEqual([]);
    expect(await types(running, id)).not.toContain('step-intended');
    asleep = false;
    await advance(sleepy, id);
    expect(running.far.sent).not.toEqual([]);
  });
});
