import { InputError } from '../../../engine/core/errors.ts';
import { paired } from '../../../engine/core/paired.ts';
import type { Hertz, Samples } from '../../../engine/core/units.ts';
import { Nmf } from '../../../engine/factorization/Nmf.ts';
import { Kernel } from '../../../engine/kernel/Kernel.ts';
import { normalizeRows } from '../../../engine/model/normalizeRows.ts';
import { type Preset, presetNetwork } from '../../../engine/model/Preset.ts';
import { FREQUENCY_SCALES } from '../../../engine/model/SpeakerSet.ts';
import { PARAMETERS } from '../../../engine/separator/parameters.ts';
import { maskPower } from '../../../engine/separator/WienerMask.ts';
import { type ConstantQSlice, InvertibleConstantQ } from '../../../engine/transform/index.ts';
import { readRecording } from '../../audio/readRecording.ts';
import { createTrack } from '../../audio/trackFormats.ts';
import { requireOutputs } from '../../files/outputs.ts';
import {
  type FileSeparationOptions,
  type FileSeparationResult,
  outputPaths,
  type SeparatedFile,
  separationRules,
} from '../../offline/FileSeparation.ts';

const UPDATES = 40;
/** Added to each speaker's model, so that a coefficient no model explains is shared equally. */
const MODEL_FLOOR = 1e-12;
/** A slice and all coefficients of its bands stay in memory: 1 GB for an hour of sound. */
const LONGEST_SECONDS = 3600;

export interface ConstantQFileOptions
  extends Pick<
    FileSeparationOptions,
    'mixturePath' | 'presets' | 'protectedPaths' | 'isReplacing' | 'format' | 'onBlock' | 'onProgress' | 'signal'
  > {
  readonly outFolder: string;
}

export interface ConstantQFileResult
  extends Pick<
    FileSeparationResult,
    'files' | 'sampleRateHertz' | 'channels' | 'samples' | 'realTimeFactor' | 'frames' | 'remarks'
  > {
  /** Length of the overlapping slices that are transformed at once. */
  readonly sliceSamples: Samples;
  /** Between two frames of coefficients. */
  readonly hopSamples: Samples;
  /** Multiplicative updates of the activations of each slice. */
  readonly iterations: number;
}

/**
 * Separates a whole recording on an invertible constant-Q transform instead of the STFT, with the same presets: their networks are
 * sampled at each band's centre frequency and window length. Offline only. The outputs sum to the mixture.
 * @param onSlice called after each slice with the number of slices done; may throw to cancel
 * @returns one output for each preset, as long as `samples`
 * @throws InputError for presets with different magnitude exponents, or none
 */
export function separateConstantQ(
  samples: Float32Array,
  sampleRateHertz: Hertz,
  presets: readonly Preset[],
  onSlice: (slices: number) => void = () => {},
): Float32Array[] {
  const [exponent, ...others] = new Set(presets.map((preset) => preset.magnitudeExponent));
  if (exponent === undefined) throw new InputError('presets must contain at least one preset, got 0');
  if (others.length > 0) {
    throw new InputError(`magnitudeExponent must be equal in all presets, got ${[exponent, ...others].join(' and ')}`);
  }
  const transform = new InvertibleConstantQ(sampleRateHertz);
  const { frames, scales } = transform;
  const bins = scales.length;
  const sampled = presets.map((preset) => sampleTemplates(preset, transform));
  const templates = sampled.reduce((sum, values) => sum + values.length / bins, 0);
  const config = { frames, bins, templates };
  const magnitudes = new Float32Array(frames * bins);
  let slices = 0;
  return transform.process(samples, presets.length, (slice, outputs) => {
    for (let band = 0; band < bins; band++) {
      for (let frame = 0; frame < frames; frame++) {
        const index = band * frames + frame;
        const magnitude = Math.hypot(slice.real[index]!, slice.imaginary[index]!) * scales[band]!;
        magnitudes[frame * bins + band] = magnitude ** exponent;
      }
    }
    const nmf = new Nmf(new Kernel(Nmf.requiredBytes(config)), config, magnitudes);
    let first = 0;
    for (const values of sampled) {
      nmf.templates.set(values, first);
      first += values.length;
    }
    nmf.activations.fill(1 / templates);
    nmf.update(UPDATES, 'activations');
    maskSlice(slice, outputs, nmf, sampled);
    onSlice(++slices);
  });
}

