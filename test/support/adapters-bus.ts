import { describe, expect, test } from 'vitest';
import type { Bus } from '../../shared/ports.ts';
import { expectFault } from './adapters-storage.ts';

/** A message, as far as every bus has it. */
export interface Seen {
  readonly id: unknown;
  readonly session: string | null;
  readonly body: unknown;
}
/** A bus and what a test needs to watch it. */
export interface Watched extends AsyncDisposable {
  readonly bus: Bus;
  readonly now: () => number;
  /** Everything that can be received now, in order. */
  take(queue: 'alerts' | 'runs'): Promise<readonly Seen[]>;
  /** Lets so many milliseconds pass. */
  pass(ms: number): Promise<void>;
}

/** What every bus does. */
export function describeBus(name: string, make: () => Promise<Watched>): void {
  describe(`${name} bus`, () => {
    test('says that an alert waits, once for the same reason', async () => {
      await using watched = await make();
      const { bus, take } = watched;
      for (const reason of ['received', 'received', 'again']) await bus.alert('alert-1', { reason });
      await bus.alert('alert-2', { reason: 'received' });
      expect(await take('alerts')).toEqual([
        { id: 'alert-1:received', session: null, body: { alert: 'alert-1' } },
        { id: 'alert-1:again', session: null, body: { alert: 'alert-1' } },
        { id: 'alert-2:received', session: null, body: { alert: 'alert-2' } },
      ]);
      expect(await take('runs')).toEqual([]);
    });

    test('says that a run has something to do, in the order of its session', async () => {
      await using watched = await make();
      const { bus, take } = watched;
      for (const run of ['run-1', 'run-2', 'run-3']) await bus.run(run, 'identity-1', { reason: 'opened' });
      expect(await take('runs')).toEqual(
        ['run-1', 'run-2', 'run-3'].map((run) => ({ id: `${run}:opened`, session: 'identity-1', body: { run } })),
      );
      expect(await take('alerts')).toEqual([]);
    });

    test('holds a message back until its time', async () => {
      await using watched = await make();
      const { bus, take, now, pass } = watched;
      const at = (ms: number) => new Date(now() + ms).toISOString();
      await bus.run('run-1', 's', { reason: 'later', notBefore: at(1_000) });
      await bus.run('run-2', 's', { reason: 'past', notBefore: at(-60_000) });
      await bus.run('run-3', 's', { reason: 'now' });
      expect((await take('runs')).map(({ body }) => body)).toEqual([{ run: 'run-2' }, { run: 'run-3' }]);
      await pass(1_100);
      expect((await take('runs')).map(({ body }) => body)).toEqual([{ run: 'run-1' }]);
    });

    test('what a namespace would not take is a fault', async () => {
      await using watched = await make();
      const { bus, take } = watched;
      await expectFault(bus.alert('alert-1', { reason: 'x', notBefore: 'soon' }), 'halt', 'storage-time');
      await expectFault(bus.alert('a'.repeat(127), { reason: 'x' }), 'halt', 'bus-key');
      for (const session of ['', 's'.repeat(129)])
        await expectFault(bus.run('run-1', session, { reason: 'x' }), 'halt', 'bus-key');
      expect([...(await take('alerts')), ...(await take('runs'))]).toEqual([]);
    });
  });
}
