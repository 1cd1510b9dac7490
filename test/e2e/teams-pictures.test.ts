import { mkdir, writeFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCard } from '../../shared/channels/teams/card/card.ts';
import { digestCard } from '../../shared/channels/teams/card/digest.ts';
import { pictureOf } from '../support/card-pictures.ts';
import { hasChromium, startChromium } from '../support/chromium.ts';
import { another, runIn } from '../support/teams-runs.ts';

const page = (run: string) => `https://quell.example/approvals/${run}`;
const worker = (index: number) => another(index > 8 ? 'executed' : 'pending', `run-${index}`, `Worker ${index + 1}`);
const cards = {
  pending: runCard(runIn('pending'), page('run-1')),
  decided: runCard(runIn('decided'), page('run-1')),
  executed: runCard(runIn('executed'), page('run-1')),
  expired: runCard(runIn('expired'), page('run-1')),
  failed: runCard(runIn('failed'), page('run-1')),
  superseded: runCard(runIn('superseded'), page('run-1')),
  digest: digestCard(
    Array.from({ length: 12 }, (_, index) => worker(index)),
    page,
  ),
};

if (!hasChromium) console.warn('skipped: card pictures need Chromium at /usr/bin/chromium');

describe.runIf(hasChromium)('pictures of cards, in out/teams', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startChromium();
    await mkdir('out/teams', { recursive: true });
  });
  afterAll(() => browser?.close());

  test.each(Object.keys(cards) as (keyof typeof cards)[])('%s, light and dark', async (name) => {
    const pictures = await Promise.all(
      (['light', 'dark'] as const).map((theme) => pictureOf(browser, cards[name], theme)),
    );
    await Promise.all(
      pictures.map((png, index) => writeFile(`out/teams/${name}-${index === 0 ? 'light' : 'dark'}.png`, png)),
    );
    expect(pictures[0]?.equals(pictures[1] ?? Buffer.alloc(0))).toBe(false);
    // A card that did not render is an empty box: a few hundred bytes.
    for (const png of pictures) expect(png.length).toBeGreaterThan(10_000);
  });
});
