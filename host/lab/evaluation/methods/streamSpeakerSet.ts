import type { SpeakerSet } from '../../../../engine/model/SpeakerSet.ts';
import type { SeparatorParameters } from '../../../../engine/separator/parameters.ts';
import { Separator } from '../../../../engine/separator/Separator.ts';

/**
 * Separates a mixture with the live engine.
 * @param mixture [samples]
 * @param parameters @default those of the live engine
 * @returns [speakers][samples], aligned with the mixture
 */
export function streamSpeakerSet(
  speakerSet: SpeakerSet,
  mixture: Float32Array,
  parameters: Partial<SeparatorParameters> = {},
): Float32Array[] {
  const separator = new Separator(speakerSet, { parameters });
  const { latencySamples } = separator;
  const input = new Float32Array(mixture.length + latencySamples);
  input.set(mixture);
  const speakers = speakerSet.speakers.map(() => new Float32Array(input.length));
  separator.process(input, { speakers });
  return speakers.map((output) => output.subarray(latencySamples));
}
