import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { packageRoot } from '../../../host/files/packageRoot.ts';
import { largestDifference, presetTexts, separated, testSound } from '../../ui/separatorInNode.ts';

const RATE = 48_000;

type Worklet = typeof import('../../../engine/worklet/index.ts');
/** Typed as the standard Web Audio globals: the library's own types require those of a browser. */
type Library = Pick<typeof globalThis, 'OfflineAudioContext' | 'AudioWorkletNode'>;

it('produces the samples of Separator to 1e-6 in node-web-audio-api', async () => {
  const library = (await import('node-web-audio-api')) as unknown as Library;
  const { SeparatorNode, PROCESSOR_URL, parsePreset } = (await import(
    `${packageRoot()}/dist/engine/worklet/index.js`
  )) as Worklet;
  const texts = await presetTexts();
  const input = testSound(RATE / 2);
  const context = new library.OfflineAudioContext(3, input.length, RATE);
  const separator = await SeparatorNode.create(context, {
    presets: texts.map(parsePreset),
    variant: 'simd',
    processorUrl: fileURLToPath(PROCESSOR_URL),
    AudioWorkletNode: library.AudioWorkletNode,
  });
  const source = context.createBufferSource();
  const buffer = context.createBuffer(1, input.length, RATE);
  buffer.copyToChannel(Float32Array.from(input), 0);
  source.buffer = buffer;
  source.connect(separator.node);
  const merger = context.createChannelMerger(3);
  for (let output = 0; output < 3; output++) separator.node.connect(merger, output, output);
  merger.connect(context.destination);
  source.start();
  const rendered = await context.startRendering();
  separated(texts, input, RATE).forEach((expected, output) => {
    expect(largestDifference(rendered.getChannelData(output), expected)).toBeLessThan(1e-6);
  });
}, 120_000);
