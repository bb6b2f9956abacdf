import { beforeAll, describe, expect, it } from 'vitest';
import { JsonReader } from '../../../engine/core/JsonReader.ts';
import { Random } from '../../../engine/core/Random.ts';
import { Kernel } from '../../../engine/kernel/Kernel.ts';
import { type SpeakerSet, sampleSpeakerSet } from '../../../engine/model/SpeakerSet.ts';
import { BandFeatures } from '../../../engine/network/BandFeatures.ts';
import { type MaskNetwork, networkSizes } from '../../../engine/network/MaskNetwork.ts';
import { MaskNetworkInference } from '../../../engine/network/MaskNetworkInference.ts';
import { parseMaskNetwork, serializeMaskNetwork } from '../../../engine/network/maskNetworkText.ts';
import { outputEdges } from '../../../engine/network/networkBands.ts';
import { ModelShares } from '../../../engine/separator/ModelShares.ts';
import { Separator } from '../../../engine/separator/Separator.ts';
import { planStft } from '../../../engine/stft/StftPlan.ts';
import { randomPreset } from '../syntheticVoice.ts';

const random = new Random(3);
const BANDWIDTH_HERTZ = 8000;
const weights = (count: number) => Float32Array.from({ length: count }, () => random.between(-0.3, 0.3));
const noise = (count: number) => Float32Array.from({ length: count }, () => random.between(-0.3, 0.3));
const sizes = networkSizes(BANDWIDTH_HERTZ, 2);
const network: MaskNetwork = {
  bandwidthHertz: BANDWIDTH_HERTZ,
  speakers: 2,
  temporalPrior: 0.5,
  first: weights(sizes.first),
  second: weights(sizes.second),
};
const bands = outputEdges(BANDWIDTH_HERTZ).length - 1;
const presets = [randomPreset('one', 3, 1), randomPreset('two', 5, 2)];
const speakerSet: SpeakerSet = { ...sampleSpeakerSet(presets, planStft({ sampleRateHertz: 16_000 })), network };

function separated(separator: Separator, input: Float32Array, blockSamples = 512): [Float32Array, Float32Array] {
  const outputs = [new Float32Array(input.length), new Float32Array(input.length)] as const;
  for (let first = 0; first < input.length; first += blockSamples) {
    const end = Math.min(input.length, first + blockSamples);
    separator.process(input.subarray(first, end), { speakers: outputs.map((each) => each.subarray(first, end)) });
  }
  return [...outputs];
}

describe('BandFeatures', () => {
  const powers = Float32Array.from({ length: 513 }, () => random.uniform() ** 4);
  const at = (scale: number, bins: Float32Array, binHertz: number) => {
    const features = new BandFeatures(BANDWIDTH_HERTZ, bins.length, binHertz);
    const result = new Float32Array(features.count);
    features.write(
      bins.map((power) => scale * power),
      0,
      result,
    );
    return result;
  };

  it('does not depend on the level and is finite for silence', () => {
    const quiet = at(1e-9, powers, 15.625);
    at(1e9, powers, 15.625).forEach((value, band) => {
      expect(value).toBeCloseTo(quiet[band]!, 4);
    });
    expect(at(0, powers, 15.625).every(Number.isFinite)).toBe(true);
  });

  it.each([
    [8, 1],
    [31.25, 0.1],
    [125, 1],
  ])('sees the same envelope with bins of %s Hz', (binHertz, tolerance) => {
    const envelope = (hertz: number) => 1 / (1 + (hertz / 900) ** 2);
    const spectrum = (spacing: number) =>
      Float32Array.from({ length: Math.floor(BANDWIDTH_HERTZ / spacing) + 1 }, (_, bin) => envelope(bin * spacing));
    const expected = at(1, spectrum(15.625), 15.625);
    at(1, spectrum(binHertz), binHertz).forEach((value, band) => {
      expect(Math.abs(value - expected[band]!)).toBeLessThan(0.1 * tolerance);
    });
  });
});

