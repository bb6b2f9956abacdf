import type { SpeakerSet } from '../../../../engine/model/SpeakerSet.ts';
import { Separator } from '../../../../engine/separator/Separator.ts';

/**
 * Separates a mixture with the live engine at its default parameters.
 * @param mixture [samples]
 * @returns [speakers][samples], aligned with the mixture
 */
export function streamSpeakerSet(speakerSet: SpeakerSet, mixture: Float32Array): Float32Array[] {
  const separator = new Separator(speakerSet);
  const { latencySamples } = separator;
  const input = new Float32Array(mixture.length + latencySamples);
  input.set(mixture);
  const speakers = speakerSet.speakers.map(() => new Float32Array(input.length));
  separator.process(input, { speakers });
  return speakers.map((output) => output.subarray(latencySamples));
}
