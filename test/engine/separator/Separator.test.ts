import { describe, expect, it } from 'vitest';
import { Random } from '../../../engine/core/Random.ts';
import { type SpeakerSet, sampleSpeakerSet } from '../../../engine/model/SpeakerSet.ts';
import { Separator, type SeparatorOptions } from '../../../engine/separator/Separator.ts';
import { type LatencyMode, planStft } from '../../../engine/stft/StftPlan.ts';
import { hasSameBytes } from '../hasSameBytes.ts';
import { randomPreset, syntheticVoice } from '../syntheticVoice.ts';

const PRESETS = Array.from({ length: 8 }, (_, index) => randomPreset(`voice ${index + 1}`, 6, index + 1));

/** By speakers, latency and sample rate: sampling a set takes longer than most tests. */
const speakerSets = new Map<string, SpeakerSet>();

function createSpeakerSet(
  speakers: number,
  latency: LatencyMode | number = 'monitor',
  sampleRateHertz = 16_000,
): SpeakerSet {
  const key = [speakers, latency, sampleRateHertz].join();
  const known = speakerSets.get(key);
  if (known !== undefined) return known;
  const created = sampleSpeakerSet(PRESETS.slice(0, speakers), planStft({ sampleRateHertz, latency }));
  speakerSets.set(key, created);
  return created;
}

function separate(separator: Separator, input: Float32Array, speakers: number, blockSamples: () => number) {
  const outputs = {
    speakers: Array.from({ length: speakers }, () => new Float32Array(input.length)),
    rest: new Float32Array(input.length),
    dry: new Float32Array(input.length),
  };
  const capacity = 8192;
  const block = {
    speakers: Array.from({ length: speakers }, () => new Float32Array(capacity)),
    rest: new Float32Array(capacity),
    dry: new Float32Array(capacity),
  };
  for (let start = 0; start < input.length; ) {
    const count = Math.min(blockSamples(), input.length - start);
    separator.process(input.subarray(start, start + count), block);
    outputs.speakers.forEach((output, s) => {
      output.set(block.speakers[s]!.subarray(0, count), start);
    });
    outputs.rest.set(block.rest.subarray(0, count), start);
    outputs.dry.set(block.dry.subarray(0, count), start);
    start += count;
  }
  return outputs;
}

function process(speakerSet: SpeakerSet, input: Float32Array, blockSamples: number, options: SeparatorOptions = {}) {
  return separate(new Separator(speakerSet, options), input, speakerSet.speakers.length, () => blockSamples);
}

type Outputs = ReturnType<typeof separate>;

function expectSame(actual: Outputs, expected: Outputs): void {
  const signals = ({ speakers, rest, dry }: Outputs) => [...speakers, rest, dry];
  expect(signals(actual).length).toBe(signals(expected).length);
  for (const [index, signal] of signals(expected).entries())
    expect(hasSameBytes(signals(actual)[index]!, signal), `signal ${index}`).toBe(true);
}

const voice = syntheticVoice(1, 120, 0.9, 1, 16_000);
const other = syntheticVoice(2, 210, 1.1, 1, 16_000);
const mixture = voice.map((sample, n) => sample + other[n]!);

