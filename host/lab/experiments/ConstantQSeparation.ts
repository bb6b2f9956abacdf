import { join } from 'node:path';
import { InputError } from '../../../engine/core/errors.ts';
import type { Hertz } from '../../../engine/core/units.ts';
import { Nmf } from '../../../engine/factorization/Nmf.ts';
import { Kernel } from '../../../engine/kernel/Kernel.ts';
import { normalizeRows } from '../../../engine/model/normalizeRows.ts';
import { type Preset, presetNetwork } from '../../../engine/model/Preset.ts';
import { FREQUENCY_SCALES } from '../../../engine/model/SpeakerSet.ts';
import { PARAMETERS } from '../../../engine/separator/parameters.ts';
import { maskPower } from '../../../engine/separator/WienerMask.ts';
import { type ConstantQSlice, InvertibleConstantQ } from '../../../engine/transform/index.ts';
import { readRecording } from '../../audio/readRecording.ts';
import { WavWriter } from '../../audio/WavWriter.ts';
import {
  type FileSeparationOptions,
  type FileSeparationResult,
  outputNames,
  requireNotOverwritten,
} from '../../offline/FileSeparation.ts';

const UPDATES = 40;
/** Where nobody is modelled, all get the same share. */
const MODEL_FLOOR = 1e-12;
/** Bands hold a slice and all its coefficients in memory; an hour of sound is a gigabyte. */
const LONGEST_SECONDS = 3600;

/**
 * Separates a whole recording on an invertible constant-Q instead of the live STFT, with the same presets: their networks are asked
 * for each band's own frequency and window. Offline. The outputs sum to the mixture.
 * @param onSlice told after each slice, how many have been done; may throw to cancel
 * @returns one output for each preset, as long as the samples
 */
export function separateConstantQ(
  samples: Float32Array,
  sampleRateHertz: Hertz,
  presets: readonly Preset[],
  onSlice: (slices: number) => void = () => {},
): Float32Array[] {
  const exponent = presets[0]!.magnitudeExponent;
  if (presets.some((preset) => preset.magnitudeExponent !== exponent)) {
    throw new InputError('speakers must share one magnitude exponent');
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

/** `separateFile` on the constant-Q: the same files and report, whole files in memory. */
export async function separateFileConstantQ(options: FileSeparationOptions): Promise<FileSeparationResult> {
  const { mixturePath, presets, outFolder, format, signal } = options;
  const startMilliseconds = performance.now();
  const paths = outputNames(presets, false).map((name) => join(outFolder, `${name}.wav`));
  requireNotOverwritten(paths, [mixturePath, ...(options.protectedPaths ?? [])]);
  const { samples, sampleRateHertz, channels } = await readRecording(mixturePath, LONGEST_SECONDS);
  const { sliceSamples, frames } = new InvertibleConstantQ(sampleRateHertz);
  const expected = Math.ceil(samples.length / (sliceSamples / 2)) + 1;
  let slices = 0;
  const outputs = separateConstantQ(samples, sampleRateHertz, presets, (done) => {
    signal.throwIfAborted();
    slices = done;
    options.onProgress?.(Math.min(1, done / expected));
  });
  const files: FileSeparationResult['files'][number][] = [];
  for (const [index, path] of paths.entries()) {
    const writer = await WavWriter.create(path, sampleRateHertz, format);
    try {
      await writer.write(outputs[index]!);
      await writer.close();
    } catch (error) {
      await writer.abort();
      throw error;
    }
    files.push({ speaker: presets[index]!.name, path: writer.path, clippedSamples: writer.clippedSamples });
  }
  options.onBlock?.(samples, outputs);
  return {
    files,
    sampleRateHertz,
    channels,
    samples: samples.length,
    windowSamples: sliceSamples,
    hopSamples: Math.round(sliceSamples / frames),
    latencySamples: sliceSamples,
    realTimeFactor: samples.length / sampleRateHertz / ((performance.now() - startMilliseconds) / 1000),
    frames: slices * frames,
    meanIterations: UPDATES,
    meanRelativeGap: null,
    largestRelativeGap: null,
  };
}

/** [templates x bands], each row with mean 1 */
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

/** Shares of each coefficient: a speaker's model over all speakers', with the live engine's exponent. */
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
  for (let frame = 0; frame < frames; frame++) {
    let first = 0;
    models.forEach((model, speaker) => {
      model.fill(MODEL_FLOOR);
      const count = sampled[speaker]!.length / bins;
      for (let k = first; k < first + count; k++) {
        const activation = nmf.activations[frame * templates + k]!;
        if (activation < 1e-9) continue;
        for (let band = 0; band < bins; band++) model[band]! += activation * nmf.templates[k * bins + band]!;
      }
      first += count;
    });
    for (const model of models) {
      for (let band = 0; band < bins; band++) model[band] = maskPower(model[band]!, PARAMETERS.maskExponent.default);
    }
    for (let band = 0; band < bins; band++) {
      const total = models.reduce((sum, model) => sum + model[band]!, 0);
      const index = band * frames + frame;
      outputs.forEach((output, speaker) => {
        const share = models[speaker]![band]! / total;
        output.real[index] = share * slice.real[index]!;
        output.imaginary[index] = share * slice.imaginary[index]!;
      });
    }
  }
}
