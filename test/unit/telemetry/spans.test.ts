import { afterEach, describe, expect, test } from 'vitest';
import { Fault } from '../../../shared/domain/fault.ts';
import { requestsOf } from '../../../shared/requests/requests.ts';
import { queueSource } from '../../../shared/sources/catalog.ts';
import { type Ended, otlpRequest } from '../../../shared/telemetry/otlp.ts';
import { recordSpans } from '../../../shared/telemetry/provider.ts';
import { tracedRequests, tracedRun } from '../../../shared/telemetry/requests.ts';
import { inSpan, linksTo, traceOf, traceparent } from '../../../shared/telemetry/spans.ts';
import { tracedEngine, tracedTaking } from '../../../shared/telemetry/traced.ts';
import { claims, onlyRun, playbook, raise, stackOf } from '../../support/engine.ts';

let ended: Ended[] = [];
let nanos = 0n;
const now = () => {
  nanos += 1_000n;
  return String(nanos);
};
recordSpans(now, (span) => ended.push(span));
afterEach(() => {
  ended = [];
});

/** One alert, from the notification to its last step, through the requests that the functions call. */
async function story() {
  const stack = stackOf([playbook('inactive-user-delete', { mode: 'enforce' })]);
  const engine = tracedEngine({ ...stack.engine, ...tracedTaking(stack.engine) });
  const shown = (_run: string, move: () => Promise<void>) => move();
  const requests = tracedRequests(requestsOf({ engine, queueSource, shown, behind: tracedRun }));
  const receipt = await inSpan('ingest', {}, () => raise(engine, claims()));
  for (let message = stack.bus.take(); message; message = stack.bus.take())
    await ('alert' in message.body ? requests.alertMessage(message.body) : requests.runMessage(message.body)).handle();
  return { run: await onlyRun(stack), receipt, requests };
}

const hex = (id: string) => id.slice(id.indexOf('-') + 1);

describe('spans', () => {
  test('lead from the alert to every effect, in traces that have the ids of alert and run', async () => {
    const { run } = await story();
    const [answering] = ended.filter(({ name }) => name === 'answer an alert');
    expect(answering).toMatchObject({
      traceId: hex(run.opened.alert),
      attributes: { 'quell.alert': run.opened.alert },
    });
    const [advancing] = ended.filter(({ name }) => name === 'advance a run');
    expect(advancing).toMatchObject({ traceId: hex(run.id), parentSpanId: hex(run.id).slice(0, 16) });
    expect(advancing?.links).toEqual([{ traceId: hex(run.opened.alert), spanId: answering?.spanId }]);
    const effects = ended.filter(({ name }) => name.startsWith('effect'));
    expect(effects.map(({ name }) => name)).toEqual(['effect PATCH graph', 'effect POST graph']);
    for (const effect of effects) {
      expect(effect).toMatchObject({ traceId: hex(run.id), parentSpanId: advancing?.spanId, failed: null });
      expect(effect.attributes).toMatchObject({ 'quell.run': run.id, 'quell.risk': 'reversible', 'quell.to': 'graph' });
    }
  });

  test('of a run that comes by message are linked to what the message says it was sent from', async () => {
    const { run, requests } = await story();
    ended = [];
    await requests.runMessage({ run: run.id }, `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`).handle();
    const [advancing] = ended.filter(({ name }) => name === 'advance a run');
    expect(advancing).toMatchObject({ traceId: hex(run.id), parentSpanId: hex(run.id).slice(0, 16) });
    expect(advancing?.links).toEqual([{ traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8) }]);
  });

  test('hold no name, address or id of anybody', async () => {
    const { run } = await story();
    const text = JSON.stringify(ended);
    for (const value of [run.opened.identity.id, run.opened.identity.displayName, '@example.com'])
      expect(text).not.toContain(value);
  });

  test('are of the calls to stores, directory and bus too, each below the one that made it', async () => {
    await story();
    const names = new Set(ended.map(({ name }) => name));
    for (const name of [
      'vault put',
      'ledger append',
      'index open',
      'bus alert',
      'controls list',
      'budgets reserve',
      'directory presence',
      'azure access',
    ])
      expect(names).toContain(name);
    const ids = new Set(ended.map(({ spanId }) => spanId));
    expect(ended.filter(({ name, parentSpanId }) => name.startsWith('ledger') && !ids.has(parentSpanId))).toEqual([]);
  });

  test('say by its code what went wrong, and let it go on', async () => {
    const fault = new Fault('retry', 'busy', 'Ada Lovelace cannot be read now.');
    await expect(inSpan('work', {}, () => Promise.reject(fault))).rejects.toBe(fault);
    await expect(inSpan('work', {}, () => Promise.reject(new TypeError('x')))).rejects.toThrow(TypeError);
    expect(ended.map(({ failed }) => failed)).toEqual(['busy', 'unexpected']);
  });
});

describe('trace context', () => {
  test('in a message is that of what sends it, and there is none outside', async () => {
    expect(traceparent()).toBeNull();
    const said = await inSpan('send', { within: traceOf(`run-${'12'.repeat(16)}`) }, async () => traceparent());
    expect(said).toBe(`00-${'12'.repeat(16)}-${ended[0]?.spanId}-01`);
    expect(linksTo(said)).toMatchObject([{ context: { traceId: '12'.repeat(16), spanId: ended[0]?.spanId } }]);
  });

  test.each([undefined, null, '', 'x', 7, {}, `00-${'0'.repeat(31)}-${'0'.repeat(16)}-01`])(
    '%j links to nothing',
    (said) => {
      expect(linksTo(said)).toEqual([]);
    },
  );

  test('follows what is done at the same time apart', async () => {
    const work = (id: string) =>
      inSpan(id, { within: traceOf(`run-${id.repeat(32)}`) }, async () => {
        await new Promise(setImmediate);
        await inSpan(`in ${id}`, {}, async () => undefined);
      });
    await Promise.all(['a', 'b'].map(work));
    for (const id of ['a', 'b']) expect(ended.find(({ name }) => name === `in ${id}`)?.traceId).toBe(id.repeat(32));
  });
});

test('what is exported is OTLP in JSON, as a collector reads it', async () => {
  await inSpan(
    'work',
    { attributes: { 'quell.run': 'run-1', count: 2, part: 0.5, sure: true } },
    async () => undefined,
  );
  expect(otlpRequest(ended)).toMatchObject({
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'quell' } }] },
        scopeSpans: [
          {
            spans: [
              {
                name: 'work',
                kind: 1,
                status: {},
                attributes: [
                  { key: 'quell.run', value: { stringValue: 'run-1' } },
                  { key: 'count', value: { intValue: '2' } },
                  { key: 'part', value: { doubleValue: 0.5 } },
                  { key: 'sure', value: { boolValue: true } },
                ],
              },
            ],
          },
        ],
      },
    ],
  });
});
