import { join } from 'node:path';
import { Kernel } from '../../../engine/kernel/Kernel.ts';
import { sampleSpeakerSet } from '../../../engine/model/SpeakerSet.ts';
import { mergeBins, sumIntoBands } from '../../../engine/separator/FrequencyBands.ts';
import { magnitudeScale, writeMagnitudes } from '../../../engine/stft/magnitudes.ts';
import { Stft } from '../../../engine/stft/Stft.ts';
import { binCount, planStft } from '../../../engine/stft/StftPlan.ts';
import { readRecording } from '../../audio/readRecording.ts';
import { DEMO_SPEAKERS, demoMixturePath } from '../../files/demoFiles.ts';
import { packageRoot } from '../../files/packageRoot.ts';
import { PRESET_EXTENSION, readPresetFile } from '../../library/PresetLibrary.ts';
import type { MixtureSpectra } from './iterationsToOptimum.ts';
import { bandTemplates, binTemplates } from './speakerSetTemplates.ts';

/** No frequency-scaled copies: the number of templates that the goal was set for. */
const WARPS = [1];

export interface DemoMixture {
  readonly sampleRateHertz: number;
  /** Unmerged bins. */
  readonly bins: MixtureSpectra;
  /** Bands and frequency-scaled copies, as in the separator's solver. */
  readonly bands: MixtureSpectra;
}

/** Loads the bundled mixture of two voices with their presets, window 64 ms, hop 16 ms. @throws InputError for a broken file */
export async function readDemoMixture(): Promise<DemoMixture> {
  const folder = join(packageRoot(), 'presets');
  const { samples, sampleRateHertz } = await readRecording(demoMixturePath());
  const presets = await Promise.all(DEMO_SPEAKERS.map((name) => readPresetFile(join(folder, name + PRESET_EXTENSION))));
  const plan = planStft({ sampleRateHertz, latency: 'studio' });
  const plain = sampleSpeakerSet(presets, plan, WARPS);
  const warped = sampleSpeakerSet(presets, plan);
  const { bins, magnitudeExponent } = plain;
  const { windows, windowSamples, hopSamples } = plan;
  const merged = mergeBins(bins, sampleRateHertz / windowSamples);
  const bandCount = merged.weights.length;
  const stft = new Stft(new Kernel(Stft.requiredBytes(windowSamples)), windows.analysis, hopSamples);
  const scale = magnitudeScale(windows.analysis, sampleRateHertz);
  const frames = Math.floor(samples.length / hopSamples);
  const spectrum = new Float32Array(binCount(plan));
  const magnitudes = new Float32Array(frames * bins);
  for (let frame = 0; frame < frames; frame++) {
    stft.push(samples, frame * hopSamples, hopSamples);
    stft.transform();
    writeMagnitudes(stft.spectrum, scale, magnitudeExponent, spectrum);
    magnitudes.set(spectrum.subarray(0, bins), frame * bins);
  }
  const bandMagnitudes = new Float32Array(frames * bandCount);
  sumIntoBands(magnitudes, merged, bandMagnitudes, frames);
  return {
    sampleRateHertz,
    bins: { bins, magnitudes, templates: binTemplates(plain) },
    bands: { bins: bandCount, magnitudes: bandMagnitudes, templates: bandTemplates(warped, merged) },
  };
}
