import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { inInvocation, pinoLog } from '../../shared/log.ts';

/** An invocation that keeps what is logged in it, as the host's context would send it on. */
function invocation() {
  const lines: { level: string; line: Record<string, unknown> }[] = [];
  const at = (level: string) => (text: string) => void lines.push({ level, line: JSON.parse(text) });
  return { lines, context: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } };
}

describe('a line of the log', () => {
  test('keeps its level, which stdout would lose', async () => {
    const { lines, context } = invocation();
    const log = pinoLog('info');
    await inInvocation(context, async () => {
      log.info({ run: 'run-1' }, 'one');
      log.warn({}, 'two');
      log.error({}, 'three');
    });
    expect(lines.map(({ level, line }) => [level, line.msg])).toEqual([
      ['info', 'one'],
      ['warn', 'two'],
      ['error', 'three'],
    ]);
    expect(lines[0]?.line).toMatchObject({ level: 30, run: 'run-1' });
  });

  test('goes to the invocation it belongs to, though others run at the same time', async () => {
    const log = pinoLog('info');
    const all = ['a', 'b', 'c'].map((name) => ({ name, ...invocation() }));
    await Promise.all(
      all.map(({ name, context }) =>
        inInvocation(context, async () => {
          for (let count = 0; count < 3; count += 1) {
            await turn();
            log.info({ name }, 'working');
          }
        }),
      ),
    );
    for (const { name, lines } of all) expect(lines.map(({ line }) => line.name)).toEqual([name, name, name]);
  });

  test('below the least level is not written', async () => {
    const { lines, context } = invocation();
    await inInvocation(context, async () => pinoLog('warn').info({}, 'too much'));
    expect(lines).toEqual([]);
  });

  test('never holds what could carry a secret, at the top or one below', async () => {
    const { lines, context } = invocation();
    const secrets = { authorization: 'Bearer abc.def', secret: 'p4ss', connectionString: 'AccountKey=k3y' };
    await inInvocation(context, async () => pinoLog('info').error({ ...secrets, request: secrets, kept: 1 }, 'failed'));
    const text = JSON.stringify(lines);
    for (const value of Object.values(secrets)) expect(text).not.toContain(value);
    expect(lines[0]?.line).toMatchObject({ kept: 1, secret: '[Redacted]' });
  });

  test('tells the cause with its stack, for us alone', async () => {
    const { lines, context } = invocation();
    const cause = new Error('socket hang up', { cause: new Error('ECONNRESET') });
    await inInvocation(context, async () => pinoLog('info').warn({ cause }, 'not reached'));
    expect(lines[0]?.line.cause).toMatchObject({ type: 'Error', message: expect.stringContaining('socket hang up') });
  });
});
