import { Random } from '../../engine/core/Random.ts';
import type { Hertz, Seconds } from '../../engine/core/units.ts';
import type { Preset } from '../../engine/model/Preset.ts';
import { DEFAULT_QUEFRENCIES, featureCount } from '../../engine/network/features.ts';
import { quantizeLayer } from '../../engine/network/QuantizedLayer.ts';

/** A preset with random weights: valid shape and size, arbitrary templates that depend on the seed. */
export function randomPreset(name: string, templates: number, seed: number, bandwidthHertz: Hertz = 8000): Preset {
  const random = new Random(seed);
  const hidden = Math.round(48 + templates / 2);
  const sizes = [featureCount(DEFAULT_QUEFRENCIES), hidden, hidden, templates];
  const layers = sizes.slice(1).map((outputs, index) => {
    const inputs = sizes[index]!;
    const range = Math.sqrt(6 / inputs);
    return quantizeLayer({
      inputs,
      outputs,
      weights: Float32Array.from({ length: inputs * outputs }, () => random.between(-range, range)),
      biases: Float32Array.from({ length: outputs }, () => random.between(-1, 1)),
    });
  });
  return {
    name,
    notes: 'random weights for tests',
    licence: 'MIT',
    created: '2026-01-01',
    magnitudeExponent: 0.5,
    bandwidthHertz,
    quefrencies: DEFAULT_QUEFRENCIES,
    layers,
    training: {
      speechSeconds: 30,
      sampleRateHertz: 2 * bandwidthHertz,
      windowsSamples: [256, 1024],
      seed,
      backend: 'none',
      fitRatio: 1,
    },
  };
}

/**
 * Synthesises a voice-like signal: syllables of a pulse train or noise through three resonances, with pauses.
 * @param pitchHertz mean pitch
 * @param tract factor of the resonance frequencies, about 0.85 for a long vocal tract to 1.15 for a short one
 */
export function syntheticVoice(
  seed: number,
  pitchHertz: Hertz,
  tract: number,
  seconds: Seconds,
  sampleRateHertz: Hertz,
): Float32Array {
  const random = new Random(seed);
  const samples = new Float32Array(Math.round(seconds * sampleRateHertz));
  const state = new Float64Array(6);
  let phase = 0;
  let syllable = { end: 0, isNoise: false, gain: 0, formants: [500, 1500, 2500], pitch: pitchHertz };
  for (let n = 0; n < samples.length; n++) {
    if (n >= syllable.end) {
      syllable = {
        end: n + Math.round(random.between(0.08, 0.25) * sampleRateHertz),
        isNoise: random.uniform() < 0.2,
        gain: random.uniform() < 0.15 ? 0 : random.between(0.3, 1),
        formants: [random.between(300, 800), random.between(900, 2200), random.between(2300, 3200)],
        pitch: pitchHertz * random.between(0.85, 1.2),
      };
    }
    phase += syllable.pitch / sampleRateHertz;
    const pulse = phase >= 1 ? 1 : 0;
    phase -= pulse;
    let sound = syllable.isNoise ? 0.2 * random.between(-1, 1) : pulse;
    for (let formant = 0; formant < 3; formant++) {
      const radius = Math.exp((-Math.PI * 90) / sampleRateHertz);
      const angle = (2 * Math.PI * syllable.formants[formant]! * tract) / sampleRateHertz;
      const next =
        sound + 2 * radius * Math.cos(angle) * state[2 * formant]! - radius * radius * state[2 * formant + 1]!;
      state[2 * formant + 1] = state[2 * formant]!;
      state[2 * formant] = next;
      sound = next * 0.12;
    }
    samples[n] = 0.5 * syllable.gain * sound + 1e-4 * random.between(-1, 1);
  }
  return samples;
}
