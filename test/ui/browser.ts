import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Path of Chromium: UNMINGLE_CHROMIUM, or where Debian installs it. */
export const EXECUTABLE = process.env.UNMINGLE_CHROMIUM ?? '/usr/bin/chromium';
/** Tests that need a browser are skipped without one, so that `npm test` needs no system package. */
export const HAS_BROWSER = existsSync(EXECUTABLE);
export const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: EXECUTABLE, args: FLAGS });
}

export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: 'dark' | 'light';
}

/** Opens the panel and waits for its mixer. `faults` collects console errors (policy violations too) and uncaught exceptions. */
export async function openPage(
  browser: Browser,
  address: string,
  { width = 1440, height = 900, theme = 'dark' }: PageOptions = {},
): Promise<{ page: Page; faults: string[] }> {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, acceptDownloads: true });
  // The mixer, as a user finds it who has been here before.
  await context.addInitScript(() => {
    if (location.protocol === 'about:') return;
    localStorage.getItem('unmingle.page') ?? localStorage.setItem('unmingle.page', 'live');
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('pageerror', (error) => faults.push(error.message));
  await page.goto(address);
  const mixer = page.getByRole('region', { name: 'Mixer' });
  const start = page.getByRole('main', { name: 'Start' });
  await mixer.or(start).first().waitFor();
  // An empty session begins at the start page.
  if (await start.isVisible()) await page.getByRole('radio', { name: 'Live', exact: true }).click();
  await mixer.waitFor();
  return { page, faults };
}
