import { describe, expect, test } from 'vitest';
import { Fault } from '../../../shared/domain/fault.ts';
import { ingest } from '../../../shared/engine/ingest.ts';
import { claims, notification, plainSource, playbook, runs, stackOf, untilEnd } from '../../support/engine.ts';

const stack = () => stackOf([playbook('inactive-user-delete')], 'enforce');
const happened = ({ trace }: ReturnType<typeof stack>) => trace.map((one) => Object.keys(one)[0]);

describe('a notification', () => {
  test('is kept, then written down, then hinted at, and only then answered', async () => {
    const running = stack();
    const receipt = await ingest(running.engine, plainSource, notification(claims()));
    expect(receipt).toMatchObject({ accepted: true, known: false });
    expect(happened(running)).toEqual(['kept', 'entry', 'hint']);
  });

  test('that came before is known, by whatever delivery', async () => {
    const running = stack();
    const first = await ingest(running.engine, plainSource, notification(claims()));
    const again = { ...notification(claims()), receivedAt: '2026-03-02T00:00:00.000Z' };
    expect(await ingest(running.engine, plainSource, again)).toEqual({ ...first, known: true });
    await untilEnd(running);
    expect(await runs(running)).toHaveLength(1);
  });

  test.each([
    ['too large', notification('x'.repeat(1024 * 1024 + 1)), 413],
    ['of another type', notification('{}', 'text/plain'), 415],
    ['without a type', notification('{}', ''), 415],
  ])('%s leaves nothing', async (_name, received, status) => {
    const running = stack();
    await expect(ingest(running.engine, plainSource, received)).rejects.toMatchObject({
      disposition: 'reject',
      status,
    });
    expect(happened(running)).toEqual([]);
  });

  test('that is refused says what would be taken', async () => {
    const wrong = (contentType: string) => ingest(stack().engine, plainSource, notification('{}', contentType));
    await expect(wrong('text/plain')).rejects.toMatchObject({
      ...{ code: 'wrong-content-type', message: 'plain takes application/json, not text/plain.' },
    });
    const two = { ...plainSource, accepts: ['application/json', 'message/rfc822'] };
    await expect(ingest(stack().engine, two, notification('{}', ''))).rejects.toMatchObject({
      message: 'plain takes application/json or message/rfc822, not a body without a content type.',
    });
    await expect(wrong('')).rejects.toMatchObject({ code: 'wrong-content-type' });
    const large = notification('x'.repeat(1024 * 1024 + 1));
    await expect(ingest(stack().engine, plainSource, large)).rejects.toMatchObject({
      ...{ code: 'too-large', message: 'A notification may have 1048576 bytes; this one has 1048577.' },
    });
  });

  test('is known by its content type whatever its case, and what is said behind it', async () => {
    const received = notification(claims(), ' Application/JSON ; charset=utf-8');
    expect(await ingest(stack().engine, plainSource, received)).toMatchObject({ accepted: true });
  });

  test('leaves a hint that says why', async () => {
    const running = stack();
    const hints: unknown[][] = [];
    const bus = { ...running.engine.bus, alert: async (...hint: unknown[]) => void hints.push(hint) };
    const { alert } = Object(await ingest({ ...running.engine, bus }, plainSource, notification(claims())));
    expect(hints).toEqual([[alert, { reason: 'received' }]]);
  });

  test('whose source is down is not refused: the sender comes again', async () => {
    const running = stack();
    const source = { ...plainSource, read: () => Promise.reject(new Fault('retry', 'dns-down', 'x')) };
    await expect(ingest(running.engine, source, notification(claims()))).rejects.toMatchObject({ code: 'dns-down' });
    expect(running.trace.filter((one) => 'entry' in one)).toEqual([]);
  });

  test('of exactly 1 MiB is not too large', async () => {
    const body = JSON.stringify(claims());
    const received = notification(body.padEnd(1024 * 1024, ' '));
    expect(await ingest(stack().engine, plainSource, received)).toMatchObject({ accepted: true });
  });

  test('whose sender is not believed leaves nothing', async () => {
    const running = stack();
    const source = {
      ...plainSource,
      authenticate: () => Promise.reject(new Fault('refuse', 'no', 'No.', { status: 401 })),
    };
    await expect(ingest(running.engine, source, notification(claims()))).rejects.toMatchObject({ status: 401 });
    expect(happened(running)).toEqual([]);
  });

  test.each(['answer', 'quarantine'] as const)(
    'that cannot be read is kept and recorded, once: %s',
    async (badInput) => {
      const running = stack();
      const send = () => ingest(running.engine, { ...plainSource, badInput }, notification('bad'));
      for (const attempt of [send, send]) {
        if (badInput === 'answer') await expect(attempt()).rejects.toMatchObject({ code: 'unreadable', status: 400 });
        else expect(await attempt()).toMatchObject({ accepted: false, code: 'unreadable' });
      }
      expect(running.trace.filter((one) => 'entry' in one)).toHaveLength(1);
      expect(happened(running)[0]).toBe('kept');
      expect(running.bus.take()).toBeNull();
      const other = ingest(running.engine, { ...plainSource, badInput, name: 'other' }, notification('bad'));
      await other.catch(() => undefined);
      const ids = [...running.journals];
      expect(ids).toHaveLength(2);
      expect(ids.every((id) => /^refused-[0-9a-f]{32}$/.test(id))).toBe(true);
    },
  );
});

describe('with something down', () => {
  const down = () => Promise.reject(new Fault('retry', 'storage', 'Storage is down.'));

  test.each(['vault', 'ledger', 'index'] as const)(
    'no %s: the sender is told to come again, never that it was taken',
    async (port) => {
      const { engine } = stack();
      const broken = { ...engine, [port]: { ...engine[port], put: down, append: down, open: down } };
      await expect(ingest(broken, plainSource, notification(claims()))).rejects.toMatchObject({ disposition: 'retry' });
    },
  );

  test('no bus: what is written down is found by the timer', async () => {
    const running = stack();
    const broken = { ...running.engine, bus: { alert: down, run: down } };
    await expect(ingest(broken, plainSource, notification(claims()))).rejects.toMatchObject({ disposition: 'retry' });
    await untilEnd(running);
    expect((await runs(running)).map(({ ended }) => ended?.outcome)).toEqual(['done']);
  });
});
