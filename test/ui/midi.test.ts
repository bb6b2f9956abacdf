import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Panel, startPanel } from '../../host/panel/PanelServer.ts';
import { HAS_BROWSER, launchBrowser, openPage } from './browser.ts';
import { SimulatedSession } from './SimulatedSession.ts';

/** Replaces Web MIDI in the page by controllers that the test plugs in and moves. */
interface FakeMidi {
  plug(name: string): void;
  unplug(name: string): void;
  send(name: string, bytes: readonly number[]): void;
  /** Name of the DOMException that a request rejects with; 'never': it stays pending; null: it is granted. */
  refusal: string | null;
}
declare global {
  interface Window {
    midi: FakeMidi;
  }
}

function fakeMidi(): void {
  const inputs = new Map<string, { name: string; state: string; onmidimessage: ((event: object) => void) | null }>();
  const access = { inputs, onstatechange: null as (() => void) | null };
  window.midi = {
    refusal: null,
    plug(name) {
      inputs.set(name, { name, state: 'connected', onmidimessage: null });
      access.onstatechange?.();
    },
    unplug(name) {
      inputs.delete(name);
      access.onstatechange?.();
    },
    send: (name, bytes) => inputs.get(name)!.onmidimessage?.({ data: Uint8Array.from(bytes) }),
  };
  window.midi.plug('nanoKONTROL2');
  Object.defineProperty(navigator, 'requestMIDIAccess', {
    configurable: true,
    value: async () => {
      if (window.midi.refusal === 'never') await new Promise(() => {});
      if (window.midi.refusal !== null) throw new DOMException('no', window.midi.refusal);
      return access;
    },
  });
}