describe('MaskNetworkInference', () => {
  it('computes two layers and a softmax over the speakers', () => {
    const pass = new MaskNetworkInference(new Kernel(MaskNetworkInference.requiredBytes(network)), network);
    pass.setWeights(network);
    const inputs = noise(pass.inputs.length);
    pass.inputs.set(inputs);
    pass.run();
    const layer = (weights: Float32Array, values: readonly number[], width: number) =>
      Array.from({ length: width }, (_, output) =>
        [...values, 1].reduce((sum, value, row) => sum + value * weights[row * width + output]!, 0),
      );
    const hidden = layer(network.first, Array.from(inputs), network.first.length / (inputs.length + 1)).map(Math.tanh);
    const logits = layer(network.second, hidden, 2 * bands);
    for (let band = 0; band < bands; band++) {
      const [one, other] = [Math.exp(logits[band]!), Math.exp(logits[bands + band]!)];
      expect(pass.shares[band]!).toBeCloseTo(one / (one + other), 4);
      expect(pass.shares[bands + band]!).toBeCloseTo(other / (one + other), 4);
    }
  });
});

describe('ModelShares', () => {
  const measured = (powers: number, models: readonly number[]) => {
    const shares = new ModelShares(2, BANDWIDTH_HERTZ, 513, 15.625);
    const filled = (value: number) => new Float32Array(513).fill(value);
    shares.compute(filled(powers), 0, models.map(filled), 0);
    return shares;
  };

  it('divides each band by the squares of the models', () => {
    const { shares } = measured(0.3, [3, 1]);
    for (let band = 0; band < bands; band++) {
      expect(shares[band]!).toBeCloseTo(0.9, 5);
      expect(shares[bands + band]!).toBeCloseTo(0.1, 5);
    }
  });

  it.each([
    [0, [1, 2]],
    [1, [0, 0]],
  ])('gives everybody the same of nothing: power %s, models %s', (power, models) => {
    expect(measured(power, models).shares.every((share) => share === 0.5)).toBe(true);
  });
});

describe('a speaker set with a network', () => {
  const input = noise(16_000);
  let whole: [Float32Array, Float32Array];
  beforeAll(() => {
    whole = separated(new Separator(speakerSet), input);
  });

  it('separates differently while the outputs still sum to the input', () => {
    const { network: _, ...plain } = speakerSet;
    const without = separated(new Separator(plain), input);
    const { latencySamples } = new Separator(speakerSet);
    let difference = 0;
    for (let n = 4000; n < input.length; n++) {
      expect(whole[0][n]! + whole[1][n]!).toBeCloseTo(input[n - latencySamples]!, 4);
      difference = Math.max(difference, Math.abs(whole[0][n]! - without[0][n]!));
    }
    expect(difference).toBeGreaterThan(0.01);
  });

  it('produces the same output at any block size, and continues from a saved state', () => {
    expect(separated(new Separator(speakerSet), input, 77)).toEqual(whole);
    const first = new Separator(speakerSet);
    separated(first, input.subarray(0, 8000));
    const second = new Separator(speakerSet);
    second.restoreState(first.saveState());
    expect(separated(second, input.subarray(8000))[0]).toEqual(whole[0].subarray(8000));
  });

  it('keeps silence silent', () => {
    for (const output of separated(new Separator(speakerSet), new Float32Array(8000)))
      expect(output.every((sample) => sample === 0)).toBe(true);
  });
});

describe('a network as text', () => {
  const read = (value: object) => parseMaskNetwork(JsonReader.parse(JSON.stringify(value), 'network'));
  const kept = serializeMaskNetwork(network);

  it('is read back to 16-bit accuracy', () => {
    const back = read(kept);
    expect(back.speakers).toBe(2);
    back.second.forEach((weight, index) => {
      expect(weight).toBeCloseTo(network.second[index]!, 4);
    });
    expect(serializeMaskNetwork(back)).toEqual(kept);
  });

  it.each<[object, RegExp]>([
    [{ ...kept, speakers: 1 }, /network\.speakers: must be an integer between 2 and 8/],
    [{ ...kept, speakers: 3 }, /network\.first\.weights: must be base64 of \d+ bytes/],
    [{ ...kept, persistence: 2 }, /network\.persistence: must be a number between 0 and 1/],
    [{ ...kept, bandwidthHertz: 1e9 }, /network\.bandwidthHertz: must be a number between/],
    [{ ...kept, first: { ...kept.first, weights: '!' } }, /network\.first\.weights: must be base64/],
    [{ ...kept, first: { ...kept.first, scale: 1e9 } }, /network\.first\.scale: must be a number/],
    [{ ...kept, second: null }, /network\.second: must be an object/],
  ])('is refused where it is hostile: %#', (value, message) => {
    expect(() => read(value)).toThrow(message);
  });
});