describe('Separator', () => {
  it('produces identical output for any block size, including random ones', () => {
    const speakerSet = createSpeakerSet(2);
    const reference = process(speakerSet, mixture, 4096);
    const random = new Random(3);
    const cuts = [() => 1, () => 7, () => 128, () => 480, () => 1 + random.integer(5000)];
    for (const cut of cuts) {
      const outputs = separate(new Separator(speakerSet), mixture, 2, cut);
      expectSame(outputs, reference);
    }
  });

  it.each(['ear', 'monitor', 'call', 'studio', 0.004, 0.1] as const)(
    'outputs sum to the delayed input (%s)',
    (latency) => {
      for (const sampleRateHertz of [8000, 16_000, 44_100, 48_000]) {
        for (const rest of [0, 1]) {
          const speakerSet = createSpeakerSet(3, latency, sampleRateHertz);
          const separator = new Separator(speakerSet, { parameters: { rest } });
          const { speakers, rest: restOutput, dry } = separate(separator, mixture, 3, () => 512);
          for (let n = 0; n < mixture.length; n++) {
            const expected = n < separator.latencySamples ? 0 : mixture[n - separator.latencySamples]!;
            if (dry[n] !== expected) expect.fail(`sample ${n}: ${dry[n]} dry instead of ${expected}`);
            const sum = speakers.reduce((total, output) => total + output[n]!, restOutput[n]!);
            if (Math.abs(sum - expected) > 1e-5) expect.fail(`sample ${n}: ${sum} instead of ${expected}`);
          }
        }
      }
    },
  );

  it('fades the rest out when it is turned off while the outputs still sum to the input', () => {
    const separator = new Separator(createSpeakerSet(2), { parameters: { rest: 1 } });
    const first = separate(separator, mixture, 2, () => 480);
    expect(first.rest.some((sample) => Math.abs(sample) > 1e-3)).toBe(true);
    separator.setParameters({ rest: 0 });
    const { speakers, rest, dry } = separate(separator, mixture, 2, () => 480);
    for (let n = 0; n < mixture.length; n++) {
      expect(Math.abs(speakers[0]![n]! + speakers[1]![n]! + rest[n]! - dry[n]!)).toBeLessThan(1e-5);
    }
    expect(rest.subarray(4000).every((sample) => sample === 0)).toBe(true);
  });

  it('reports the measured latency of an impulse', () => {
    for (const latency of ['ear', 'monitor', 'call', 'studio'] as const) {
      const speakerSet = createSpeakerSet(1, latency);
      const impulse = new Float32Array(4000);
      impulse[500] = 1;
      const [output] = process(speakerSet, impulse, 100).speakers;
      const peak = output!.indexOf(output!.reduce((most, sample) => Math.max(most, sample)));
      expect(peak - 500).toBe(new Separator(speakerSet).latencySamples);
    }
  });

  it('accepts 1 to 8 speakers only, and divides equally between two identical ones', () => {
    for (let speakers = 1; speakers <= 8; speakers++) {
      const { speakers: outputs } = process(createSpeakerSet(speakers), mixture, 480);
      expect(outputs.every((output) => output.every(Number.isFinite))).toBe(true);
    }
    const plan = planStft({ sampleRateHertz: 16_000 });
    const twice = process(sampleSpeakerSet([PRESETS[0]!, PRESETS[0]!], plan), mixture, 480).speakers;
    for (let n = 0; n < mixture.length; n++) expect(Math.abs(twice[0]![n]! - twice[1]![n]!)).toBeLessThan(1e-4);
    expect(() => sampleSpeakerSet([], plan)).toThrow('presets must contain 1 to 8 speakers, got 0');
    expect(() => sampleSpeakerSet([...PRESETS, ...PRESETS], plan)).toThrow('got 16');
  });

  it('stays finite, bounded and silent on silence, DC, full scale, denormals, NaN, infinities and overflow', () => {
    const speakerSet = createSpeakerSet(2);
    const cases: [string, (n: number) => number][] = [
      ['silence', () => 0],
      ['DC', () => 1],
      ['full-scale square', (n) => (n % 50 < 25 ? 1 : -1)],
      ['denormal', (n) => (n % 2 ? 1e-40 : -1e-42)],
      ['NaN', (n) => (n % 300 === 0 ? Number.NaN : 0.1 * Math.sin(n / 9))],
      ['infinity', (n) => (n % 300 === 0 ? Number.NEGATIVE_INFINITY : 0.1 * Math.sin(n / 9))],
      ['overflow', (n) => (n % 300 === 0 ? 3e38 : 0.1 * Math.sin(n / 9))],
    ];
    for (const [name, signal] of cases) {
      const input = Float32Array.from({ length: 16_000 }, (_, n) => signal(n));
      const separator = new Separator(speakerSet);
      const { speakers, dry } = separate(separator, input, 2, () => 333);
      for (const output of speakers) {
        expect(
          output.every((sample) => Number.isFinite(sample) && Math.abs(sample) < 2),
          name,
        ).toBe(true);
      }
      const isInvalid = ['NaN', 'infinity', 'overflow'].includes(name);
      expect(separator.telemetry.invalidSamples, name).toBe(isInvalid ? Math.ceil(16_000 / 300) : 0);
      if (name === 'silence' || name === 'denormal') {
        expect([...speakers, dry].every((output) => output.every((sample) => sample === 0))).toBe(true);
      }
      const healed = separate(separator, mixture, 2, () => 333).speakers;
      expect(
        healed.every((output) => output.every(Number.isFinite)),
        name,
      ).toBe(true);
    }
  });

  it('behaves after reset as a new separator, bit by bit', () => {
    const speakerSet = createSpeakerSet(2, 'call');
    const separator = new Separator(speakerSet);
    const first = separate(separator, mixture, 2, () => 700);
    separator.reset();
    expectSame(
      separate(separator, mixture, 2, () => 700),
      first,
    );
  });

  it('agrees with the JavaScript kernel', () => {
    const speakerSet = createSpeakerSet(2);
    const short = mixture.subarray(0, 6000);
    const fast = process(speakerSet, short, 512).speakers[0]!;
    const slow = process(speakerSet, short, 512, { variant: 'javascript' }).speakers[0]!;
    for (let n = 0; n < short.length; n++) expect(Math.abs(fast[n]! - slow[n]!)).toBeLessThan(1e-3);
  });

  it('rejects unknown or out-of-range parameters and keeps the old ones', () => {
    const separator = new Separator(createSpeakerSet(1));
    expect(() => separator.setParameters({ maskExponent: 0 })).toThrow(
      'maskExponent must be a number between 0.25 and 8, got 0',
    );
    expect(() => separator.setParameters({ gain: 1 } as object)).toThrow('unknown parameter "gain"');
    expect(() => new Separator(createSpeakerSet(1), { parameters: { iterations: Number.NaN } })).toThrow('iterations');
  });
});

