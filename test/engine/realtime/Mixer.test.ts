import { expect, it } from 'vitest';
import { LevelMeter } from '../../../engine/realtime/LevelMeter.ts';
import { Mixer } from '../../../engine/realtime/Mixer.ts';
import type { MixSettings } from '../../../engine/realtime/MixSettings.ts';

const RATE = 16_000;
const strip = { gainDecibels: 0, isMuted: false, isSoloed: false, isSent: false };
const settings: MixSettings = {
  speakers: [strip, strip],
  rest: strip,
  master: { gainDecibels: 0, isBypassed: false, wet: 1 },
};

/** Constant signals: 1 and 10 are voices, 100 the rest, 111 dry. */
function settle(mixer: Mixer, seconds = 0.5) {
  const count = Math.round(seconds * RATE);
  const constant = (value: number) => new Float32Array(count).fill(value);
  const [main, send] = [constant(0), constant(0)];
  mixer.process([constant(1), constant(10)], constant(100), constant(111), main, send, count);
  return { main, send, last: main.at(-1)!, lastSent: send.at(-1)! };
}

function mixed(change: Partial<MixSettings>): { last: number; lastSent: number } {
  const mixer = new Mixer(8, RATE);
  mixer.apply({ ...settings, ...change });
  return settle(mixer);
}

it('applies faders, mutes, solos, dry/wet and bypass', () => {
  expect(mixed({}).last).toBeCloseTo(111, 3);
  expect(mixed({ speakers: [{ ...strip, gainDecibels: -20 }, strip] }).last).toBeCloseTo(110.1, 3);
  expect(mixed({ speakers: [{ ...strip, isMuted: true }, strip] }).last).toBeCloseTo(110, 3);
  expect(mixed({ speakers: [{ ...strip, isSoloed: true }, strip] }).last).toBeCloseTo(1, 3);
  expect(mixed({ rest: { ...strip, isSoloed: true } }).last).toBeCloseTo(100, 3);
  const master = { gainDecibels: 20, isBypassed: false, wet: 0.5 };
  expect(mixed({ speakers: [strip, { ...strip, isMuted: true }], master }).last).toBeCloseTo((10 * (111 + 101)) / 2, 1);
  expect(mixed({ speakers: [], master: { ...master, isBypassed: true } }).last).toBeCloseTo(1110, 1);
});

it('a muted master silences both outputs, bypassed or not', () => {
  for (const isBypassed of [false, true]) {
    const { last, lastSent } = mixed({ master: { gainDecibels: 0, isMuted: true, isBypassed, wet: 1 } });
    expect([last, lastSent]).toEqual([0, 0]);
  }
});

it('sends only the chosen voice regardless of mute and solo, and the main mix without a choice', () => {
  expect(
    mixed({
      speakers: [
        { ...strip, isSoloed: true },
        { ...strip, isSent: true, isMuted: true },
      ],
    }).lastSent,
  ).toBeCloseTo(10, 3);
  expect(mixed({ speakers: [strip, { ...strip, isMuted: true }] }).lastSent).toBeCloseTo(1, 3);
});

it('smooths all changes: bypass of similar signals is never louder than either, and no step exceeds the smoothing', () => {
  const mixer = new Mixer(8, RATE);
  mixer.apply(settings);
  settle(mixer);
  mixer.setForcedDry(true);
  const { main } = settle(mixer);
  expect(mixer.isWetHeard).toBe(false);
  for (const value of main) expect(value).toBeCloseTo(111, 2);
  mixer.setForcedDry(false);
  mixer.apply({ ...settings, speakers: [{ ...strip, isSoloed: true }, strip] });
  const { main: soloed } = settle(mixer);
  for (let n = 1; n < soloed.length; n++) expect(Math.abs(soloed[n]! - soloed[n - 1]!)).toBeLessThan(111 * 0.02);
});

it('meters peak and RMS since the last reset', () => {
  const meter = new LevelMeter();
  const sine = Float32Array.from({ length: 1600 }, (_, n) => 0.5 * Math.sin((2 * Math.PI * n) / 16));
  meter.add(sine, 1600);
  expect(meter.peakAmplitude).toBeCloseTo(0.5, 6);
  expect(meter.rmsAmplitude).toBeCloseTo(0.5 / Math.SQRT2, 6);
  meter.reset();
  expect(meter.rmsAmplitude).toBe(0);
});

it('gains follow voices to their outputs, and the gain of a voice without a strip stays', () => {
  const mixer = new Mixer(4, RATE);
  const [ann, bob] = [
    { ...strip, id: 7, gainDecibels: -20 },
    { ...strip, id: 8 },
  ];
  mixer.setVoices(Int32Array.of(8, 7, 0, 0));
  mixer.apply({ ...settings, speakers: [ann, bob] });
  expect(settle(mixer).last).toBeCloseTo(1 + 1 + 100, 3);
  // Bob has been unloaded, and is heard until ann has faded in.
  mixer.apply({ ...settings, speakers: [{ ...ann, gainDecibels: 0 }] });
  expect(settle(mixer).last).toBeCloseTo(1 + 10 + 100, 3);
  mixer.setVoices(Int32Array.of(0, 7, 0, 0));
  expect(settle(mixer).last).toBeCloseTo(10 + 100, 3);
});
