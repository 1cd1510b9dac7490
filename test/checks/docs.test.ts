import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { actions } from '../../shared/actions/catalog.ts';
import { loadPlaybooks } from '../../shared/domain/playbook-file.ts';
import { testPlaybooks } from '../../shared/domain/playbook-test.ts';
import { loadReports } from '../../shared/domain/report-file.ts';
import { roles } from '../../shared/domain/right.ts';
import { genericFromQueue } from '../../shared/sources/generic.ts';

const pages = [
  'README.md',
  'DECISIONS.md',
  'docs/access.md',
  'docs/alerts.md',
  'docs/proof.md',
  'docs/audit.md',
  'docs/deploy.md',
  'docs/guardrails.md',
  'docs/mutation.md',
  'docs/teams.md',
  'docs/playbooks.md',
  'docs/reports.md',
];

function block(page: string, language: string): string {
  return new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(readFileSync(page, 'utf8'))?.[1] ?? '';
}

describe('what the pages say', () => {
  test.each(pages)('%s links to what is there', (page) => {
    const links = [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, link]) => link ?? '');
    expect(links.filter((link) => !existsSync(join(dirname(page), link)))).toEqual([]);
  });

  test('the playbook of docs/playbooks.md is valid, and its test passes', () => {
    const { problems, written, playbooks } = loadPlaybooks(
      [{ name: 'docs', text: block('docs/playbooks.md', 'yaml') }],
      actions,
    );
    expect(problems).toEqual([]);
    expect(testPlaybooks(written, playbooks).flatMap(({ failures }) => failures)).toEqual([]);
  });

  test('the report of docs/reports.md is valid', () => {
    expect(loadReports([{ name: 'docs', text: block('docs/reports.md', 'yaml') }]).problems).toEqual([]);
  });

  test('docs/playbooks.md names every action', () => {
    const page = readFileSync('docs/playbooks.md', 'utf8');
    for (const name of actions.keys()) expect(page).toMatch(new RegExp(`^\\| \`${name}\` +\\|`, 'm'));
  });

  test('the event of docs/alerts.md is one the generic source takes', async () => {
    const bytes = new TextEncoder().encode(JSON.stringify(parse(block('docs/alerts.md', 'json'))));
    const received = {
      bytes,
      contentType: 'application/cloudevents+json',
      authorization: null,
      receivedAt: '2026-11-27T08:00:01Z',
    };
    expect(await genericFromQueue().read(received)).toMatchObject({ rule: 'inactive-users', identityCount: 1 });
  });

  test('the table of docs/access.md is the table of the code', () => {
    const rows = Object.entries(roles).map(([role, { members, rights }]) => {
      const given = members.length === 1 ? 'people' : 'people, programs';
      return `\`${role}\` ${rights.join(', ')} ${given}`;
    });
    const page = readFileSync('docs/access.md', 'utf8').matchAll(/^\| (`[\w.]+`) +\| ([^|]+?) +\| ([^|]+?) +\|$/gm);
    expect([...page].map(([, ...cells]) => cells.join(' '))).toEqual(rows);
  });

  test('README is under two screens of 60 lines', () => {
    expect(readFileSync('README.md', 'utf8').split('\n').length).toBeLessThan(120);
  });
});
