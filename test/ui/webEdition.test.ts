import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import axe from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRecording } from '../../host/audio/readRecording.ts';
import { demoMixturePath } from '../../host/files/demoFiles.ts';
import { packageRoot } from '../../host/files/packageRoot.ts';
import { writeWav } from '../host/lab/evaluation/voiceFolders.ts';
import { temporaryFolder } from '../host/temporaryFolder.ts';
import { EXECUTABLE, FLAGS, HAS_BROWSER } from './browser.ts';
import { LAYOUT_HOSTS, layoutFindings } from './layoutFindings.ts';
import { type StaticServer, serveFolder } from './staticServer.ts';

/** The web edition in Chromium, served as static files without isolation headers; the fake microphone plays the demo. */
describe.skipIf(!HAS_BROWSER)('the web edition', { timeout: 120_000 }, () => {
  const folder = temporaryFolder();
  let browser: Browser;
  let server: StaticServer;
  let context: BrowserContext;
  let page: Page;
  const faults: string[] = [];
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const view = (name: string) => page.getByRole('radio', { name, exact: true });

  beforeAll(async () => {
    await promisify(execFile)(process.execPath, [join(packageRoot(), 'ui', 'web', 'build.mjs')]);
    const { samples, sampleRateHertz } = await readRecording(demoMixturePath(), 60);
    const microphone = join(folder, 'microphone.wav');
    writeWav(microphone, [...samples], { sampleRateHertz });
    server = await serveFolder(join(packageRoot(), 'dist', 'web'));
    browser = await chromium.launch({
      executablePath: EXECUTABLE,
      args: [
        ...FLAGS,
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
        `--use-file-for-fake-audio-capture=${microphone}`,
        '--autoplay-policy=no-user-gesture-required',
      ],
    });
    context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: 'dark' });
    page = await context.newPage();
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(`${server.address}/index.html`);
    await button('Open the demo').waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  /** Lets the page save into a folder of its own instead of one that a user chooses. @returns a function that lists it */
  const savedFiles = async (press: string) => {
    await page.evaluate(() => {
      const pick = async () => (await navigator.storage.getDirectory()).getDirectoryHandle('saved', { create: true });
      Object.assign(globalThis, { showDirectoryPicker: pick });
    });
    await button(press).click();
    const names = () =>
      page.evaluate(async () => {
        const saved = await (await navigator.storage.getDirectory()).getDirectoryHandle('saved', { create: true });
        const found: string[] = [];
        for await (const name of (saved as unknown as { keys(): AsyncIterable<string> }).keys()) found.push(name);
        return found.sort();
      });
    return names;
  };

  it('finds the voices of a recording, learns and separates them, and the tracks sum to it', async () => {
    await page.locator('input[type=file]').setInputFiles(demoMixturePath());
    await page.getByLabel('Number of voices').selectOption('2');
    await button('Find voices').click();
    await page.locator('.segment').first().waitFor();
    await page.getByLabel('Name of voice-1').fill('Ann');
    await page.getByLabel('Name of voice-1').press('Enter');
    await button('Separate').click();
    await page.getByText('learning Ann').waitFor();
    await button('Cancel').click();
    expect(await button('Tracks').isEnabled()).toBe(false);
    await view('Draft').click();
    await button('Separate').click();
    await expect.poll(() => button('Tracks').isEnabled(), { timeout: 60_000 }).toBe(true);
    const names = await savedFiles('Tracks');
    await expect.poll(names, { timeout: 10_000 }).toHaveLength(3);
    const [error, length, quietest] = await page.evaluate(async () => {
      const saved = await (await navigator.storage.getDirectory()).getDirectoryHandle('saved');
      const decode = async (bytes: ArrayBuffer) => {
        const decoded = await new OfflineAudioContext(1, 1, 16_000).decodeAudioData(bytes);
        return decoded.getChannelData(0);
      };
      const mixture = await decode(await (await fetch('./presets/mixture.flac')).arrayBuffer());
      const sum = new Float32Array(mixture.length);
      let quietest = 1;
      for (const voice of ['Ann', 'voice-2', 'Rest']) {
        const file = await (await saved.getFileHandle(`mixture ${voice}.wav`)).getFile();
        const track = await decode(await file.arrayBuffer());
        if (track.length !== mixture.length) throw new Error(`${voice} has ${track.length} samples`);
        let power = 0;
        for (let n = 0; n < sum.length; n++) {
          sum[n]! += track[n]!;
          power += track[n]! ** 2;
        }
        if (voice !== 'Rest') quietest = Math.min(quietest, Math.sqrt(power / sum.length));
      }
      return [
        sum.reduce((largest, sample, n) => Math.max(largest, Math.abs(sample - mixture[n]!)), 0),
        mixture.length,
        quietest,
      ] as const;
    });
    expect(length).toBeGreaterThan(100_000);
    // Rounding of three tracks to 16 bits.
    expect(error).toBeLessThan(3 / 32_768);
    expect(quietest).toBeGreaterThan(0.01);
    expect(faults).toEqual([]);
  });

  it('plays the tracks, and keeps a voice for live use', async () => {
    await button('Play').click();
    await expect.poll(() => page.locator('.clock-now').textContent(), { timeout: 5000 }).not.toBe('00:00.0');
    await button('Pause').click();
    await button('Keep Ann').click();
    await page.getByText('Ann is in the library.').waitFor();
    await view('Live').click();
    const names = await savedFiles('Export Ann');
    await expect.poll(names).toEqual(expect.arrayContaining(['Ann.unmingle.json', 'Ann.evidence.json']));
    expect(faults).toEqual([]);
  });

  it('says what is wrong with a file, and what a browser lacks', async () => {
    const poor = await browser.newPage();
    await poor.addInitScript(() => {
      for (const name of ['AudioWorkletNode', 'showDirectoryPicker', 'showSaveFilePicker'])
        Object.defineProperty(globalThis, name, { value: undefined });
    });
    await poor.goto(`${server.address}/index.html`);
    await poor.getByText('This browser has no AudioWorklet').waitFor();
    await poor.locator('input[type=file]').setInputFiles({
      name: 'broken.wav',
      mimeType: 'audio/wav',
      buffer: Buffer.from('RIFF and nothing else'),
    });
    await poor.getByText('broken.wav: this browser cannot decode it').waitFor();
    await poor.close();
  });

  it('works without a network: page, presets, recordings and live separation of the microphone', async () => {
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
    await context.setOffline(true);
    await server.close();
    await page.reload();
    await button('Export Ann').waitFor();
    for (const name of ['synthetic-female', 'synthetic-male']) await button(`Load ${name}`).click();
    await button('Start the microphone').click();
    await page.getByText('The voices are adapted to each other.').waitFor();
    for (const name of ['synthetic-female', 'synthetic-male']) {
      const meter = page.getByLabel(`${name}, meter`);
      await expect
        .poll(() => meter.evaluate((each: HTMLMeterElement) => each.value), { timeout: 20_000 })
        .toBeGreaterThan(-45);
    }
    await button('Stop').click();
    await view('Recording').click();
    await button('Open the demo').click();
    await page.getByRole('application').waitFor();
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
    expect(faults).toEqual([]);
  });

  it.each(['Recording', 'Live'])('%s: fits a phone, and axe finds nothing', async (name) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await view(name).click();
    expect(await page.evaluate(layoutFindings, { hosts: LAYOUT_HOSTS, targetPixels: 24, faderPixels: 24 })).toEqual([]);
    await page.evaluate(axe.source);
    const found = await page.evaluate(async () => {
      const { axe: tool } = globalThis as unknown as { axe: typeof axe };
      return (await tool.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
    });
    expect(found).toEqual([]);
  });
});
