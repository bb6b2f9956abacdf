import { expect, it } from 'vitest';
import { SampleRing } from '../../../engine/core/SampleRing.ts';
import { emptySpeakerSet, sampleSpeakerSet } from '../../../engine/model/SpeakerSet.ts';
import { type EngineRings, LiveEngine } from '../../../engine/realtime/LiveEngine.ts';
import { SharedMetrics } from '../../../engine/realtime/SharedMetrics.ts';
import { TapMarks } from '../../../engine/realtime/TapMarks.ts';
import { TelemetryRing } from '../../../engine/realtime/TelemetryRing.ts';
import { TAP_CHANNELS, TAP_FIRST_SPEAKER, TAP_MIXTURE } from '../../../engine/realtime/tapChannels.ts';
import { decodeTelemetryFrame } from '../../../engine/realtime/telemetryFrame.ts';
import { resolveParameters } from '../../../engine/separator/parameters.ts';
import { Separator } from '../../../engine/separator/Separator.ts';
import { planStft } from '../../../engine/stft/StftPlan.ts';
import { randomPreset, syntheticVoice } from '../syntheticVoice.ts';

const RATE = 16_000;
const plan = planStft({ sampleRateHertz: RATE });
const presets = [randomPreset('one', 8, 1), randomPreset('two', 8, 2)];
const speakerSet = sampleSpeakerSet(presets, plan);
const voices = [syntheticVoice(1, 120, 0.9, 3, RATE), syntheticVoice(2, 210, 1.1, 3, RATE)];
const mixture = voices[0]!.map((sample, n) => 0.5 * (sample + voices[1]![n]!));
const strip = { gainDecibels: 0, isMuted: false, isSoloed: false, isSent: false };
const mix = {
  speakers: [{ ...strip, isSoloed: true }, strip],
  rest: strip,
  master: { gainDecibels: 0, isBypassed: false, wet: 1 },
};

/** A live engine whose clock is cranked by hand: each block takes `blockMilliseconds`. */
function bench(initial = speakerSet) {
  const ring = (channels = 1) => new SampleRing(SampleRing.allocate(2 ** 16, channels));
  const rings: EngineRings = {
    input: ring(),
    main: ring(),
    send: ring(),
    tap: ring(TAP_CHANNELS),
    tapMarks: new TapMarks(),
  };
  const [metrics, telemetry] = [new SharedMetrics(), new TelemetryRing()];
  const clock = { milliseconds: 0, blockMilliseconds: 0 };
  let calls = 0;
  const now = () => {
    if (calls++ % 2 === 1) clock.milliseconds += clock.blockMilliseconds;
    return clock.milliseconds;
  };
  const config = { sampleRateHertz: RATE, speakerSet: initial, mix, parameters: resolveParameters() };
  const engine = new LiveEngine(config, rings, metrics, telemetry, now);
  const output: number[] = [];
  const feed = (signal: Float32Array, blockSamples = 160) => {
    const taken = new Float32Array(blockSamples);
    for (let start = 0; start < signal.length; start += blockSamples) {
      rings.input.write(signal, start, Math.min(blockSamples, signal.length - start));
      while (engine.step());
      for (let count = 1; count > 0; ) {
        count = rings.main!.read(taken, 0, blockSamples);
        for (let n = 0; n < count; n++) output.push(taken[n]!);
      }
    }
  };
  return { engine, rings, metrics, telemetry, clock, feed, output };
}

const largestStep = (signal: ArrayLike<number>) => {
  let largest = 0;
  for (let n = 1; n < signal.length; n++) largest = Math.max(largest, Math.abs(signal[n]! - signal[n - 1]!));
  return largest;
};

it('plays the mixed separator outputs and writes an aligned tap', () => {
  const { engine, rings, feed, output, metrics } = bench();
  engine.setTapped(true);
  feed(mixture);
  const expected = [new Float32Array(mixture.length), new Float32Array(mixture.length)];
  new Separator(speakerSet).process(mixture, { speakers: expected });
  for (let n = RATE; n < mixture.length; n++) expect(output[n]).toBeCloseTo(expected[0]![n]!, 4);
  const tap = new Float32Array(mixture.length * TAP_CHANNELS);
  expect(rings.tap.read(tap, 0, mixture.length)).toBe(mixture.length);
  for (let n = 0; n < mixture.length; n += 97) {
    expect(tap[n * TAP_CHANNELS + TAP_FIRST_SPEAKER]).toBe(expected[0]![n]);
    const delayed = n - plan.windows.synthesis.length;
    expect(tap[n * TAP_CHANNELS + TAP_MIXTURE]).toBe(delayed < 0 ? 0 : mixture[delayed]);
  }
  expect(metrics.get('samples')).toBe(mixture.length);
  expect(metrics.get('latencySamples')).toBe(plan.windows.synthesis.length);
});

