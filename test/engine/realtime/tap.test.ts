import { describe, expect, it } from 'vitest';
import { MAXIMUM_OUTPUTS } from '../../../engine/core/limits.ts';
import { SampleRing } from '../../../engine/core/SampleRing.ts';
import type { SpeakerSet } from '../../../engine/model/SpeakerSet.ts';
import { LiveEngine } from '../../../engine/realtime/LiveEngine.ts';
import type { MixSettings } from '../../../engine/realtime/MixSettings.ts';
import { SharedMetrics } from '../../../engine/realtime/SharedMetrics.ts';
import { TapMarks } from '../../../engine/realtime/TapMarks.ts';
import { TelemetryRing } from '../../../engine/realtime/TelemetryRing.ts';
import {
  TAP_CHANNELS,
  TAP_FIRST_SPEAKER,
  TAP_MAIN,
  TAP_MARK,
  TAP_MIXTURE,
  TAP_REST,
} from '../../../engine/realtime/tapChannels.ts';
import { resolveParameters } from '../../../engine/separator/parameters.ts';
import { addTone, TONE_RATE, toneAmplitude, toneSpeakers } from '../toneVoices.ts';

const BLOCK = 128;
const strip = { gainDecibels: 0, isMuted: false, isSoloed: false, isSent: false };
const mixOf = (voices: readonly number[]): MixSettings => ({
  speakers: voices.map((id) => ({ ...strip, id })),
  rest: strip,
  master: { gainDecibels: 0, isBypassed: false, wet: 1 },
});

/** A tapped live engine. Each step takes `blockMilliseconds` of its clock. */
function tapped(speakerSet: SpeakerSet, voices: readonly number[], tapSamples = 2 ** 17) {
  const ring = (samples: number, channels = 1) => new SampleRing(SampleRing.allocate(samples, channels));
  const rings = { input: ring(2 ** 15), main: null, send: null, tap: ring(tapSamples, TAP_CHANNELS) };
  const tapMarks = new TapMarks();
  const metrics = new SharedMetrics();
  const clock = { milliseconds: 0, blockMilliseconds: 0 };
  let calls = 0;
  const now = () => {
    if (calls++ % 2 === 1) clock.milliseconds += clock.blockMilliseconds;
    return clock.milliseconds;
  };
  const config = { sampleRateHertz: TONE_RATE, speakerSet, mix: mixOf(voices), parameters: resolveParameters() };
  const engine = new LiveEngine(config, { ...rings, tapMarks }, metrics, new TelemetryRing(), now);
  engine.setTapped(true);
  const feed = (signal: Float32Array) => {
    for (let start = 0; start < signal.length; start += BLOCK) {
      rings.input.write(signal, start, Math.min(BLOCK, signal.length - start));
      while (engine.step());
    }
  };
  const load = (next: readonly number[]) => {
    engine.setSpeakerSet(toneSpeakers(next));
    engine.setMix(mixOf(next));
  };
  /** Frames in the tap, by channel, and by voice. */
  const read = () => {
    const count = rings.tap.readable;
    const frames = new Float32Array(count * TAP_CHANNELS);
    rings.tap.read(frames, 0, count);
    const channel = (index: number) =>
      Float32Array.from({ length: count }, (_, n) => frames[n * TAP_CHANNELS + index]!);
    const marks = channel(TAP_MARK);
    const voiceAt = (n: number, output: number) => tapMarks.read(marks[n]!).voices[output]!;
    const stem = (voice: number) =>
      Float32Array.from({ length: count }, (_, n) => {
        for (let output = 0; output < MAXIMUM_OUTPUTS; output++)
          if (voiceAt(n, output) === voice) return frames[n * TAP_CHANNELS + TAP_FIRST_SPEAKER + output]!;
        return 0;
      });
    return { count, channel, marks, stem };
  };
  return { engine, metrics, clock, tapMarks, feed, load, read };
}