describe('swapTemplates', () => {
  /** A sine has no jumps of its own: what exceeds its steepest slope is a click. */
  const sampleRateHertz = 16_000;
  const sine = Float32Array.from(
    { length: 3 * sampleRateHertz },
    (_, n) => 0.5 * Math.sin((2 * Math.PI * 440 * n) / sampleRateHertz),
  );
  const steepest = (signal: Float32Array) => {
    let jump = 0;
    for (let n = 1; n < signal.length; n++) jump = Math.max(jump, Math.abs(signal[n]! - signal[n - 1]!));
    return jump;
  };
  const limit = 1.41 * steepest(sine);

  it.each([
    [
      'other speakers',
      createSpeakerSet(2),
      sampleSpeakerSet([PRESETS[4]!, PRESETS[5]!], planStft({ sampleRateHertz })),
    ],
    ['another latency', createSpeakerSet(2, 'ear'), createSpeakerSet(2, 'call')],
    [
      'another window',
      createSpeakerSet(2),
      sampleSpeakerSet(PRESETS.slice(0, 2), planStft({ sampleRateHertz, windowSeconds: 0.032 })),
    ],
    ['another sample rate', createSpeakerSet(2), createSpeakerSet(2, 'monitor', 24_000)],
    ['more speakers', createSpeakerSet(2), createSpeakerSet(4)],
  ])('to %s does not click', (_, from, to) => {
    const separator = new Separator(from);
    const block = 160;
    const outputs = Array.from({ length: 4 }, () => new Float32Array(sine.length));
    const scratch = { speakers: Array.from({ length: 4 }, () => new Float32Array(block)) };
    let isNewSpeakerSet = false;
    for (let start = 0; start < sine.length; start += block) {
      if (start % (sampleRateHertz / 2) === 0 && start > 0) {
        isNewSpeakerSet = !isNewSpeakerSet;
        separator.swapTemplates(isNewSpeakerSet ? to : from);
      }
      separator.process(sine.subarray(start, start + block), scratch);
      outputs.forEach((output, s) => {
        output.set(scratch.speakers[s]!, start);
      });
    }
    for (const output of outputs) expect(steepest(output)).toBeLessThan(limit);
    expect(separator.speakers).toBe((isNewSpeakerSet ? to : from).speakers.length);
    expect(separator.isSwapping).toBe(false);
  });

  it('produces after the swap what a separator with the new speaker set produces', () => {
    const to = createSpeakerSet(3, 'call');
    const separator = new Separator(createSpeakerSet(2));
    separate(separator, mixture, 3, () => 256);
    separator.swapTemplates(to);
    const twice = Float32Array.from([...mixture, ...mixture]);
    const swapped = separate(separator, twice, 3, () => 256).speakers;
    const always = new Separator(to);
    separate(always, mixture, 3, () => 256);
    const expected = separate(always, twice, 3, () => 256).speakers;
    for (let n = 20_000; n < twice.length; n++) expect(swapped[0]![n]).toBeCloseTo(expected[0]![n]!, 2);
    expect(separator.latencySamples).toBe(always.latencySamples);
  });

  it('applies only the last of several swaps in a row', () => {
    const separator = new Separator(createSpeakerSet(1));
    const output = { speakers: [new Float32Array(64)] };
    for (let block = 0; block < 400; block++) {
      if (block % 7 === 0 && block < 200) separator.swapTemplates(createSpeakerSet(1 + (block % 3)));
      separator.process(mixture.subarray(block * 20, block * 20 + 64), output);
    }
    for (let block = 0; block < 200; block++) separator.process(mixture.subarray(0, 64), output);
    expect(separator.isSwapping).toBe(false);
    expect(separator.speakers).toBe(1 + (196 % 3));
  });

  it('ramps jumping parameters without a click', () => {
    const separator = new Separator(createSpeakerSet(2));
    const output = new Float32Array(sine.length);
    const scratch = { speakers: [new Float32Array(160), new Float32Array(160)] };
    for (let start = 0; start < sine.length; start += 160) {
      if (start % 4000 === 0)
        separator.setParameters({
          maskExponent: start % 8000 === 0 ? 8 : 0.25,
          maskFloor: start % 8000 === 0 ? 0 : 0.5,
        });
      separator.process(sine.subarray(start, start + 160), scratch);
      output.set(scratch.speakers[0]!, start);
    }
    expect(steepest(output)).toBeLessThan(limit);
  });
});