describe.skipIf(!HAS_BROWSER)('a MIDI controller', () => {
  let browser: Browser;
  let session: SimulatedSession;
  let panel: Panel;
  let page: Page;
  let faults: string[];

  beforeAll(async () => {
    browser = await launchBrowser();
  }, 60_000);
  afterAll(() => browser.close());
  beforeEach(async () => {
    session = await SimulatedSession.bundled(['synthetic-female', 'synthetic-male']);
    panel = await startPanel(session, { port: 0 });
    ({ page, faults } = await openPage(browser, panel.address));
    await page.addInitScript(fakeMidi);
    await page.reload();
    await page.getByRole('tab', { name: 'MIDI' }).click();
  });
  afterEach(async () => {
    await page.context().close();
    await panel.close();
    expect(faults).toEqual([]);
  });

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const slider = (name: string) => page.getByRole('slider', { name, exact: true });
  const prompt = () => page.locator('.learn-prompt');
  const mappings = () => page.getByRole('list', { name: 'Mappings' }).getByRole('listitem');
  const move = (...bytes: number[]) => page.evaluate((sent) => window.midi.send('nanoKONTROL2', sent), bytes);
  const level = (slot: number) => session.state.settings.speakers[slot]!.gainDecibels;
  /** Controller value of the fader's 0 dB, at 72 % of its travel. */
  const AT_0_DECIBELS = 92;

  async function learn(choose: () => Promise<void>, control: readonly (readonly number[])[]): Promise<void> {
    const before = await mappings().count();
    await choose();
    await expect.poll(() => prompt().textContent()).toMatch(/Move a knob or press a key/);
    for (const bytes of control) await move(...bytes);
    await expect.poll(() => mappings().count()).toBe(before + 1);
  }

  async function learnThree(): Promise<void> {
    await button('Connect').click();
    await button('Learn').click();
    await learn(
      () => slider('synthetic-female, level').click(),
      [
        [0xb0, 0, 10],
        [0xb0, 0, 30],
      ],
    );
    await learn(() => button('synthetic-male, mute').click(), [[0x90, 48, 127]]);
    await learn(async () => {
      await button('Bypass').focus();
      await page.keyboard.press('Enter');
    }, [[0xb0, 41, 127]]);
    await button('Learn').click();
    await move(0x80, 48, 0);
    await move(0xb0, 41, 0);
  }

  it('learns mappings of faders and buttons, applies, remembers and forgets them', async () => {
    await learnThree();
    // Choosing a target must not operate it.
    expect(session.messages.filter(({ type }) => type !== 'refreshDevices')).toEqual([]);
    expect(await mappings().allTextContents()).toEqual([
      'synthetic-female, levelnanoKONTROL2: controller 0, channel 1',
      'synthetic-male, mutenanoKONTROL2: note 48, channel 1',
      'BypassnanoKONTROL2: controller 41, channel 1',
    ]);
    await move(0x90, 48, 100);
    await expect.poll(() => session.state.settings.speakers[1]!.isMuted).toBe(true);
    await move(0x80, 48, 0);
    await move(0xb0, 41, 127);
    await expect.poll(() => session.state.settings.master.isBypassed).toBe(true);
    await page.reload();
    await expect.poll(() => page.locator('.midi [role=status]').textContent()).toBe('nanoKONTROL2');
    await move(0x90, 48, 1);
    await expect.poll(() => session.state.settings.speakers[1]!.isMuted).toBe(false);
    await button('Forget synthetic-male, mute').click();
    await expect.poll(() => mappings().count()).toBe(2);
    await button('Forget all').click();
    await page.reload();
    await expect.poll(() => mappings().count()).toBe(0);
    await move(0xb0, 41, 0);
    await move(0xb0, 41, 127);
    expect(session.state.settings.master.isBypassed).toBe(true);
  });

  it('a fader follows once its knob has reached it, and stops when the mouse moves it away', async () => {
    await learnThree();
    await move(0xb0, 0, 40);
    await expect.poll(() => page.locator('.mapping-control').first().textContent()).toMatch(/turn up/);
    expect(level(0)).toBe(0);
    await move(0xb0, 0, AT_0_DECIBELS);
    await move(0xb0, 0, 127);
    await expect.poll(() => level(0)).toBe(12);
    await move(0xb0, 0, 0);
    await expect.poll(() => level(0)).toBe(-60);
    await expect.poll(() => slider('synthetic-female, level').getAttribute('aria-valuenow')).toBe('-60');
    await slider('synthetic-female, level').press('Delete');
    await expect.poll(() => level(0)).toBe(0);
    await page.waitForTimeout(700);
    await move(0xb0, 0, 20);
    await expect.poll(() => page.locator('.mapping-control').first().textContent()).toMatch(/turn up/);
    expect(level(0)).toBe(0);
  });

  it('the status states whether controller, permission or browser support is missing', async () => {
    const statusText = () => page.locator('.midi [role=status]').first().textContent();
    await page.evaluate(() => window.midi.unplug('nanoKONTROL2'));
    await button('Connect').click();
    await expect.poll(statusText).toBe('No MIDI controller found. Plug one in.');
    await page.evaluate(() => window.midi.plug('Faderfox'));
    await expect.poll(statusText).toBe('Faderfox');
    await button('Disconnect').click();
    await page.evaluate(() => {
      window.midi.refusal = 'never';
    });
    await button('Connect').click();
    await expect.poll(statusText).toMatch(/^Allow MIDI in the browser’s prompt/);
    await button('Cancel').click();
    await expect.poll(statusText).toMatch(/^Move faders and buttons/);
    await page.evaluate(() => {
      window.midi.refusal = 'NotAllowedError';
    });
    await button('Connect').click();
    await expect.poll(statusText).toMatch(/^MIDI permission denied: allow it/);
    await page.evaluate(() => Object.defineProperty(navigator, 'requestMIDIAccess', { value: undefined }));
    await button('Connect').click();
    await expect.poll(statusText).toMatch(/^MIDI is not available here: /);
  });

  it('only one of two panels uses the controllers; the other takes over when it closes', async () => {
    await learnThree();
    const second = await page.context().newPage();
    await second.addInitScript(fakeMidi);
    await second.goto(panel.address);
    const statusText = () => second.locator('.midi [role=status]').first().textContent();
    await expect.poll(statusText).toMatch(/^Another panel/);
    const press = (on: Page) =>
      on.evaluate(() => {
        for (const value of [127, 0]) window.midi.send('nanoKONTROL2', [0xb0, 41, value]);
      });
    await press(second);
    await press(page);
    await expect.poll(() => session.state.settings.master.isBypassed).toBe(true);
    await page.goto('about:blank');
    await expect.poll(statusText).toBe('nanoKONTROL2');
    await press(second);
    await expect.poll(() => session.state.settings.master.isBypassed).toBe(false);
  });

  it('a flood of 1000 moves per second is limited, and the last one always reaches the host', async () => {
    await learnThree();
    await move(0xb0, 0, AT_0_DECIBELS);
    const before = session.messages.length;
    const seconds = await page.evaluate(async () => {
      const start = performance.now();
      let sent = 0;
      while (sent < 2000) {
        const due = performance.now() - start;
        for (; sent < due && sent < 2000; sent++) {
          window.midi.send('nanoKONTROL2', [0xb0, 0, sent % 128]);
          if (sent % 4 === 0) window.midi.send('nanoKONTROL2', [0x90, 48, (sent / 4) % 2 === 0 ? 127 : 0]);
          window.midi.send('nanoKONTROL2', [0xf8]);
        }
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      window.midi.send('nanoKONTROL2', [0xb0, 0, 127]);
      return (performance.now() - start) / 1000;
    });
    await expect.poll(() => level(0)).toBe(12);
    const received = session.messages.length - before;
    expect(received).toBeGreaterThan(20);
    expect(received).toBeLessThan(20 + 100 * (seconds + 1));
    expect(await page.locator('.notice').count()).toBe(0);
  });
});
