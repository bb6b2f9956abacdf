import { join } from 'node:path';
import { expect, it } from 'vitest';
import { serializeAdaptation } from '../../engine/model/JointAdaptation.ts';
import { serializePreset } from '../../engine/model/Preset.ts';
import { packageRoot } from '../../host/files/packageRoot.ts';
import { loadDefaultSpeakers } from '../../host/library/defaultSpeakerSet.ts';
import { launchBrowser } from '../ui/browser.ts';
import { serveFolder } from '../ui/staticServer.ts';

const SECONDS = 10;
const RATE = 48_000;
/** The adaptation is sent to the page under this key. */
const KEY = 'default';

interface PageGlobals {
  readonly worklet: typeof import('../../engine/worklet/index.ts');
}

/** `npx vitest run --config test/bench/vitest.config.ts test/bench/worklet`: processor load of the node in Chromium. */
it.each(['ear', 'monitor', 'call'] as const)('the default voices at 48 kHz in an AudioWorklet, %s', async (latency) => {
  const server = await serveFolder(join(packageRoot(), 'dist'));
  const browser = await launchBrowser();
  const { presets, adaptation } = await loadDefaultSpeakers();
  try {
    const page = await browser.newPage();
    await page.goto(`${server.address}/example/index.html`);
    const content = "import * as worklet from '/engine/worklet/index.js'; globalThis.worklet = worklet;";
    await page.addScriptTag({ type: 'module', content });
    await page.waitForFunction(() => 'worklet' in globalThis);
    const share = await page.evaluate(
      async ({ texts, adaptationText, key, latency, seconds, rate }) => {
        const { SeparatorNode, parseAdaptation, parsePreset } = (globalThis as unknown as PageGlobals).worklet;
        const render = async () => {
          const context = new OfflineAudioContext(1, seconds * rate, rate);
          const source = context.createBufferSource();
          const mixture = await (await fetch('/example/mixture.flac')).arrayBuffer();
          source.buffer = await context.decodeAudioData(mixture);
          const separator = await SeparatorNode.create(context, {
            presets: texts.map(parsePreset),
            adaptation: parseAdaptation(adaptationText, key),
            latency,
          });
          source.connect(separator.node);
          separator.connect(context.destination, 0);
          source.start();
          const start = performance.now();
          await context.startRendering();
          return (performance.now() - start) / (1000 * seconds);
        };
        await render();
        return render();
      },
      {
        texts: presets.map(serializePreset),
        adaptationText: serializeAdaptation(adaptation, KEY),
        key: KEY,
        latency,
        seconds: SECONDS,
        rate: RATE,
      },
    );
    console.log(`${latency}: ${(100 * share).toFixed(1)} % of a core`);
    expect(share).toBeGreaterThan(0);
  } finally {
    await browser.close();
    await server.close();
  }
});
