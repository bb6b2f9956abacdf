import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Preset, parsePreset, serializePreset } from '../../engine/model/Preset.ts';
import { presetName } from '../../engine/model/PresetName.ts';
import { packageRoot } from '../../host/files/packageRoot.ts';
import { type Panel, startPanel } from '../../host/panel/PanelServer.ts';
import type { LiveSettings } from '../../host/protocol/LiveState.ts';
import { HAS_BROWSER, launchBrowser, openPage } from './browser.ts';
import { SimulatedSession, simulatedStatus } from './SimulatedSession.ts';

/** Every control of the page and its effect on the session. Effects on the sound: sound.test.ts. */
describe.skipIf(!HAS_BROWSER)('the controls', () => {
  let browser: Browser;
  let session: SimulatedSession;
  let panel: Panel;
  let page: Page;
  let faults: string[];

  /** The browser itself logs refused uploads and closed sockets as console errors. */
  const EXPECTED_FAULTS = /status of 4\d\d|ERR_CONNECTION|WebSocket connection/;

  beforeAll(async () => {
    browser = await launchBrowser();
  }, 60_000);
  afterAll(() => browser.close());
  beforeEach(async () => {
    session = await SimulatedSession.bundled(['synthetic-female', 'synthetic-male']);
    panel = await startPanel(session, { port: 0 });
    ({ page, faults } = await openPage(browser, panel.address));
  });
  afterEach(async () => {
    await page.context().close();
    await panel.close();
    expect(faults.filter((fault) => !EXPECTED_FAULTS.test(fault))).toEqual([]);
  });

  const settings = () => session.state.settings;
  const becomes = <T>(read: (settings: LiveSettings) => T, value: T) =>
    expect.poll(() => read(settings()), { timeout: 3000 }).toEqual(value);
  const slider = (name: string) => page.getByRole('slider', { name, exact: true });
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const tab = (name: string) => page.getByRole('tab', { name }).click();

  async function ownPreset(name: string): Promise<string> {
    const path = join(packageRoot(), 'presets', 'synthetic-male.unmingle.json');
    const preset: Preset = parsePreset(await readFile(path, 'utf8'));
    return serializePreset({ ...preset, name });
  }

  describe('the mixer', () => {
    it('faders move by arrow, page, home and end keys', async () => {
      const gain = ({ speakers }: LiveSettings) => speakers[0]!.gainDecibels;
      await slider('synthetic-female, level').focus();
      for (const [key, expected] of [
        ['ArrowDown', -0.5],
        ['ArrowUp', 0],
        ['Shift+ArrowUp', 0.05],
        ['Delete', 0],
        ['PageDown', -6],
        ['PageUp', 0],
        ['End', 12],
        ['Home', -60],
        ['Backspace', 0],
      ] as const) {
        await page.keyboard.press(key);
        await becomes(gain, expected);
      }
      await expect.poll(() => slider('synthetic-female, level').getAttribute('aria-valuetext')).toBe('0.0 dB');
    });

    it('faders follow the mouse, and a double-click resets them', async () => {
      const track = slider('synthetic-male, level');
      const box = (await track.boundingBox())!;
      await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.3);
      await page.mouse.down();
      for (let share = 0.3; share <= 0.8; share += 0.1)
        await page.mouse.move(box.x + box.width / 2, box.y + box.height * share);
      await page.mouse.up();
      await expect.poll(() => settings().speakers[1]!.gainDecibels).toBeLessThan(-20);
      await track.dblclick();
      await becomes(({ speakers }) => speakers[1]!.gainDecibels, 0);
      expect(settings().speakers[0]!.gainDecibels).toBe(0);
    });

    it('faders follow touch', async () => {
      const box = (await slider('synthetic-male, level').boundingBox())!;
      const devtools = await page.context().newCDPSession(page);
      const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', y: number) =>
        devtools.send('Input.dispatchTouchEvent', {
          type,
          touchPoints: type === 'touchEnd' ? [] : [{ x: box.x + box.width / 2, y: box.y + box.height * y }],
        });
      await touch('touchStart', 0.4);
      for (let y = 0.45; y < 0.9; y += 0.1) await touch('touchMove', y);
      await touch('touchEnd', 0);
      await expect.poll(() => settings().speakers[1]!.gainDecibels).toBeLessThan(-25);
    });

    it('a dragged fader stays within the rate limit of the host', async () => {
      const track = slider('Master, level');
      const box = (await track.boundingBox())!;
      await page.mouse.move(box.x + box.width / 2, box.y + 20);
      await page.mouse.down();
      for (let move = 0; move < 200; move++) await page.mouse.move(box.x + box.width / 2, box.y + 20 + (move % 60));
      await page.mouse.up();
      await expect
        .poll(() => slider('Master, level').getAttribute('aria-valuenow'))
        .toBe(String(settings().master.gainDecibels));
      expect(await page.locator('.notice').count()).toBe(0);
    });

    it('values can be typed', async () => {
      const field = page.getByRole('textbox', { name: 'Master, level, value' });
      await field.fill('-7.5');
      await field.press('Enter');
      await becomes(({ master }) => master.gainDecibels, -7.5);
      await field.fill('loud');
      await field.press('Enter');
      await expect.poll(() => field.inputValue()).toBe('−7.5 dB');
      await field.fill('99');
      await field.press('Enter');
      await becomes(({ master }) => master.gainDecibels, 12);
      const wet = page.getByRole('textbox', { name: 'Master, wet, value' });
      await wet.fill('40');
      await wet.press('Enter');
      await becomes(({ master }) => master.wet, 0.4);
    });

    it('mute, solo, bypass and wet change the settings', async () => {
      await button('synthetic-female, mute').click();
      await becomes(({ speakers }) => speakers.map(({ isMuted }) => isMuted), [true, false]);
      await button('synthetic-male, solo').press('Enter');
      await becomes(({ speakers }) => speakers.map(({ isSoloed }) => isSoloed), [false, true]);
      await button('Rest, mute').click();
      await button('Rest, solo').click();
      await becomes(({ rest }) => [rest.isMuted, rest.isSoloed], [true, true]);
      await slider('Rest, level').press('PageDown');
      await becomes(({ rest }) => rest.gainDecibels, -6);
      await slider('Master, wet').press('Home');
      await becomes(({ master }) => master.wet, 0);
      await button('Bypass').click();
      await becomes(({ master }) => master.isBypassed, true);
      await expect.poll(() => button('Bypass').getAttribute('aria-pressed')).toBe('true');
      await page.locator('body').press('b');
      await becomes(({ master }) => master.isBypassed, false);
      await expect.poll(() => button('Bypass').getAttribute('aria-pressed')).toBe('false');
    });

    it('speakers are added, replaced, coloured, sent and unloaded', async () => {
      await page.getByRole('combobox', { name: 'Add a speaker' }).selectOption('librispeech-367');
      await becomes(({ speakers }) => speakers.map(({ preset }) => String(preset))[2], 'librispeech-367');
      await page.getByRole('combobox', { name: 'Speaker 3' }).selectOption('librispeech-533');
      await becomes(({ speakers }) => String(speakers[2]!.preset), 'librispeech-533');
      await page.getByLabel('librispeech-533, colour').fill('#102030');
      await becomes(({ speakers }) => speakers[2]!.colour, '#102030');
      expect(await button('librispeech-533, send').count()).toBe(0);
      session.change({ sendName: 'Virtual microphone' });
      await button('librispeech-533, send').click();
      await becomes(({ speakers }) => speakers[2]!.isSent, true);
      await page.getByRole('group', { name: 'librispeech-533' }).getByTitle('Unload').focus();
      await page.keyboard.press('Enter');
      await becomes(({ speakers }) => speakers.length, 2);
    });
  });

  describe('sound', () => {
    beforeEach(() => tab('Sound'));

    it('chooses devices, channel and sample rate', async () => {
      const choose = (name: string, value: string) =>
        page.getByRole('combobox', { name, exact: true }).selectOption(value);
      const backends = page.getByRole('combobox', { name: 'Backend' }).locator('option');
      expect(await backends.allTextContents()).toEqual([
        'Automatic (PortAudio)',
        'PortAudio',
        'Web Audio, JACK, PipeWire',
        'File (looped)',
      ]);
      await choose('Backend', 'webaudio');
      await becomes(({ backend }) => backend, 'webaudio');
      await choose('Channel', '2');
      await becomes(({ inputChannel }) => inputChannel, 2);
      await choose('Input', 'headset');
      await becomes(({ input, inputChannel }) => [input, inputChannel], ['headset', null]);
      await choose('Output', 'none');
      await becomes(({ output }) => output, 'none');
      await choose('Output', '');
      await becomes(({ output }) => output, null);
      await choose('Send', 'headset');
      await becomes(({ send }) => send, 'headset');
      await choose('Sample rate', '48000');
      await becomes(({ sampleRateHertz }) => sampleRateHertz, 48_000);
    });

    it('refreshes the device list while it is visible', async () => {
      await expect.poll(() => session.messages.some(({ type }) => type === 'refreshDevices')).toBe(true);
      const input = page.getByRole('combobox', { name: 'Input', exact: true });
      await input.selectOption('headset');
      session.change({ devices: session.state.devices.filter(({ id }) => id !== 'headset') });
      await expect.poll(() => input.locator('option:checked').textContent()).toBe('headset (unavailable)');
      expect(await input.locator('option').allTextContents()).not.toContain('Jabra Evolve 65');
    });

    it('offers no choice of input while a file is played', async () => {
      session.change({ backend: 'file', inputName: 'demo mixture' });
      const input = page.getByRole('combobox', { name: 'Input', exact: true });
      await expect.poll(() => input.locator('option').allTextContents()).toEqual(['demo mixture']);
      expect(await input.isDisabled()).toBe(true);
    });

    it('sets latency, DFT size and parameters', async () => {
      await page.getByRole('radio', { name: 'Studio' }).click();
      await becomes(({ latency }) => latency, 'studio');
      await page.keyboard.press('ArrowLeft');
      await becomes(({ latency }) => latency, 'call');
      const field = page.getByRole('textbox', { name: 'Algorithmic latency, ms' });
      await field.fill('12');
      await field.press('Enter');
      await becomes(({ latency }) => latency, 0.012);
      await page.getByRole('combobox', { name: 'DFT size' }).selectOption('2048');
      await becomes(({ windowSeconds }) => windowSeconds, 0.128);
      const type = async (name: string, text: string) => {
        const value = page.getByRole('textbox', { name: `${name}, value` });
        await value.fill(text);
        await value.press('Enter');
      };
      await type('Iterations', '20');
      await type('Mask exponent', '4');
      await type('Mask floor', '10 %');
      await type('Rest', '50');
      await becomes(({ parameters }) => parameters, { iterations: 20, maskExponent: 4, maskFloor: 0.1, rest: 0.5 });
      await slider('Iterations').dblclick();
      await becomes(({ parameters }) => parameters.iterations, 8);
    });
  });

  describe('voices', () => {
    it('are searched, loaded and unloaded', async () => {
      await page.getByRole('searchbox', { name: 'Search voices' }).fill('2033');
      await expect.poll(() => page.locator('.preset').count()).toBe(1);
      await button('Load librispeech-2033').click();
      await becomes(({ speakers }) => speakers.length, 3);
      await button('Unload librispeech-2033').first().click();
      await becomes(({ speakers }) => speakers.length, 2);
    });

    it('are imported by drag and drop, renamed, exported, deleted and restored', async () => {
      const text = await ownPreset('ann');
      await drop(page, '.drop-zone', [{ name: 'ann.unmingle.json', text }]);
      await button('Rename ann').click();
      await page.getByRole('textbox', { name: 'New name for ann' }).fill('anna');
      await page.keyboard.press('Enter');
      await expect.poll(() => session.state.presets.map(({ name }) => name)).toContain('anna');
      await button('Delete anna').click();
      await expect.poll(() => session.state.deletedPresets).toEqual(['anna']);
      await button('Undo').click();
      await expect.poll(() => session.state.deletedPresets).toEqual([]);
      await button('Delete anna').click();
      await button('Restore').click();
      await expect.poll(() => session.state.presets.map(({ name }) => name)).toContain('anna');
      const [download] = await Promise.all([page.waitForEvent('download'), button('Export synthetic-male').click()]);
      expect(download.suggestedFilename()).toBe('synthetic-male.unmingle.json');
      expect(parsePreset(await readFile(await download.path(), 'utf8')).name).toBe('synthetic-male');
    });

    it('asks before replacing a voice of the same name', async () => {
      const text = await ownPreset('synthetic-male');
      await drop(page, '.drop-zone', [{ name: 'x.json', text }]);
      await button('Replace').click();
      await page.getByText('Imported synthetic-male').waitFor();
    });

    it('a file dropped outside a drop zone does not replace the page', async () => {
      await drop(page, '.mixer', [{ name: 'x.html', text: '<h1>gone</h1>' }]);
      const isPrevented = await page.evaluate(() => {
        const event = new DragEvent('drop', { bubbles: true, cancelable: true });
        document.querySelector('.mixer')!.dispatchEvent(event);
        return event.defaultPrevented;
      });
      expect(isPrevented).toBe(true);
      await button('synthetic-male, mute').click();
      await becomes(({ speakers }) => speakers[1]!.isMuted, true);
    });

    it('hostile files are refused with a message, and the panel keeps working', async () => {
      const text = await ownPreset('evil');
      await drop(page, '.drop-zone', [
        { name: '<img src=x onerror=alert(1)>.json', text: '{"format":"unmingle-preset","name":"<script>"}' },
        { name: 'big.json', text: 'x'.repeat(1_100_000) },
        { name: 'changed.json', text: text.replace('"evil"', '"../../evil"') },
        { name: 'deep.json', text: '['.repeat(100_000) },
      ]);
      await expect.poll(() => page.locator('.notice.problem').count(), { timeout: 5000 }).toBeGreaterThanOrEqual(3);
      expect(session.state.presets.every(({ isOwn }) => !isOwn)).toBe(true);
      expect(await page.locator('.notice img, .notice script').count()).toBe(0);
      await slider('Master, level').press('PageDown');
      await becomes(({ master }) => master.gainDecibels, -6);
    });
  });

  describe('enrolment', () => {
    beforeEach(() => tab('Enrol'));

    it('from files: collects recordings, trains, shows the separability', async () => {
      await page.getByRole('textbox', { name: 'Name' }).fill('Ann');
      await button('From files').click();
      await expect.poll(() => session.state.enrolment?.name).toBe('Ann');
      expect(await button('Train').isDisabled()).toBe(true);
      await drop(page, '.drop-zone', [{ name: 'ann.wav', text: 'R'.repeat(5000) }]);
      await expect.poll(() => session.files).toEqual([{ name: 'ann.wav', bytes: 5000 }]);
      await drop(page, '.drop-zone', [{ name: 'evil.exe', text: 'MZ' }]);
      await page.getByText('evil.exe: is not a supported audio file').waitFor();
      await button('Train').click();
      await expect.poll(() => session.state.enrolment?.phase).toBe('training');
      expect(await page.getByRole('progressbar', { name: 'Training' }).getAttribute('aria-valuenow')).toBe('35');
      await page.getByText('0.213').waitFor();
      const ann = { ...settings().speakers[0]!, preset: presetName('Ann') };
      session.change({
        settings: { ...settings(), speakers: [...settings().speakers, ann] },
        similarity: [1, 0.3, 0.4, 0.3, 1, 0.9, 0.4, 0.9, 1],
      });
      session.enrol({ phase: 'done', progress: 1 });
      await page.getByText('Separability').waitFor();
      expect(await page.locator('.done').textContent()).toContain('10 % from synthetic-male');
    });

    it('from the microphone: shows hints, can be retried and cancelled', async () => {
      await page.getByRole('textbox', { name: 'Name' }).fill('Bob');
      await button('Record voice').click();
      await expect.poll(() => session.state.enrolment?.phase).toBe('recording');
      session.enrol({ recordedSeconds: 8, speechSeconds: 5.2, hints: ['too quiet: come nearer', 'a second voice'] });
      await page.getByText('too quiet: come nearer').waitFor();
      expect(await button('Add files').count()).toBe(0);
      expect(await page.getByRole('progressbar', { name: 'Speech gathered' }).getAttribute('aria-valuenow')).toBe('5');
      await button('Stop and train').click();
      await expect.poll(() => session.state.enrolment?.phase).toBe('training');
      session.enrol({ phase: 'failed', message: 'the disk is full' });
      await page.getByText('the disk is full').waitFor();
      await button('Try again').click();
      await expect.poll(() => session.state.enrolment?.phase).toBe('training');
      await button('Cancel').click();
      await expect.poll(() => session.state.enrolment).toBeNull();
    });
  });

  it('snapshots are saved, recalled and deleted', async () => {
    await slider('Master, level').press('PageDown');
    await becomes(({ master }) => master.gainDecibels, -6);
    await tab('Snapshots');
    await page.getByRole('textbox', { name: 'Snapshot name' }).fill('Interview');
    await button('Save snapshot').click();
    await expect.poll(() => session.state.snapshots).toEqual(['Interview']);
    await slider('Master, level').dblclick();
    await becomes(({ master }) => master.gainDecibels, 0);
    await button('Interview').click();
    await becomes(({ master }) => master.gainDecibels, -6);
    await button('Delete snapshot Interview').click();
    await expect.poll(() => session.state.snapshots).toEqual([]);
  });

  it('the record button shows time and size', async () => {
    await button('Record').click();
    await expect.poll(() => session.state.recording).not.toBeNull();
    session.change({ recording: { ...session.state.recording!, seconds: 75, bytes: 14_400_000 } });
    await page.getByText('01:15 14.4 MB').waitFor();
    await button('Stop recording').click();
    await expect.poll(() => session.state.recording).toBeNull();
    await page.getByText('Recorded to').waitFor();
  });

  it('the health tab shows latency, load, causes and counters', async () => {
    await tab('Health');
    const status = simulatedStatus(60, 0.4);
    const counters = { ...status.counters, dryFallbacks: 37, dryFallbackSamples: 4321, engineRestarts: 5 };
    session.status$.next({ ...status, counters, relativeGap: 0.3, overload: 'fewer-iterations' });
    await page.getByText('The solver stops early').waitFor();
    await page.getByText('This computer is too slow').waitFor();
    const text = await page.getByRole('tabpanel').textContent();
    for (const part of ['16.0 ms', '5.3 ms', '10.7 ms', '40 %', '68 %', 'fewer iterations', '11.5 ppm', '131.0 MB'])
      expect(text).toContain(part);
    expect(text).toMatch(/Dry fallbacks\D*37/);
    expect(text).toMatch(/Engine restarts\D*5/);
  });

  it('the visualizer switches views and shows the values at the cursor, moved by pointer or arrow keys', async () => {
    const { demoTelemetry } = await import('./demoTelemetry.ts');
    for (const frame of await demoTelemetry(['synthetic-female', 'synthetic-male'], 3)) session.telemetry$.next(frame);
    const spectrogram = page.getByRole('application');
    const reading = page.locator('.reading');
    await spectrogram.hover({ position: { x: 1000, y: 60 } });
    await expect.poll(() => reading.textContent()).toMatch(/^−\d\.\d\d s {3}[\d.]+ k?Hz {3}−?[\d.]+ dB$/);
    const hertz = async () => (await reading.textContent())!.split('   ')[1];
    const log = await hertz();
    await page.getByRole('radio', { name: 'Linear' }).click();
    await spectrogram.hover({ position: { x: 1000, y: 60 } });
    await expect.poll(hertz).not.toBe(log);
    await page.mouse.move(5, 5);
    await spectrogram.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => reading.count()).toBe(1);
    const picture = () => page.locator('.lanes-picture canvas').screenshot();
    const plain = await picture();
    await button('Mask overlay').click();
    expect((await picture()).equals(plain)).toBe(false);
    await button('Mask overlay').click();
    const lanes = page.locator('.lane-name');
    expect(await lanes.allTextContents()).toEqual(['Mixture', 'synthetic-female', 'synthetic-male']);
    await button('Rest lane').click();
    await expect.poll(() => lanes.allTextContents()).toEqual(['Mixture', 'synthetic-female', 'synthetic-male', 'Rest']);
    const box = (await spectrogram.boundingBox())!;
    await spectrogram.hover({ position: { x: 1000, y: box.height * 0.85 } });
    await expect.poll(() => reading.textContent()).toMatch(/Hz {3}(−?[\d.]+ dB|silent)$/);
    await page.getByRole('radio', { name: 'Activations' }).click();
    await spectrogram.hover({ position: { x: 1000, y: 60 } });
    await expect.poll(() => reading.textContent()).toMatch(/template \d+ {3}\d\.\d{3}$/);
    await page.getByRole('radio', { name: '5 s', exact: true }).click();
    await page.getByRole('radio', { name: 'Templates' }).click();
    await page.getByText('sampled at 513 frequencies').waitFor();
    await slider('DFT size').press('Home');
    await page.getByText('sampled at 33 frequencies').waitFor();
    await slider('Template').press('ArrowRight');
    await expect.poll(() => page.getByRole('textbox', { name: 'Template, value' }).inputValue()).toBe('2');
  });

  describe('the connection', () => {
    it('reconnects after a restart of the host and shows its new state', async () => {
      const address = new URL(panel.address);
      const token = address.searchParams.get('token')!;
      await panel.close();
      await page.getByText('Connection lost').waitFor();
      session.change({ settings: { ...settings(), master: { gainDecibels: -9, isBypassed: true, wet: 0.3 } } });
      panel = await startPanel(session, { port: Number(address.port), token });
      await page.getByText('Connection lost').waitFor({ state: 'detached', timeout: 10_000 });
      await expect.poll(() => slider('Master, level').getAttribute('aria-valuenow')).toBe('-9');
      await button('Bypass').click();
      await becomes(({ master }) => master.isBypassed, false);
      faults.length = 0;
    });

    it('keeps two panels in sync', async () => {
      const other = await openPage(browser, panel.address, { width: 900, height: 600, theme: 'light' });
      await slider('synthetic-female, level').press('PageDown');
      const there = other.page.getByRole('slider', { name: 'synthetic-female, level', exact: true });
      await expect.poll(() => there.getAttribute('aria-valuenow')).toBe('-6');
      await other.page.getByRole('button', { name: 'Bypass', exact: true }).click();
      await expect.poll(() => button('Bypass').getAttribute('aria-pressed')).toBe('true');
      await other.page.context().close();
    });
  });

  it('in a small window the side panel overlays the visualizer, not the mixer', async () => {
    await page.setViewportSize({ width: 900, height: 600 });
    const side = page.getByRole('complementary', { name: 'Side panel' });
    const box = (await side.boundingBox())!;
    const mixer = (await page.getByRole('region', { name: 'Mixer' }).boundingBox())!;
    expect(box.y + box.height).toBeLessThanOrEqual(mixer.y + 1);
    await page.keyboard.press('Escape');
    await expect.poll(() => side.count()).toBe(0);
    await button('Side panel').click();
    await side.waitFor();
  });

  it('arrow, home and end keys move between tabs', async () => {
    const chosen = () => page.getByRole('tab', { selected: true }).textContent();
    await page.getByRole('tab', { name: 'Voices' }).focus();
    for (const [key, expected] of [
      ['ArrowLeft', 'MIDI'],
      ['ArrowRight', 'Voices'],
      ['ArrowRight', 'Enrol'],
      ['End', 'MIDI'],
      ['Home', 'Voices'],
    ] as const) {
      await page.keyboard.press(key);
      await expect.poll(chosen).toBe(expected);
    }
  });

  it('the theme follows the system until one is chosen, which is remembered', async () => {
    const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
    expect(await theme()).toBe('dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(theme).toBe('light');
    await button('Theme: system').click();
    await expect.poll(theme).toBe('dark');
    await page.reload();
    await expect.poll(theme).toBe('dark');
  });

  it('every control has an accessible name, and the tab key reaches it with a visible focus', async () => {
    session.change({ sendName: 'Virtual microphone', snapshots: ['Interview'] });
    await session.importPreset(await ownPreset('ann'), false);
    const reached = new Set<string>();
    for (const name of ['Voices', 'Enrol', 'Sound', 'Health', 'Snapshots']) {
      await tab(name);
      const unnamed = await page.evaluate(() =>
        [...document.querySelectorAll<HTMLElement>('button, input, select, [role=slider], [role=meter]')]
          .filter((each) => !each.hidden)
          .filter(
            (each) => !each.ariaLabel && !each.textContent?.trim() && (each as HTMLInputElement).labels?.length !== 1,
          )
          .map((each) => each.outerHTML.slice(0, 120)),
      );
      expect(unnamed).toEqual([]);
      const first = page.getByRole('radio', { name: 'Spectra' });
      await first.focus();
      for (let step = 0; step < 120; step++) {
        await page.keyboard.press('Tab');
        const { control, outline } = await page.evaluate(() => {
          const element = document.activeElement as HTMLElement;
          const shown = element.matches('.strip-name select, .add-speaker select') ? element.parentElement! : element;
          const label = element.ariaLabel ?? (element as HTMLInputElement).labels?.[0]?.textContent;
          return {
            control: element === document.body ? '' : (label ?? element.textContent ?? ''),
            outline: getComputedStyle(shown).outlineStyle,
          };
        });
        if (control === '' || (control === 'Spectra' && step > 0)) break;
        reached.add(control);
        expect(`${control}: ${outline}`).toBe(`${control}: solid`);
      }
    }
    for (const name of [
      'synthetic-female, level',
      'synthetic-male, mute',
      'synthetic-male, send',
      'Unload synthetic-male',
      'Speaker 1',
      'synthetic-female, colour',
      'Add a speaker',
      'Rest, solo',
      'Master, wet',
      'Master, wet, value',
      'Bypass',
      'Mask overlay',
      'Rest lane',
      'Search voices',
      'Rename ann',
      'Delete ann',
      'Export ann',
      'Name',
      'Backend',
      'Input',
      'Output',
      'Send',
      'Sample rate',
      'Monitor',
      'DFT size',
      'Iterations',
      'Snapshot name',
      'Interview',
      'Delete snapshot Interview',
    ])
      expect([...reached]).toContain(name);
  });

  /** Simulates a file manager dropping files onto an element. */
  async function drop(page: Page, selector: string, files: readonly { name: string; text: string }[]): Promise<void> {
    const data = await page.evaluateHandle((list) => {
      const transfer = new DataTransfer();
      for (const { name, text } of list) transfer.items.add(new File([text], name));
      return transfer;
    }, files);
    for (const event of ['dragenter', 'dragover', 'drop'])
      await page.dispatchEvent(selector, event, { dataTransfer: data });
  }
});
