import { expect, test } from 'vitest';
import { archiveLineOf } from '../../../shared/domain/archive.ts';

test.each([
  { kind: 'archive', format: 1, budgets: {} },
  { kind: 'playbooks', sha256: 'x', playbooks: [] },
  { kind: 'safety', digest: 'x', safety: {} },
  { kind: 'case', alert: { rule: 'x', receivedAt: 'y' }, runs: [] },
])('a line of kind $kind is one, as it stands', (line) => {
  expect(archiveLineOf(JSON.stringify(line))).toEqual(line);
});

test.each([
  ['no JSON', '{'],
  ['nothing', 'null'],
  ['a number', '7'],
  ['a text', '"case"'],
  ['without a kind', '{"alert":{},"runs":[]}'],
  ['of another kind', '{"kind":"cases","alert":{},"runs":[]}'],
  ['a case without an alert', '{"kind":"case","runs":[]}'],
  ['a case without runs', '{"kind":"case","alert":{}}'],
  ['a case whose runs are no list', '{"kind":"case","alert":{},"runs":"all"}'],
  ['an archive of another format', '{"kind":"archive","format":2}'],
])('%s is no line', (_what, text) => {
  expect(archiveLineOf(text)).toBeNull();
});
