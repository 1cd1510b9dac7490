import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runCard } from '../../../shared/channels/teams/card/card.ts';
import { digestCard } from '../../../shared/channels/teams/card/digest.ts';
import { longestCard } from '../../../shared/channels/teams/card/fit.ts';
import { plain } from '../../../shared/channels/teams/card/text.ts';
import { picksOf } from '../../../shared/domain/choice-id.ts';
import type { Run } from '../../../shared/domain/run.ts';
import { elementsOf, problemsOf } from '../../support/adaptive-cards.ts';
import { another, readOnly, runIn, type Story, stories } from '../../support/teams-runs.ts';

const page = 'https://quell.example/approvals/run-1';
const evil = '[x](https://evil.example) **BOLD** <at>Everyone</at> <b>html</b> \u202Egnp.exe';

const all = Object.keys(stories) as Story[];

/** The run with this text wherever others' text can be. */
function saying(run: Run, text: string): Run {
  const step = { summary: text, undoNote: text, before: { now: text }, after: { later: text, and: [text, text] } };
  const plans = (run.plans ?? []).map((plan) => ({
    ...plan,
    label: text,
    steps: plan.steps.map((one) =>
      'action' in one ? { ...one, ...step, residual: Array(40).fill({ what: text, why: text }) } : one,
    ),
  }));
  const { identity, system, playbook } = run.opened;
  return {
    ...run,
    opened: {
      ...run.opened,
      rule: text,
      source: text,
      title: text,
      identity: { ...identity, displayName: text, userPrincipalName: text },
      system: { ...system, name: text },
      playbook: { ...playbook, name: text },
    },
    proof: run.proof && {
      ...run.proof,
      reason: text,
      evidence: [...run.proof.evidence, ...Array(60).fill({ fact: text, value: text, source: text })],
    },
    plans: run.plans && plans,
    voided: [text],
    asked: run.asked && { ...run.asked, facts: (run.asked.facts ?? []).map((one) => ({ ...one, value: text })) },
    decision: run.decision && { ...run.decision, byName: text, reason: text },
    ended: run.ended && { ...run.ended, reason: text },
  };
}

describe('cards', () => {
  test.each(all)('%s is a valid card of version 1.5, short enough', (story) => {
    const card = runCard(runIn(story), page);
    expect(problemsOf(card)).toEqual([]);
    expect(JSON.stringify(card).length).toBeLessThanOrEqual(longestCard);
    expect(card.version).toBe('1.5');
  });

  test('the validator bites', () => {
    expect(problemsOf({ type: 'AdaptiveCard', version: '1.5', body: [{ type: 'TextBlok', text: 'x' }] })).not.toEqual(
      [],
    );
  });

  test.each(all)('%s shows text of others as text and nothing else', (story) => {
    const elements = [...elementsOf(runCard(saying(runIn(story), evil), page))];
    const markdown = elements.filter(({ type }) => type === 'TextBlock' || type === 'FactSet');
    expect(markdown.length).toBeGreaterThan(2);
    expect(JSON.stringify(markdown)).not.toContain('evil.example');
    const bare = elements
      .flatMap(({ inlines }) => (Array.isArray(inlines) ? inlines : []))
      .filter((one) => typeof one === 'string');
    expect(bare.join()).not.toContain('evil.example');
    const runs = elements.filter(({ type, text }) => type === 'TextRun' && String(text).includes('evil.example'));
    expect(runs.length).toBeGreaterThan(0);
    expect(JSON.stringify(runs)).not.toContain('\u202E');
    const links = elements.filter(({ type }) => type === 'Action.OpenUrl').map(({ url }) => url);
    expect(links).toEqual([page]);
  });

  test('a pending card has a button for every choice, one to reject with a field for the reason, and the page', () => {
    const run = runIn('pending');
    const elements = [...elementsOf(runCard(run, page))];
    const execute = elements.filter(({ type }) => type === 'Action.Execute');
    expect(execute.map(({ title }) => title)).toEqual(['Not needed, make read-only', 'Remove in stages', 'Reject']);
    expect(execute.map(({ data }) => data)).toEqual(picksOf(run).map(({ id }) => ({ run: run.id, pick: id })));
    expect(elements.filter(({ type }) => type === 'Input.Text')).toHaveLength(1);
  });

  test('a card without a question has nothing to press but the page', () => {
    for (const story of all.filter((one) => one !== 'pending')) {
      const types = [...elementsOf(runCard(runIn(story), page))].map(({ type }) => String(type));
      expect(
        types.filter((type) => type.startsWith('Action.')),
        story,
      ).toEqual(['Action.OpenUrl']);
      expect(types).not.toContain('Input.Text');
    }
  });

  test('the same entries make the same card; another plan makes other buttons', () => {
    expect(runCard(runIn('pending'), page)).toEqual(runCard(runIn('pending'), page));
    const run = runIn('pending');
    const drifted = { ...run, plans: [{ ...readOnly, digest: 'f'.repeat(64) }, ...(run.plans ?? []).slice(1)] };
    const ids = picksOf(run).map(({ id }) => id);
    expect(picksOf(drifted).filter(({ id }) => ids.includes(id))).toEqual([]);
  });

  test('no text makes a card longer than Teams takes, nor one that is not valid', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 4000 }),
      fc.string({ unit: 'grapheme', maxLength: 2000 }),
      fc.constantFrom(
        '"'.repeat(5000),
        '\\'.repeat(5000),
        '\u0000'.repeat(5000),
        '\ud800'.repeat(3000),
        '🌿'.repeat(3000),
        evil.repeat(50),
      ),
    );
    fc.assert(
      fc.property(fc.constantFrom(...all), text, (story, said) => {
        const card = runCard(saying(runIn(story), said), page);
        expect(JSON.stringify(card).length).toBeLessThanOrEqual(longestCard);
        expect(problemsOf(card)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('a digest of any number of runs is one card with a way to each', () => {
    const runs = (count: number) =>
      Array.from({ length: count }, (_, index) =>
        another(index % 3 === 0 ? 'executed' : 'pending', `run-${index}`, `Worker ${index}`),
      );
    for (const count of [1, 12, 25, 400]) {
      const card = digestCard(runs(count), (run) => `https://quell.example/approvals/${run}`);
      expect(problemsOf(card)).toEqual([]);
      expect(JSON.stringify(card).length).toBeLessThanOrEqual(longestCard);
    }
    const links = [...elementsOf(digestCard(runs(12), (run) => `https://quell.example/${run}`))].flatMap(
      ({ url }) => url ?? [],
    );
    expect(links).toHaveLength(12);
    const hostile = runs(400).map((run) => saying(run, evil.repeat(20)));
    expect(JSON.stringify(digestCard(hostile, () => page)).length).toBeLessThanOrEqual(longestCard);
  });

  test.each([
    ['a\u0000b\u202Ec\u200Bd', 40, 'a b c d'],
    ['  many \n lines ', 40, 'many lines'],
    ['\u0007', 40, '–'],
    ['abcdef', 4, 'abc…'],
    ['a🌿b', 3, 'a�…'],
  ])('%j in %i characters is %j', (text, max, shown) => {
    expect(plain(text, max)).toBe(shown);
  });
});
