import { expect } from 'vitest';
import { firstBreak } from '../../shared/domain/ledger.ts';
import type { Happening, Stack } from './engine.ts';
import type { Sent } from './world.ts';

/** What must hold of every journal and every effect, whatever happened on the way. */
export async function expectWhole(stack: Stack): Promise<void> {
  for (const journal of stack.journals) expect(firstBreak(await stack.engine.ledger.read(journal))).toBeNull();
  expectIntents(stack.trace);
  expectOnce(stack.far.sent);
}

/** Before anything of a step is sent, its intent is written down. */
function expectIntents(trace: readonly Happening[]): void {
  const intended = new Set<string>();
  for (const one of trace) {
    if ('entry' in one && one.entry.type === 'step-intended')
      intended.add(`${one.entry.journal}:${one.entry.data.step}`);
    if ('sent' in one) expect(intended).toContain(one.sent.key.slice(0, one.sent.key.lastIndexOf(':')));
  }
}

/** Every call changes something once; sent again, it changes nothing. Sessions are ended once per step. */
export function expectOnce(sent: readonly Sent[]): void {
  const changed = sent.filter((one) => one.changed).map((one) => one.key);
  expect(changed).toEqual([...new Set(changed)]);
  const deleted = sent.filter((one) => one.changed && one.call.to === 'graph' && one.call.method === 'DELETE');
  const paths = deleted.map(({ call }) => call.path);
  expect(paths).toEqual([...new Set(paths)]);
}
