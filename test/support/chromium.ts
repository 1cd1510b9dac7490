import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const executablePath = '/usr/bin/chromium';

/** Is there a browser here? CI installs Debian's. */
export const hasChromium = existsSync(executablePath);

/** Debian's Chromium without a window. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
}
