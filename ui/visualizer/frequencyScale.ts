import type { Hertz } from '../../engine/core/units.ts';
import { bandEdgesHertz, SPECTRUM_BANDS } from '../../engine/realtime/telemetryFrame.ts';
import { decimalText } from '../base/numberText.ts';

export type FrequencyScale = 'log' | 'linear';

/** Displayed range: from the lowest voice pitch to the upper end of sibilants. */
const LOWEST_HERTZ: Hertz = 60;
const HIGHEST_HERTZ: Hertz = 16_000;
const TICKS_HERTZ: readonly Hertz[] = [100, 200, 500, 1000, 2000, 5000, 10_000];

/** Upper end of the frequency axis. */
export function topHertz(sampleRateHertz: Hertz): Hertz {
  return Math.min(HIGHEST_HERTZ, sampleRateHertz / 2);
}

/** @param height 0 (bottom) to 1 (top) */
export function hertzAt(height: number, scale: FrequencyScale, top: Hertz): Hertz {
  return scale === 'linear' ? height * top : LOWEST_HERTZ * (top / LOWEST_HERTZ) ** height;
}

/** @returns 0 (bottom) to 1 (top) */
export function heightOf(hertz: Hertz, scale: FrequencyScale, top: Hertz): number {
  return scale === 'linear' ? hertz / top : Math.log(hertz / LOWEST_HERTZ) / Math.log(top / LOWEST_HERTZ);
}

/** Frequencies to label on the axis, ascending. */
export function ticksHertz(scale: FrequencyScale, top: Hertz): readonly Hertz[] {
  if (scale === 'log') return TICKS_HERTZ.filter((hertz) => hertz < top * 0.9);
  const step = top > 9000 ? 4000 : 2000;
  return Array.from({ length: Math.ceil(top / step) - 1 }, (_, index) => (index + 1) * step);
}

export function hertzLabel(hertz: Hertz): string {
  if (hertz < 995) return `${Math.round(hertz)} Hz`;
  return `${decimalText(hertz / 1000, hertz < 9950 && hertz % 1000 !== 0 ? 2 : 0)} kHz`;
}

/**
 * Maps rows, from the top, to the two nearest spectrum bands.
 * @param bands [rows] output: the lower of the two bands
 * @param weights [rows] output: weight of the upper band, in 256ths
 */
export function mapRows(
  sampleRateHertz: Hertz,
  scale: FrequencyScale,
  rows: number,
  bands: Uint8Array,
  weights: Uint8Array,
): void {
  const edges = bandEdgesHertz(sampleRateHertz);
  const top = topHertz(sampleRateHertz);
  let band = 0;
  for (let row = rows - 1; row >= 0; row--) {
    const hertz = hertzAt((rows - row - 0.5) / rows, scale, top);
    const centre = (each: number) => (edges[each]! + edges[each + 1]!) / 2;
    while (band < SPECTRUM_BANDS - 2 && centre(band + 1) <= hertz) band++;
    const [low, high] = [centre(band), centre(band + 1)];
    bands[row] = band;
    weights[row] = Math.round(255 * Math.min(1, Math.max(0, (hertz - low) / (high - low))));
  }
}