/**
 * Separates a file with `separateConstantQ`, holding it in memory, and writes one WAV file for each preset.
 * @throws InputError for a mixture of more than an hour or an output that exists; then no file is left behind
 */
export async function separateFileConstantQ(options: ConstantQFileOptions): Promise<ConstantQFileResult> {
  const { mixturePath, presets, outFolder, format, signal } = options;
  const startMilliseconds = performance.now();
  const paths = outputPaths(outFolder, presets, false, format);
  const mode = options.isReplacing === true ? 'replace' : 'create';
  await requireOutputs(paths, separationRules(options));
  const { samples, sampleRateHertz, channels, remarks } = await readRecording(mixturePath, LONGEST_SECONDS, 'best');
  const { sliceSamples, frames } = new InvertibleConstantQ(sampleRateHertz);
  const expected = Math.ceil(samples.length / (sliceSamples / 2)) + 1;
  let slices = 0;
  const outputs = separateConstantQ(samples, sampleRateHertz, presets, (done) => {
    signal.throwIfAborted();
    slices = done;
    options.onProgress?.(Math.min(1, done / expected));
  });
  const files: SeparatedFile[] = [];
  for (const [[preset, path], output] of paired(paired(presets, paths), outputs)) {
    const writer = await createTrack(path, sampleRateHertz, format, mode);
    try {
      await writer.write(output);
      await writer.close();
    } catch (error) {
      await writer.abort();
      throw error;
    }
    files.push({ speaker: preset.name, path: writer.path, clippedSamples: writer.clippedSamples });
  }
  options.onBlock?.(samples, outputs);
  return {
    files,
    sampleRateHertz,
    channels,
    samples: samples.length,
    sliceSamples,
    hopSamples: Math.round(sliceSamples / frames),
    realTimeFactor: samples.length / sampleRateHertz / ((performance.now() - startMilliseconds) / 1000),
    frames: slices * frames,
    iterations: UPDATES,
    remarks,
  };
}

/** @returns [copies * templates x bands], each row with mean 1 */
function sampleTemplates(preset: Preset, { frequenciesHertz, durationsSeconds }: InvertibleConstantQ): Float32Array {
  const network = presetNetwork(preset);
  const bands = frequenciesHertz.length;
  const { templates } = network;
  const values = new Float32Array(FREQUENCY_SCALES.length * templates * bands);
  FREQUENCY_SCALES.forEach((frequencyScale, copy) => {
    frequenciesHertz.forEach((frequencyHertz, band) => {
      const place = [Math.min(frequencyHertz * frequencyScale, preset.bandwidthHertz)];
      const column = network.sample(place, durationsSeconds[band]!);
      for (let k = 0; k < templates; k++) values[(copy * templates + k) * bands + band] = column[k]!;
    });
  });
  return normalizeRows(values, bands);
}

/** Writes the masked slice to `outputs`. The mask is the speaker's model over the sum of all models, raised to the mask exponent. */
function maskSlice(
  slice: ConstantQSlice,
  outputs: readonly ConstantQSlice[],
  nmf: Nmf,
  sampled: readonly Float32Array[],
): void {
  const { frames } = slice;
  const bins = slice.real.length / frames;
  const templates = nmf.templates.length / bins;
  const models = sampled.map(() => new Float64Array(bins));
  const speakers = paired(sampled, models);
  const masked = paired(outputs, models);
  for (let frame = 0; frame < frames; frame++) {
    let first = 0;
    for (const [values, model] of speakers) {
      model.fill(MODEL_FLOOR);
      const count = values.length / bins;
      for (let k = first; k < first + count; k++) {
        const activation = nmf.activations[frame * templates + k]!;
        if (activation < 1e-9) continue;
        for (let band = 0; band < bins; band++) model[band]! += activation * nmf.templates[k * bins + band]!;
      }
      first += count;
    }
    for (const model of models) {
      for (let band = 0; band < bins; band++) model[band] = maskPower(model[band]!, PARAMETERS.maskExponent.default);
    }
    for (let band = 0; band < bins; band++) {
      const total = models.reduce((sum, model) => sum + model[band]!, 0);
      const index = band * frames + frame;
      for (const [output, model] of masked) {
        const share = model[band]! / total;
        output.real[index] = share * slice.real[index]!;
        output.imaginary[index] = share * slice.imaginary[index]!;
      }
    }
  }
}