it('plays the delayed input without speakers, and loads and unloads them without a click or a gap', () => {
  const { engine, feed, output } = bench(emptySpeakerSet(plan));
  const second = mixture.subarray(0, RATE);
  feed(second);
  const latency = plan.windows.synthesis.length;
  for (let n = latency + 1000; n < RATE; n++) expect(output[n]).toBeCloseTo(mixture[n - latency]!, 4);
  for (const next of [
    speakerSet,
    sampleSpeakerSet([presets[1]!], planStft({ sampleRateHertz: RATE, latency: 'call' })),
    emptySpeakerSet(plan),
  ]) {
    engine.setSpeakerSet(next);
    feed(second);
  }
  // 3 dB over the largest step of the signal itself.
  expect(largestStep(output)).toBeLessThan(1.41 * largestStep(mixture));
  const rms = (start: number) =>
    Math.sqrt(output.slice(start, start + 800).reduce((sum, value) => sum + value * value, 0) / 800);
  for (let start = 2000; start < output.length - 800; start += 400) expect(rms(start)).toBeGreaterThan(1e-3);
});

it('changes speakers, window and latency a hundred times without a click', () => {
  const { engine, feed, output, metrics } = bench();
  const speakerSets = (['ear', 'monitor', 'call', 'studio'] as const).flatMap((latency) => [
    sampleSpeakerSet(presets, planStft({ sampleRateHertz: RATE, latency })),
    sampleSpeakerSet([presets[1]!, presets[0]!], planStft({ sampleRateHertz: RATE, latency, windowSeconds: 0.128 })),
  ]);
  for (let swap = 0; swap < 100; swap++) {
    engine.setSpeakerSet(speakerSets[swap % speakerSets.length]!);
    const start = (swap * 3200) % (mixture.length - 3200);
    feed(mixture.subarray(start, start + 3200));
  }
  expect(metrics.get('swaps')).toBe(100);
  // The pieces of the mixture are joined as they come: their own seams are steps of the input.
  const joined = Array.from({ length: output.length }, (_, n) => {
    const swap = Math.floor(n / 3200);
    return mixture[((swap * 3200) % (mixture.length - 3200)) + (n % 3200)]!;
  });
  expect(largestStep(output)).toBeLessThan(1.41 * largestStep(joined));
});

it('reduces its work down to the dry signal under overload and recovers, without a click or growing delay', () => {
  const { clock, feed, metrics, output, rings, telemetry } = bench();
  feed(mixture.subarray(0, RATE));
  const levels: number[] = [];
  clock.blockMilliseconds = 30;
  for (let part = 0; part < 10; part++) {
    feed(mixture.subarray(RATE + part * 800, RATE + (part + 1) * 800));
    levels.push(metrics.get('overloadLevel'));
  }
  expect([...new Set(levels)]).toEqual([1, 2, 3]);
  const bypassed = metrics.get('bypassedSamples');
  expect(bypassed).toBeGreaterThan(0);
  while (telemetry.read() !== null);
  feed(mixture.subarray(2 * RATE, 2 * RATE + 400));
  const dry = decodeTelemetryFrame(telemetry.read()!)!;
  expect(dry.output.peakDecibels).toBeGreaterThan(-60);
  // What has not been analysed is not shown: an old spectrum would look like a tone that stands.
  for (const { spectrum } of [dry, ...dry.speakers]) expect(Math.max(...spectrum)).toBe(0);
  clock.blockMilliseconds = 0.1;
  for (let second = 0; second < 6; second++) feed(mixture.subarray(0, RATE));
  expect(metrics.get('overloadLevel')).toBe(0);
  expect(metrics.get('overloads')).toBe(3);
  expect(rings.input.readable).toBe(0);
  expect(largestStep(output)).toBeLessThan(1.41 * largestStep(mixture));
});

it('cuts an overlong queue to its newest part, with a cross-fade, and counts it', () => {
  const { engine, rings, metrics } = bench();
  rings.input.write(mixture, 0, RATE);
  while (engine.step());
  expect(metrics.get('shortenings')).toBe(1);
  expect(metrics.get('shortenedSamples')).toBe(RATE - 0.01 * RATE);
});

it('telemetry contains levels, spectra and activations, and is dropped if the ring is full', () => {
  const { feed, telemetry, metrics } = bench();
  feed(mixture.subarray(0, RATE));
  const frame = decodeTelemetryFrame(telemetry.read()!)!;
  expect(frame.speakers.map((speaker) => speaker.activations.length)).toEqual([8, 8]);
  expect(frame.input.peakDecibels).toBeGreaterThan(-40);
  expect(metrics.get('telemetryDropped')).toBeGreaterThan(40);
  while (telemetry.read() !== null);
  feed(mixture.subarray(RATE, RATE + 1600));
  const later = decodeTelemetryFrame(telemetry.read()!)!;
  expect(later.seconds).toBeGreaterThan(1);
  const loudest = later.spectrum.reduce((best, value) => Math.max(best, value), 0);
  expect(loudest).toBeGreaterThan(100);
  // A share of the mixture is never louder than the mixture.
  for (const { spectrum } of [...later.speakers, { spectrum: later.restSpectrum }]) {
    for (const [band, level] of spectrum.entries()) expect(level).toBeLessThanOrEqual(later.spectrum[band]! + 1);
  }
});
