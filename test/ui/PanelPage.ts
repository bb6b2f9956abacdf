import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { parsePreset, serializePreset } from '../../engine/model/Preset.ts';
import { packageRoot } from '../../host/files/packageRoot.ts';
import { type Panel, startPanel } from '../../host/panel/PanelServer.ts';
import type { LiveSettings } from '../../host/protocol/LiveState.ts';
import { launchBrowser, openPage } from './browser.ts';
import { SimulatedSession } from './SimulatedSession.ts';

/** The browser itself logs refused uploads and closed sockets as console errors. */
const EXPECTED_FAULTS = /status of 4\d\d|ERR_CONNECTION|WebSocket connection/;

interface Opened {
  readonly session: SimulatedSession;
  panel: Panel;
  readonly page: Page;
  readonly faults: string[];
}

/** The panel on a simulated session with two speakers, open in a browser: a new session and page for each test. */
export class PanelPage {
  private runningBrowser: Browser | null = null;
  private opened: Opened | null = null;

  /** Registers the hooks that open and close it; to be called inside `describe`. */
  static use(): PanelPage {
    const ui = new PanelPage();
    beforeAll(async () => {
      ui.runningBrowser = await launchBrowser();
    }, 60_000);
    afterAll(() => ui.runningBrowser?.close());
    beforeEach(() => ui.open());
    afterEach(() => ui.close());
    return ui;
  }

  get browser(): Browser {
    return required(this.runningBrowser);
  }

  get session(): SimulatedSession {
    return required(this.opened).session;
  }

  get panel(): Panel {
    return required(this.opened).panel;
  }

  get page(): Page {
    return required(this.opened).page;
  }

  get settings(): LiveSettings {
    return this.session.state.settings;
  }

  /** Waits until a part of the settings has this value. */
  becomes<T>(read: (settings: LiveSettings) => T, value: T): Promise<void> {
    return expect.poll(() => read(this.settings), { timeout: 3000 }).toEqual(value);
  }

  slider(name: string) {
    return this.page.getByRole('slider', { name, exact: true });
  }

  button(name: string) {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** Opens a tab of the side panel. */
  tab(name: string): Promise<void> {
    return this.page.getByRole('tab', { name }).click();
  }

  /** Simulates a file manager dropping files onto an element. */
  async drop(selector: string, files: readonly { name: string; text: string }[]): Promise<void> {
    const data = await this.page.evaluateHandle((list) => {
      const transfer = new DataTransfer();
      for (const { name, text } of list) transfer.items.add(new File([text], name));
      return transfer;
    }, files);
    for (const event of ['dragenter', 'dragover', 'drop'])
      await this.page.dispatchEvent(selector, event, { dataTransfer: data });
  }

  /** Ends the host and, after `whileAway`, starts it again at the same address. */
  async restartHost(whileAway: () => Promise<void>): Promise<void> {
    const opened = required(this.opened);
    const address = new URL(opened.panel.address);
    const token = address.searchParams.get('token') ?? '';
    await opened.panel.close();
    await whileAway();
    opened.panel = await startPanel(opened.session, { port: Number(address.port), token });
  }

  private async open(): Promise<void> {
    const session = await SimulatedSession.bundled(['synthetic-female', 'synthetic-male']);
    const panel = await startPanel(session, { port: 0 });
    this.opened = { session, panel, ...(await openPage(this.browser, panel.address)) };
  }

  private async close(): Promise<void> {
    const { page, panel, faults } = required(this.opened);
    this.opened = null;
    await page.context().close();
    await panel.close();
    expect(faults.filter((fault) => !EXPECTED_FAULTS.test(fault))).toEqual([]);
  }
}

/** @returns the text of a valid preset file of this name */
export async function presetText(name: string): Promise<string> {
  const path = join(packageRoot(), 'presets', 'synthetic-male.unmingle.json');
  return serializePreset({ ...parsePreset(await readFile(path, 'utf8')), name });
}

function required<T>(value: T | null): T {
  if (value === null) throw new Error('the page is open during tests only');
  return value;
}
