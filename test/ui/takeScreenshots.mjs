// Takes the README's screenshots of the panel, with `unmingle live` on the bundled mixture.
// Usage, after npm run build: node test/ui/takeScreenshots.mjs
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { startDemoHost } from './demoHost.mjs';
import { palettePng } from './palettePng.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, 'ui', 'screenshots');
/** Time for the spectrogram to fill the 10 s shown. */
const PICTURE_SECONDS = 11;
/** Time for the page to be compiled and the playout buffers to settle. */
const SETTLING_SECONDS = 25;

const SHOTS = [
  { name: '1440-dark', width: 1440, height: 900, theme: 'dark', view: 'Spectra', tab: 'Health' },
  { name: '1440-light', width: 1440, height: 900, theme: 'light', view: 'Spectra', isMask: true, tab: 'Sound' },
  { name: '900-dark', width: 900, height: 600, theme: 'dark', view: 'Spectra' },
  { name: '900-light', width: 900, height: 600, theme: 'light', view: 'Templates' },
];

/** Launched before the host: a starting browser loads the processor for a second. */
const browser = await chromium.launch({
  executablePath: process.env.UNMINGLE_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
});
await (await browser.newPage()).goto('about:blank');
const host = await startDemoHost();
const first = await browser.newPage();
await first.goto(host.address);
await first.waitForTimeout(SETTLING_SECONDS * 1000);
await first.close();
/** The live view, as a user finds it who has been here before. */
const showMixer = (page) => page.addInitScript(() => localStorage.setItem('unmingle.page', 'live'));
for (const { name, width, height, theme, view, isMask = false, tab } of SHOTS) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: theme });
  await showMixer(page);
  await page.goto(host.address);
  await page.getByRole('radio', { name: view }).click();
  if (isMask) await page.getByRole('button', { name: 'Mask overlay' }).click();
  if (tab !== undefined) await page.getByRole('tab', { name: tab }).click();
  await page.waitForTimeout(PICTURE_SECONDS * 1000);
  await writeFile(join(folder, `${name}.png`), palettePng(await page.screenshot()));
  await page.close();
}
await takeRecording();
await browser.close();
host.stop();

/** The recording view, with the bundled mixture separated. */
async function takeRecording() {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'dark' });
  await showMixer(page);
  await page.goto(host.address);
  await page.getByRole('radio', { name: 'Recording' }).click();
  await page.locator('input[type=file]').setInputFiles(join(root, 'presets', 'demo', 'mixture.flac'));
  await page.getByRole('button', { name: 'Find voices' }).click();
  await page.locator('.segment').first().waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Separate' }).click();
  await page.getByRole('radio', { name: 'Tracks' }).waitFor({ timeout: 600_000 });
  await page.locator('.timeline').click({ position: { x: 420, y: 60 } });
  await page.waitForTimeout(1000);
  await writeFile(join(folder, 'recording-dark.png'), palettePng(await page.screenshot()));
  await page.close();
}
