import { beforeAll, expect, test } from 'vitest';
import { DemixingEstimator } from '../../../engine/channels/DemixingEstimator.ts';
import { DemixingSlot } from '../../../engine/channels/DemixingSlot.ts';
import { planLiveDemixing } from '../../../engine/channels/liveDemixing.ts';
import { SampleRing } from '../../../engine/core/SampleRing.ts';
import { siSdr } from '../../../engine/evaluation/index.ts';
import { sampleSpeakerSet } from '../../../engine/model/SpeakerSet.ts';
import { withChannels, withVoices } from '../../../engine/model/speakerOutputs.ts';
import { LiveEngine } from '../../../engine/realtime/LiveEngine.ts';
import { SharedMetrics } from '../../../engine/realtime/SharedMetrics.ts';
import { TapMarks } from '../../../engine/realtime/TapMarks.ts';
import { TelemetryRing } from '../../../engine/realtime/TelemetryRing.ts';
import { TAP_CHANNELS, TAP_FIRST_SPEAKER, TAP_MIXTURE, TAP_REST } from '../../../engine/realtime/tapChannels.ts';
import { resolveParameters } from '../../../engine/separator/parameters.ts';
import { type LatencyMode, latencySamples, planStft } from '../../../engine/stft/StftPlan.ts';
import { readRecording } from '../../../host/audio/readRecording.ts';
import { DEMO_SPEAKERS, demoVoicePath } from '../../../host/files/demoFiles.ts';
import { randomPreset } from '../../engine/syntheticVoice.ts';

const RATE_HERTZ = 16_000;
const BLOCK_SAMPLES = 160;
const presets = [randomPreset('one', 4, 1), randomPreset('two', 4, 2)];
const strip = { gainDecibels: 0, isMuted: false, isSoloed: false, isSent: false };
const mix = { speakers: [strip, strip], rest: strip, master: { gainDecibels: 0, isBypassed: false, wet: 1 } };

let voices: Float32Array[] = [];
/** Each voice in its own channel, and 12 dB below and 1 ms later in that of the other. */
let channels: Float32Array[] = [];

beforeAll(async () => {
  const recordings = await Promise.all(DEMO_SPEAKERS.map((speaker) => readRecording(demoVoicePath(speaker), 60)));
  const length = Math.min(...recordings.map(({ samples }) => samples.length));
  voices = recordings.map(({ samples }) => samples.slice(0, length));
  channels = voices.map((own, index) =>
    own.map((sample, n) => sample + 10 ** (-12 / 20) * (voices[1 - index]![n - 16] ?? 0)),
  );
});

function speakerSet(latency: LatencyMode, ids: readonly number[]) {
  const plan = planStft({ sampleRateHertz: RATE_HERTZ, latency });
  const sampled = withVoices(sampleSpeakerSet(presets, plan), ids);
  return withChannels(
    sampled,
    ids.map((id) => id - 1),
  );
}

/** The live engine with voices 1 and 2 on the channels of two microphones, and the estimate of their bleed, without a clock. */
function session() {
  const ring = (count: number) => new SampleRing(SampleRing.allocate(2 ** 14, count));
  const slot = DemixingSlot.allocate(2, planLiveDemixing(RATE_HERTZ).bins);
  const rings = { input: ring(2), main: ring(1), send: null, tap: ring(TAP_CHANNELS), tapMarks: new TapMarks() };
  const parameters = resolveParameters();
  const engine = new LiveEngine(
    { sampleRateHertz: RATE_HERTZ, speakerSet: speakerSet('monitor', [1, 2]), mix, parameters, demixing: slot },
    rings,
    new SharedMetrics(),
    new TelemetryRing(),
    () => 0,
  );
  engine.setTapped(true);
  const estimator = new DemixingEstimator(new DemixingSlot(slot), [0, 1], RATE_HERTZ);
  const frames = new Float32Array(2 * BLOCK_SAMPLES);
  const tapped = new Float32Array(BLOCK_SAMPLES * TAP_CHANNELS);
  const main = new Float32Array(BLOCK_SAMPLES);
  /** @returns what was tapped, [TAP_CHANNELS + 1][samples]; the last is the main output */
  const play = (input: readonly Float32Array[], isEstimating = true): Float32Array[] => {
    const { length } = input[0]!;
    const taps = Array.from({ length: TAP_CHANNELS + 1 }, () => new Float32Array(length));
    for (let start = 0; start + BLOCK_SAMPLES <= length; start += BLOCK_SAMPLES) {
      const block = input.map((channel) => channel.slice(start, start + BLOCK_SAMPLES));
      for (let n = 0; n < 2 * BLOCK_SAMPLES; n++) frames[n] = block[n % 2]![Math.floor(n / 2)]!;
      rings.input.write(frames, 0, BLOCK_SAMPLES);
      while (engine.step());
      expect(rings.tap.read(tapped, 0, BLOCK_SAMPLES)).toBe(BLOCK_SAMPLES);
      for (let n = 0; n < tapped.length; n++)
        taps[n % TAP_CHANNELS]![start + Math.floor(n / TAP_CHANNELS)] = tapped[n]!;
      rings.main.read(main, 0, BLOCK_SAMPLES);
      taps[TAP_CHANNELS]!.set(main, start);
      estimator.add(block);
      if (isEstimating && estimator.isDue) estimator.update();
    }
    return taps;
  };
  return { engine, play, parameters };
}

