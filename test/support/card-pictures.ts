import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';

export type Theme = 'light' | 'dark';

const colours = (text: string, subtle: string, accent: string, good: string, warning: string, attention: string) => {
  const one = (colour: string) => ({ default: colour, subtle: colour });
  return {
    default: { default: text, subtle },
    dark: one(text),
    light: one(subtle),
    accent: one(accent),
    good: one(good),
    warning: one(warning),
    attention: one(attention),
  };
};
const light = colours('#242424', '#616161', '#5b5fc7', '#0e700e', '#8a3707', '#b10e1c');
const dark = colours('#ffffff', '#adadad', '#a6a7f7', '#54b054', '#faa06b', '#e37d80');

/** What Teams looks like, as far as a card shows it. */
const themes = {
  light: {
    page: '#f5f5f5',
    card: '#ffffff',
    text: light,
    good: '#e7f2da',
    warning: '#fbf1d3',
    attention: '#fbdddd',
    accent: '#e8ebfa',
    emphasis: '#f0f0f0',
    input: '#ffffff',
    border: '#d1d1d1',
  },
  dark: {
    page: '#1f1f1f',
    card: '#292929',
    text: dark,
    good: '#1c3a1c',
    warning: '#4a3a12',
    attention: '#4a1d20',
    accent: '#2b2b52',
    emphasis: '#383838',
    input: '#1f1f1f',
    border: '#525252',
  },
} as const;

function hostConfig(theme: Theme) {
  const { card, text, ...fill } = themes[theme];
  const style = (backgroundColor: string) => ({ backgroundColor, foregroundColors: text });
  return {
    fontFamily: "'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif",
    fontSizes: { small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 },
    spacing: { small: 6, default: 10, medium: 14, large: 20, extraLarge: 28, padding: 14 },
    separator: { lineThickness: 1, lineColor: fill.border },
    actions: {
      maxActions: 6,
      spacing: 'default',
      buttonSpacing: 8,
      actionsOrientation: 'horizontal',
      actionAlignment: 'left',
    },
    containerStyles: {
      default: style(card),
      emphasis: style(fill.emphasis),
      accent: style(fill.accent),
      good: style(fill.good),
      warning: style(fill.warning),
      attention: style(fill.attention),
    },
    inputs: { label: { inputSpacing: 'small', optionalInputs: { color: 'default', isSubtle: true, size: 'small' } } },
    supportsInteractivity: true,
  };
}

const css = ({ page, card, input, border, text }: (typeof themes)[Theme]) => `
  body { margin: 0; background: ${page}; padding: 16px; }
  #card { background: ${card}; border: 1px solid ${border}; border-radius: 6px; overflow: hidden; }
  .ac-input { background: ${input}; color: ${text.default.default}; border: 1px solid ${border}; border-radius: 4px; padding: 6px; font: inherit; }
  .ac-pushButton { font: 600 14px 'Segoe UI', 'DejaVu Sans', sans-serif; padding: 6px 12px; border-radius: 4px; border: 1px solid ${border}; background: ${card}; color: ${text.default.default}; }
  .ac-pushButton.style-positive { background: #5b5fc7; border-color: #5b5fc7; color: #fff; }
  .ac-pushButton.style-destructive { background: transparent; border-color: ${text.attention.default}; color: ${text.attention.default}; }`;

/** Draws a card with Microsoft's renderer in a browser, without a network. @returns its picture as PNG */
export async function pictureOf(browser: Browser, card: unknown, theme: Theme, width = 720): Promise<Buffer> {
  const page: Page = await browser.newPage({ viewport: { width, height: 600 }, colorScheme: theme });
  try {
    await page.setContent(`<style>${css(themes[theme])}</style><div id="card"></div>`);
    await page.addScriptTag({
      path: createRequire(import.meta.url).resolve('adaptivecards/dist/adaptivecards.min.js'),
    });
    await page.evaluate(
      `(() => {
        const card = new AdaptiveCards.AdaptiveCard();
        card.hostConfig = new AdaptiveCards.HostConfig(${JSON.stringify(hostConfig(theme))});
        card.parse(${JSON.stringify(card)}, new AdaptiveCards.SerializationContext(AdaptiveCards.Versions.v1_5));
        document.getElementById('card').appendChild(card.render());
      })()`,
    );
    return await page.screenshot({ fullPage: true });
  } finally {
    await page.close();
  }
}
