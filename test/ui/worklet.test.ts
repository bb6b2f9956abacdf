import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRecording } from '../../host/audio/readRecording.ts';
import { packageRoot } from '../../host/files/packageRoot.ts';
import { writeWav } from '../host/lab/evaluation/voiceFolders.ts';
import { temporaryFolder } from '../host/temporaryFolder.ts';
import { EXECUTABLE, FLAGS, HAS_BROWSER } from './browser.ts';
import { largestDifference, presetTexts, separated, testSound } from './separatorInNode.ts';
import { type StaticServer, serveFolder } from './staticServer.ts';

/** Global that the test adds to the page. */
interface PageGlobals {
  readonly worklet: typeof import('../../engine/worklet/index.ts');
}

/** `unmingle/worklet` in Chromium, served as static files; the fake microphone plays the demo mixture. */
describe.skipIf(!HAS_BROWSER)('the separator in a browser', { timeout: 120_000 }, () => {
  const folder = temporaryFolder();
  let browser: Browser;
  let server: StaticServer;
  let page: Page;
  const faults: string[] = [];

  beforeAll(async () => {
    const { samples, sampleRateHertz } = await readRecording(
      join(packageRoot(), 'presets', 'demo', 'mixture.flac'),
      60,
    );
    const recording = join(folder, 'microphone.wav');
    writeWav(recording, [...samples], { sampleRateHertz });
    server = await serveFolder(join(packageRoot(), 'dist'));
    browser = await chromium.launch({
      executablePath: EXECUTABLE,
      args: [
        ...FLAGS,
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
        `--use-file-for-fake-audio-capture=${recording}`,
        '--autoplay-policy=no-user-gesture-required',
      ],
    });
    page = await browser.newPage();
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(`${server.address}/example/index.html`);
    await page.getByRole('button', { name: 'Play the demo mixture' }).waitFor();
    await page.waitForFunction(() => document.querySelector('select')?.value === 'synthetic-female');
    await page.addScriptTag({
      type: 'module',
      content: "import * as worklet from '/engine/worklet/index.js'; globalThis.worklet = worklet;",
    });
    await page.waitForFunction(() => 'worklet' in globalThis);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  it('needs no cross-origin isolation', async () => {
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  });

  it.each([16_000, 44_100, 48_000, 96_000, 192_000])(
    'gives the same output as in Node at %d Hz',
    async (sampleRateHertz) => {
      const texts = await presetTexts();
      // Half a second up to 48 kHz, an eighth at 192 kHz: the page's answer is text.
      const input = testSound(Math.min(sampleRateHertz / 2, 24_000));
      const rendered = await page.evaluate(
        async ({ texts, input, sampleRateHertz }) => {
          const { SeparatorNode, parsePreset } = (globalThis as unknown as PageGlobals).worklet;
          const context = new OfflineAudioContext(3, input.length, sampleRateHertz);
          const presets = texts.map(parsePreset);
          const separator = await SeparatorNode.create(context, { presets, variant: 'simd' });
          const source = context.createBufferSource();
          source.buffer = context.createBuffer(1, input.length, sampleRateHertz);
          source.buffer.copyToChannel(Float32Array.from(input), 0);
          source.connect(separator.node);
          const merger = context.createChannelMerger(3);
          for (let output = 0; output < 3; output++) separator.node.connect(merger, output, output);
          merger.connect(context.destination);
          source.start();
          const buffer = await context.startRendering();
          return {
            outputs: [0, 1, 2].map((channel) => Array.from(buffer.getChannelData(channel))),
            latencySeconds: separator.latencySeconds,
            speakers: [...separator.speakers],
            largestIterations: separator.parameter('iterations').maxValue,
          };
        },
        { texts, input: Array.from(input), sampleRateHertz },
      );
      // 16 ms, to the sample.
      expect(Math.abs(rendered.latencySeconds - 0.016)).toBeLessThanOrEqual(1 / sampleRateHertz);
      expect(rendered).toMatchObject({
        speakers: ['synthetic-female', 'synthetic-male'],
        largestIterations: 1000,
      });
      separated(texts, input, sampleRateHertz).forEach((expected, output) => {
        expect(expected.some((sample) => Math.abs(sample) > 0.01) || output === 2).toBe(true);
        expect(largestDifference(rendered.outputs[output]!, expected)).toBeLessThan(1e-6);
      });
    },
  );

  it('rejects invalid presets with a reason, and loads other presets while it runs', async () => {
    const texts = await presetTexts();
    const [failures, names] = await page.evaluate(async (texts) => {
      const { SeparatorNode, parsePreset } = (globalThis as unknown as PageGlobals).worklet;
      const presets = texts.map(parsePreset);
      const context = new AudioContext();
      const failure = (promise: Promise<unknown>) =>
        promise.then(
          () => '',
          (error: Error) => error.message,
        );
      const none = await failure(SeparatorNode.create(context, { presets: [] }));
      const separator = await SeparatorNode.create(context, { presets });
      const many = await failure(separator.loadPresets({ presets: [...presets, presets[0]!] }));
      await context.resume();
      await separator.loadPresets({ presets: presets.toReversed(), latency: 'call' });
      const names = [...separator.speakers, separator.latencySeconds.toFixed(3)];
      const pending = failure(separator.loadPresets({ presets }));
      separator.close();
      const late = [await pending, await failure(separator.loadPresets({ presets }))];
      await context.close();
      return [[none, many, ...late], names];
    }, texts);
    expect(failures).toEqual([
      'number of presets must be an integer between 1 and 2, got 0',
      'number of presets must be an integer between 1 and 2, got 3',
      'the separator is closed',
      'the separator is closed',
    ]);
    expect(names).toEqual(['synthetic-male', 'synthetic-female', '0.032']);
  });

  const meter = (name: string) => page.getByLabel(`${name}, meter`).evaluate((each: HTMLMeterElement) => each.value);
  const loudest = async (name: string) => {
    let level = -60;
    for (let look = 0; look < 20; look++) {
      level = Math.max(level, await meter(name));
      await page.waitForTimeout(50);
    }
    return level;
  };

  it.each(['Play the demo mixture', 'Separate the microphone'])('%s: each voice has a working fader', async (name) => {
    await page.getByRole('button', { name }).click();
    await expect.poll(() => page.locator('#status').textContent(), { timeout: 20_000 }).toContain('16 ms separation');
    expect(await page.locator('#status').textContent()).toContain('Voices adapted to each other');
    await expect.poll(() => loudest('synthetic-female'), { timeout: 20_000 }).toBeGreaterThan(-45);
    await expect.poll(() => loudest('synthetic-male'), { timeout: 20_000 }).toBeGreaterThan(-45);
    await page.getByLabel('synthetic-male, level').fill('-60');
    await expect.poll(() => loudest('synthetic-male'), { timeout: 20_000 }).toBe(-60);
    expect(await loudest('synthetic-female')).toBeGreaterThan(-45);
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect.poll(() => page.getByLabel('synthetic-male, level').count()).toBe(0);
    expect(faults).toEqual([]);
  });

  it('plays the source chosen last, and closes one that opens too late', async () => {
    await page.evaluate(() => {
      const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      const answersLate: typeof ask = async (constraints) => {
        const media = await ask(constraints);
        await new Promise((resolve) => setTimeout(resolve, 3000));
        Object.assign(globalThis, { lateMedia: media });
        return media;
      };
      navigator.mediaDevices.getUserMedia = answersLate;
    });
    await page.getByRole('button', { name: 'Separate the microphone' }).click();
    await page.getByRole('button', { name: 'Play the demo mixture' }).click();
    await page.waitForFunction(() => 'lateMedia' in globalThis);
    const isOver = () => {
      const { lateMedia } = globalThis as unknown as { lateMedia: MediaStream };
      return lateMedia.getTracks().every(({ readyState }) => readyState === 'ended');
    };
    await expect.poll(() => page.evaluate(isOver), { timeout: 10_000 }).toBe(true);
    expect(await page.locator('#status').textContent()).toContain('Demo mixture');
    expect(await page.getByLabel('Rest, level').count()).toBe(1);
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect.poll(() => page.getByLabel('Rest, level').count()).toBe(0);
    expect(faults).toEqual([]);
  });
});
