import { expect, test } from 'vitest';
import { ChannelSpectra } from '../../../engine/channels/ChannelSpectra.ts';
import { Demixer } from '../../../engine/channels/Demixer.ts';
import { estimateDemixing } from '../../../engine/channels/estimateDemixing.ts';
import { FrameSample } from '../../../engine/channels/FrameSample.ts';
import { siSdr } from '../../../engine/evaluation/index.ts';
import { binCount, planStft } from '../../../engine/stft/StftPlan.ts';
import { syntheticVoice } from '../syntheticVoice.ts';

const RATE_HERTZ = 16_000;
const SECONDS = 4;
const plan = planStft({ sampleRateHertz: RATE_HERTZ, latency: 0.128, windowSeconds: 0.128 });

/** Bleed of -12 dB between all microphones, 1 ms later. */
function withBleed(voices: readonly Float32Array[]): Float32Array[] {
  const bleed = 10 ** (-12 / 20);
  return voices.map((own, channel) =>
    own.map((sample, n) =>
      voices.reduce((sum, voice, index) => (index === channel ? sum : sum + bleed * (voice[n - 16] ?? 0)), sample),
    ),
  );
}

function demix(channels: readonly Float32Array[]): Float32Array[] {
  const sample = new FrameSample(channels.length, binCount(plan));
  const spectra = new ChannelSpectra(channels.length, plan);
  const length = channels[0]!.length;
  for (let offset = 0; offset < length; ) {
    const count = Math.min(length - offset, spectra.samplesUntilFrame);
    if (spectra.push(channels, offset, count)) sample.add(spectra.spectra);
    offset += count;
  }
  const demixer = new Demixer(estimateDemixing(sample), plan);
  const outputs = demixer.process(channels);
  const tails = demixer.process(channels.map(() => new Float32Array(demixer.latencySamples)));
  return outputs.map((output, index) =>
    Float32Array.from([...output.subarray(demixer.latencySamples), ...tails[index]!]),
  );
}

test.each([2, 3])('the bleed between %d microphones is removed', (people) => {
  const voices = Array.from({ length: people }, (_, seed) =>
    syntheticVoice(20 + seed, 105 + 60 * seed, 0.88 + 0.1 * seed, SECONDS, RATE_HERTZ),
  );
  const channels = withBleed(voices);
  const separated = demix(channels);
  voices.forEach((voice, index) => {
    expect(separated[index]!.length).toBe(voice.length);
    expect(siSdr(voice, separated[index]!)).toBeGreaterThan(siSdr(voice, channels[index]!) + 6);
  });
});

test('channels with the same sound stay finite', () => {
  const voice = syntheticVoice(1, 120, 1, 2, RATE_HERTZ);
  for (const output of demix([voice, voice])) expect(output.every(Number.isFinite)).toBe(true);
});

test('one channel passes unchanged', () => {
  const voice = syntheticVoice(1, 120, 1, 2, RATE_HERTZ);
  const [output] = demix([voice]);
  voice.forEach((sample, n) => {
    expect(Math.abs(output![n]! - sample)).toBeLessThan(1e-5);
  });
});
