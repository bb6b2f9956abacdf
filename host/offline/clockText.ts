import type { Seconds } from '../../engine/core/units.ts';

/**
 * A time in a recording as minutes and seconds, rounded: 1:05, or 1:05.3.
 * @param decimals digits after the decimal point, 0 or more
 */
export function clockText(seconds: Seconds, decimals: number): string {
  const perSecond = 10 ** decimals;
  const perMinute = 60 * perSecond;
  const units = Math.round(perSecond * seconds);
  const rest = ((units % perMinute) / perSecond).toFixed(decimals);
  return `${Math.floor(units / perMinute)}:${rest.padStart(decimals === 0 ? 2 : decimals + 3, '0')}`;
}