describe('the recording tap', () => {
  it('holds one stem per voice; at every sample they sum to the mixture, and at unity gain to the mix, in every swap', () => {
    const { feed, load, read } = tapped(toneSpeakers([1, 2]), [1, 2]);
    const silence = new Float32Array(TONE_RATE / 4);
    const sound = new Float32Array(TONE_RATE);
    for (const voice of [1, 2, 3]) addTone(sound, voice, 0, sound.length);
    feed(silence);
    for (const voices of [[2], [2, 3], [1, 3], [1], [], [3, 2]]) {
      feed(sound);
      load(voices);
    }
    feed(sound);
    const { count, channel, stem } = read();
    const [mixture, rest, main] = [TAP_MIXTURE, TAP_REST, TAP_MAIN].map(channel);
    const stems = [1, 2, 3].map(stem);
    for (let n = 0; n < count; n++) {
      const sum = stems.reduce((total, each) => total + each[n]!, rest![n]!);
      if (Math.abs(sum - mixture![n]!) > 1e-6) expect.fail(`sample ${n}: stems ${sum}, mixture ${mixture![n]}`);
      if (Math.abs(sum - main![n]!) > 2e-4) expect.fail(`sample ${n}: stems ${sum}, mix ${main![n]}`);
    }
  });

  it('keeps each voice in its own stem when voices are unloaded, added and replaced', () => {
    const { feed, load, read } = tapped(toneSpeakers([1, 2]), [1, 2]);
    const second = (...voices: readonly number[]) => {
      const signal = new Float32Array(TONE_RATE);
      for (const voice of voices) addTone(signal, voice, TONE_RATE / 5, TONE_RATE);
      return signal;
    };
    feed(second(1, 2));
    load([2]);
    feed(second(2));
    load([3, 2]);
    feed(second(2));
    feed(second(2, 3));
    load([4, 2]);
    feed(second(2));
    feed(second(4, 2));
    const { stem } = read();
    const heard = [1, 2, 3, 4].map((voice) => {
      const samples = stem(voice);
      // In each second, while its tones sound steadily: which tones are in this stem.
      return Array.from({ length: 6 }, (_, n) => {
        const from = n * TONE_RATE + 0.5 * TONE_RATE;
        return [1, 2, 3, 4].filter((tone) => toneAmplitude(samples, tone, from, from + 0.4 * TONE_RATE) > 1e-3);
      });
    });
    expect(heard).toEqual([
      [[1], [], [], [], [], []],
      [[2], [2], [2], [2], [2], [2]],
      [[], [], [], [3], [], []],
      [[], [], [], [], [], [4]],
    ]);
    const noise = [1, 2, 3, 4].map((voice) => {
      const samples = stem(voice);
      return Math.max(
        ...[1, 2, 3, 4]
          .filter((tone) => tone !== voice)
          .map((tone) => {
            let most = 0;
            for (let n = 0; n + 800 <= samples.length; n += 800)
              most = Math.max(most, toneAmplitude(samples, tone, n, n + 800));
            return most;
          }),
      );
    });
    expect(Math.max(...noise)).toBeLessThan(1e-3);
  });

  it('puts all sound into the rest while the engine is too slow to separate', () => {
    const { metrics, clock, feed, read } = tapped(toneSpeakers([1, 2]), [1, 2]);
    const sound = new Float32Array(TONE_RATE);
    for (const voice of [1, 2]) addTone(sound, voice, 0, sound.length);
    feed(sound);
    clock.blockMilliseconds = 30;
    feed(sound);
    expect(metrics.get('bypassedSamples')).toBeGreaterThan(0);
    clock.blockMilliseconds = 0.1;
    for (let n = 0; n < 4; n++) feed(sound);
    const { count, channel, stem } = read();
    const [mixture, rest] = [TAP_MIXTURE, TAP_REST].map(channel);
    const [one, two] = [stem(1), stem(2)];
    for (let n = 0; n < count; n++)
      if (Math.abs(one[n]! + two[n]! + rest![n]! - mixture![n]!) > 1e-6) expect.fail(`sample ${n}`);
  });

  it('marks where frames are missing because it was full, in one piece', () => {
    const { metrics, tapMarks, feed, read } = tapped(toneSpeakers([1]), [1], 4096);
    const before = tapMarks.read(0).droppedSamples;
    const signal = Float32Array.from({ length: 6000 }, (_, n) => n / 6000);
    feed(signal);
    expect(metrics.get('tapDroppedSamples')).toBe(6000 - 4096);
    const full = read();
    feed(signal.subarray(0, 1000));
    const { marks } = read();
    expect(marks[0]).toBe(full.marks.at(-1)! + 1);
    expect(tapMarks.read(marks[0]!).droppedSamples - before).toBe(6000 - 4096);
    expect(new Set(marks).size).toBe(1);
  });
});
