import type { AuthorizationSystem } from './access.ts';
import type { Alert } from './alert.ts';
import { later } from './duration.ts';
import { match, reasonsAgainst } from './match.ts';
import { nameOfStep, type Playbook, type PlaybookTest, type WrittenPlaybook } from './playbook.ts';
import { proveInactive } from './proof.ts';

/** How one of a playbook's own tests went; `failures` is empty where it passed. */
export interface TestResult {
  readonly playbook: string;
  readonly test: string;
  readonly failures: readonly string[];
}

/** Any fixed time: the tests speak of days ago. */
const now = '2026-01-01T00:00:00.000Z';

/** Runs the tests that playbooks carry, against all playbooks together: whether one answers depends on the others. */
export function testPlaybooks(
  written: readonly WrittenPlaybook[],
  playbooks: readonly Playbook[],
): readonly TestResult[] {
  return written.flatMap(({ name, tests }) =>
    tests.map((test) => ({ playbook: name, test: test.name, failures: failuresOf(test, name, playbooks) })),
  );
}

function failuresOf(test: PlaybookTest, name: string, playbooks: readonly Playbook[]): readonly string[] {
  const system: AuthorizationSystem = { id: 'example', ...test.given.system };
  const matched = match(alertOf(test, system), system, playbooks);
  const playbook = playbooks.find((one) => one.name === name);
  if (!playbook) return [`there is no playbook ${name}`];
  const own = matched.considered.find((one) => one.playbook === name) ?? {
    answers: false,
    against: reasonsAgainst(alertOf(test, system), system, playbook),
  };
  const failures: string[] = [];
  if (own.answers !== test.expect.answers)
    failures.push(own.answers ? 'answers, and should not' : `does not answer: ${own.against.join('; ')}`);
  const { because, proof, steps } = test.expect;
  if (because !== undefined && !own.against.some((reason) => reason.includes(because)))
    failures.push(`does not say "${because}" but "${own.against.join('; ')}"`);
  if (proof !== undefined) failures.push(...proofFailures(proof, test, playbook));
  return [
    ...failures,
    ...Object.entries(steps ?? {}).flatMap(([choice, wanted]) => stepFailures(playbook, choice, wanted)),
  ];
}

function proofFailures(wanted: string, { given }: PlaybookTest, { proof }: Playbook): readonly string[] {
  if (proof.claim !== 'inactive') return [`expects a proof, but ${proof.claim} is not proved by sign-ins`];
  const time = given.lastSignInDaysAgo === null ? null : later(now, -given.lastSignInDaysAgo * 86_400_000);
  const signIns = time === null ? null : { successful: time, interactive: time, nonInteractive: time };
  const user = {
    id: 'example',
    displayName: 'Example',
    userPrincipalName: 'example@example.com',
    enabled: true,
    guest: false,
    synced: false,
    createdAt: null,
    sessionsValidFrom: null,
    excludeMark: null,
    licences: 0,
    signIns,
  };
  const { verdict, reason } = proveInactive({ state: 'live', user }, proof, now);
  return verdict === wanted ? [] : [`proof is ${verdict} (${reason}), and should be ${wanted}`];
}

function stepFailures(playbook: Playbook, choice: string, wanted: readonly string[]): readonly string[] {
  const found = new Map(Object.entries(playbook.choices)).get(choice)?.steps.map(nameOfStep);
  if (!found) return [`has no choice ${choice}`];
  const same = found.length === wanted.length && found.every((step, index) => step === wanted[index]);
  return same ? [] : [`${choice} takes ${found.join(', ')}, and should take ${wanted.join(', ')}`];
}

function alertOf({ given }: PlaybookTest, { type, id }: AuthorizationSystem): Alert {
  return {
    id: 'alert-example',
    source: 'example',
    sender: 'example',
    receivedAt: now,
    raw: { sha256: '0'.repeat(64), contentType: 'application/json', bytes: 0 },
    rule: given.rule,
    ruleName: given.rule,
    title: given.rule,
    system: { type, id },
    nominations: [],
    identityCount: given.identityCount,
    occurredAt: now,
    dedupeKey: null,
  };
}