/** SI-SDR of a voice in a part of an output that is `delay` late. */
function score(voice: number, output: Float32Array, delay: number, from: number, end: number): number {
  const [first, last] = [from * RATE_HERTZ, end * RATE_HERTZ];
  return siSdr(voices[voice]!.subarray(first, last), output.subarray(first + delay, last + delay));
}

/** @returns largest magnitude of the values from `first` to `end` */
function largest(first: number, end: number, valueAt: (n: number) => number): number {
  let result = 0;
  for (let n = first; n < end; n++) result = Math.max(result, Math.abs(valueAt(n)));
  return result;
}

test('the bleed is attenuated, then measured and removed; other latency and order leave a voice on its channel', () => {
  const { play, engine } = session();
  const taps = play(channels);
  const delay = latencySamples(planStft({ sampleRateHertz: RATE_HERTZ }));
  for (const voice of [0, 1]) {
    const output = taps[TAP_FIRST_SPEAKER + voice]!;
    const recorded = (from: number, end: number) => score(voice, channels[voice]!, 0, from, end);
    expect(score(voice, output, delay, 0, 2)).toBeGreaterThan(recorded(0, 2) + 3);
    expect(score(voice, output, delay, 6, 9)).toBeGreaterThan(recorded(6, 9) + 5);
  }
  engine.setSpeakerSet(speakerSet('studio', [2, 1]));
  const later = play(
    channels.map((channel) => channel.subarray(0, 4 * RATE_HERTZ)),
    false,
  );
  const longer = latencySamples(planStft({ sampleRateHertz: RATE_HERTZ, latency: 'studio' }));
  for (const voice of [0, 1]) {
    const output = later[TAP_FIRST_SPEAKER + voice]!;
    expect(score(voice, output, longer, 1, 3.5)).toBeGreaterThan(score(voice, channels[voice]!, 0, 1, 3.5) + 8);
  }
});

test('voices and rest of a take sum to its mixture, the sum of the channels', () => {
  const { play, engine, parameters } = session();
  const first = play(channels.map((channel) => channel.subarray(0, 1.5 * RATE_HERTZ)));
  const delay = latencySamples(planStft({ sampleRateHertz: RATE_HERTZ }));
  const voicesAt = (n: number) => first[TAP_FIRST_SPEAKER]![n]! + first[TAP_FIRST_SPEAKER + 1]![n]!;
  const mixtureAt = (n: number) => first[TAP_MIXTURE]![n]!;
  const end = 1.5 * RATE_HERTZ;
  expect(largest(delay, end, (n) => voicesAt(n) + first[TAP_REST]![n]! - mixtureAt(n))).toBeLessThan(1e-6);
  const sumAt = (n: number) => channels[0]![n - delay]! + channels[1]![n - delay]!;
  expect(largest(delay, end, (n) => mixtureAt(n) - sumAt(n))).toBeLessThan(1e-6);
  // The rest is not heard, unless the parameter of that name says so.
  expect(largest(end / 2, end, (n) => first[TAP_CHANNELS]![n]! - voicesAt(n))).toBeLessThan(1e-4);
  engine.setParameters({ ...parameters, rest: 1 });
  const second = play(channels.map((channel) => channel.subarray(0, RATE_HERTZ)));
  const missing = (n: number) => second[TAP_CHANNELS]![n]! - second[TAP_MIXTURE]![n]!;
  expect(largest(RATE_HERTZ - 1000, RATE_HERTZ, missing)).toBeLessThan(1e-4);
});
