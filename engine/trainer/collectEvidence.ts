import { Random } from '../core/Random.ts';
import { Kernel } from '../kernel/Kernel.ts';
import {
  EVIDENCE_WINDOW_SECONDS,
  evidenceFrames,
  quantizeEvidence,
  type SpeakerEvidence,
} from '../model/SpeakerEvidence.ts';
import { magnitudeScale } from '../stft/magnitudes.ts';
import { Stft } from '../stft/Stft.ts';
import { planStft } from '../stft/StftPlan.ts';
import { joinSpeech, type Recording } from './speech.ts';

/**
 * Draws random frames of a speaker's speech as evidence for joint adaptation, scaled to a common level.
 * @param seconds maximum duration of the speech from which frames are drawn
 * @throws InputError for unusable recordings
 */
export function collectEvidence(
  name: string,
  recordings: readonly Recording[],
  seconds: number,
  seed: number,
): SpeakerEvidence {
  const { samples, sampleRateHertz } = joinSpeech(recordings, seconds);
  const { windows, windowSamples, hopSamples } = planStft({
    sampleRateHertz,
    windowSeconds: EVIDENCE_WINDOW_SECONDS,
  });
  const bins = windowSamples / 2 + 1;
  const energy = samples.reduce((sum, value) => sum + value * value, 0);
  const gain = magnitudeScale(windows.analysis, sampleRateHertz) / Math.sqrt(energy / samples.length);
  const stft = new Stft(new Kernel(Stft.requiredBytes(windowSamples)), windows.analysis, hopSamples);
  const frames = Math.floor(samples.length / hopSamples);
  const firstWhole = Math.ceil(windowSamples / hopSamples);
  const count = Math.min(frames - firstWhole, evidenceFrames(bins));
  const chosen = new Random(seed).sample(frames - firstWhole, count);
  const placeOfFrame = new Map(chosen.map((frame, place) => [frame + firstWhole, place]));
  const spectra: Float32Array[] = [];
  for (let frame = 0; frame < frames; frame++) {
    stft.push(samples, frame * hopSamples, hopSamples);
    const place = placeOfFrame.get(frame);
    if (place === undefined) {
      stft.skip();
      continue;
    }
    stft.transform();
    spectra[place] = Float32Array.from(
      { length: bins },
      (_, bin) => gain * Math.hypot(stft.spectrum[2 * bin]!, stft.spectrum[2 * bin + 1]!),
    );
  }
  return quantizeEvidence(name, sampleRateHertz / windowSamples, spectra);
}
