import type { SpeakerSet } from '../../../engine/model/SpeakerSet.ts';
import { type FrequencyBands, sumIntoBands } from '../../../engine/separator/FrequencyBands.ts';

/** @returns the templates of all speakers, concatenated: [templates x bins] */
export function binTemplates({ speakers }: SpeakerSet): Float32Array {
  return joined(speakers.map(({ values }) => values));
}

/** @returns the same merged into bands, as in the separator's solver: [templates x bands] */
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
