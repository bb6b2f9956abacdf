import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Panel, startPanel } from '../../host/panel/PanelServer.ts';
import { HAS_BROWSER, launchBrowser, openPage } from './browser.ts';
import { SimulatedSession } from './SimulatedSession.ts';

describe.skipIf(!HAS_BROWSER)('a page that is opened with a one-time code', () => {
  let browser: Browser;
  let panel: Panel;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    panel = await startPanel(await SimulatedSession.bundled(['synthetic-female', 'synthetic-male']), { port: 0 });
  });
  afterEach(() => panel.close());

  it('shows the mixer, has the token in its address afterwards, and can be reloaded', async () => {
    const login = panel.loginAddress();
    const { page, faults } = await openPage(browser, login);
    expect(page.url()).toBe(panel.address);
    await page.reload();
    await page.getByRole('region', { name: 'Mixer' }).waitFor();
    expect(faults).toEqual([]);
    await page.goto(login);
    await page.getByText('its code has been used').waitFor();
    await page.close();
  });
});
