import type { Problem } from '../../shared/domain/playbook-file.ts';

/** A playbook as YAML; `steps` and `head` are lines put in as they are. */
export function playbookYaml({
  name = 'one',
  steps = ['action: disable-user'],
  head = [],
  rules = '[inactive-users]',
}: {
  name?: string;
  steps?: readonly string[];
  head?: readonly string[];
  rules?: string;
} = {}): string {
  return [
    `name: ${name}`,
    'version: 1',
    'description: for tests',
    `on: { rules: ${rules}, systems: [azure] }`,
    'proof: { claim: inactive }',
    ...head,
    'choices:',
    '  go:',
    '    label: Go',
    '    steps:',
    ...steps.map((step) => `      - ${step}`),
    'tests:',
    '  - name: answers',
    '    given: { rule: inactive-users }',
    '    expect: { answers: true }',
    '',
  ].join('\n');
}

/** A problem as an editor shows it: `file:line:column message`. */
export const inOneLine = ({ file, line, column, message }: Problem): string => `${file}:${line}:${column} ${message}`;
