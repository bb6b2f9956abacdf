import type { Seconds } from '../../engine/core/units.ts';
import { clockText, decimalText } from '../base/numberText.ts';

/** A time with tenths, such as 01:02.3, in German 01:02,3. */
export function tenthsText(seconds: Seconds): string {
  const tenths = Math.round(seconds * 10);
  return `${clockText(Math.floor(tenths / 10))}${decimalText((tenths % 10) / 10, 1).slice(1)}`;
}

/** Label of the time axis: tenths where its step is under a second. */
export function tickText(seconds: Seconds, stepSeconds: Seconds): string {
  return stepSeconds < 1 ? tenthsText(seconds) : clockText(Math.round(seconds));
}

/** A length, such as 8 s, 1 min 5 s or 1 h 2 min. */
export function lengthText(seconds: Seconds): string {
  if (seconds < 9.95) return `${decimalText(seconds, 1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor(whole / 60) % 60} min`;
}
