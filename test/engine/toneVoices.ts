import type { Hertz, Samples } from '../../engine/core/units.ts';
import type { SampledSpeaker, SpeakerSet } from '../../engine/model/SpeakerSet.ts';
import { withVoices } from '../../engine/model/speakerOutputs.ts';
import { binCount, planStft } from '../../engine/stft/StftPlan.ts';

export const TONE_RATE: Hertz = 16_000;
/** Largest voice; each has a band of its own. */
export const TONE_VOICES = 16;

const plan = planStft({ sampleRateHertz: TONE_RATE });
const bins = binCount(plan);
const binHertz = TONE_RATE / plan.windowSamples;

/** Frequency of the tone that is a voice, in the middle of its band. @param voice 1 to TONE_VOICES */
export function toneHertz(voice: number): Hertz {
  const band = Math.floor(bins / TONE_VOICES);
  return (voice - 0.5) * band * binHertz;
}

/** A speaker set in which each voice has one template: its own band. */
export function toneSpeakers(voices: readonly number[]): SpeakerSet {
  return withVoices({ plan, magnitudeExponent: 0.5, bins, speakers: voices.map(toneSpeaker) }, voices);
}

function toneSpeaker(voice: number): SampledSpeaker {
  const band = Math.floor(bins / TONE_VOICES);
  const values = new Float32Array(bins).fill(1e-6);
  values.fill(1, (voice - 1) * band, voice * band);
  const mean = values.reduce((total, value) => total + value, 0) / bins;
  return { name: `tone ${voice}`, templates: 1, values: values.map((value) => value / mean) };
}

/** Adds the tone of a voice from one sample to another, with ramps of 10 ms inside. */
export function addTone(signal: Float32Array, voice: number, from: Samples, to: Samples): void {
  const omega = (2 * Math.PI * toneHertz(voice)) / TONE_RATE;
  const ramp = TONE_RATE / 100;
  for (let n = from; n < to; n++) {
    const gain = Math.min(1, (n - from) / ramp, (to - n) / ramp);
    signal[n]! += 0.1 * gain * Math.sin(omega * n);
  }
}

/** @returns amplitude of the voice's tone in a part of a signal */
export function toneAmplitude(signal: Float32Array, voice: number, from: Samples, to: Samples): number {
  const omega = (2 * Math.PI * toneHertz(voice)) / TONE_RATE;
  let [cosine, sine] = [0, 0];
  for (let n = from; n < to; n++) {
    // A Hann window, so that tones of other voices do not count.
    const weight = 1 - Math.cos((2 * Math.PI * (n - from)) / (to - from));
    cosine += weight * signal[n]! * Math.cos(omega * n);
    sine += weight * signal[n]! * Math.sin(omega * n);
  }
  return (2 * Math.hypot(cosine, sine)) / (to - from);
}
