import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Panel, startPanel } from '../../host/panel/PanelServer.ts';
import { launchBrowser, openPage } from './browser.ts';
import { demoTelemetry } from './demoTelemetry.ts';
import { SimulatedSession, simulatedStatus } from './SimulatedSession.ts';

/** UNMINGLE_SCREENSHOTS=ui/screenshots makes those of the README. */
const folder = process.env.UNMINGLE_SCREENSHOTS ?? join(tmpdir(), 'unmingle-screenshots');
const TWO = ['synthetic-female', 'synthetic-male'];
const EIGHT = [...TWO, ...['367', '533', '1688', '1998', '2033', '2414'].map((number) => `librispeech-${number}`)];
const SECONDS = 12;

let browser: Browser;
let frames: Uint8Array[];
let frames8: Uint8Array[];
beforeAll(async () => {
  browser = await launchBrowser();
  frames = await demoTelemetry(TWO, SECONDS);
  frames8 = await demoTelemetry(EIGHT, SECONDS);
  await mkdir(folder, { recursive: true });
}, 120_000);
afterAll(() => browser.close());

async function withPanel(
  speakers: readonly string[],
  work: (session: SimulatedSession, panel: Panel) => Promise<void>,
) {
  const session = await SimulatedSession.bundled(speakers);
  const panel = await startPanel(session, { port: 0 });
  try {
    await work(session, panel);
  } finally {
    await panel.close();
  }
}

const sizes = [
  { width: 1440, height: 900 },
  { width: 900, height: 600 },
];

describe.each(sizes)('at $width x $height', ({ width, height }) => {
  it.each(['dark', 'light'] as const)('%s: nothing scrolls, the mixer is in sight', async (theme) => {
    await withPanel(TWO, async (session, panel) => {
      const { page, faults } = await openPage(browser, panel.address, { width, height, theme });
      for (let second = 0; second < 400; second++) {
        const load = 0.11 + 0.03 * Math.sin(second / 9) + (second % 97 === 0 ? 0.2 : 0);
        session.status$.next(simulatedStatus(second / 2, load));
      }
      for (const frame of frames) session.telemetry$.next(frame);
      await page.waitForTimeout(600);
      const overflow = await page.evaluate(() => {
        const { scrollWidth, scrollHeight } = document.documentElement;
        return [scrollWidth - innerWidth, scrollHeight - innerHeight];
      });
      expect(overflow).toEqual([0, 0]);
      const mixer = (await page.getByRole('region', { name: 'Mixer' }).boundingBox())!;
      expect(mixer.y + mixer.height).toBeLessThanOrEqual(height);
      await page.screenshot({ path: join(folder, `${width}-${theme}.png`) });
      expect(faults).toEqual([]);
      await page.context().close();
    });
  });
});
