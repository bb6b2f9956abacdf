import type { SpeakerSet } from '../../../engine/model/SpeakerSet.ts';
import { type FrequencyBands, sumIntoBands } from '../../../engine/separator/FrequencyBands.ts';

/** The templates of all speakers, one speaker after the other: [templates x bins]. */
export function binTemplates({ speakers }: SpeakerSet): Float32Array {
  return joined(speakers.map(({ values }) => values));
}

/** The same as the separator's solver sees them: [templates x bands]. */
export function bandTemplates({ speakers }: SpeakerSet, bands: FrequencyBands): Float32Array {
  return joined(
    speakers.map(({ values, templates }) => {
      const rows = new Float32Array(templates * bands.weights.length);
      sumIntoBands(values, bands, rows, templates);
      return rows;
    }),
  );
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((total, part) => total + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
