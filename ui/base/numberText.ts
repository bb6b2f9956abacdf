import type { Seconds } from '../../engine/core/units.ts';
import { type Language, language$ } from './language.ts';

/** Formats numbers with their unit for display, as the present language writes them. Fixed decimals keep the text width stable. */

const formats = new Map<string, Intl.NumberFormat>();

function formatOf(language: Language, least: number, most: number): Intl.NumberFormat {
  const key = `${language} ${least} ${most}`;
  let format = formats.get(key);
  if (format === undefined) {
    const digits = { minimumFractionDigits: least, maximumFractionDigits: most };
    format = new Intl.NumberFormat(language, { ...digits, useGrouping: false });
    formats.set(key, format);
  }
  return format;
}

/** A number with a fixed number of decimals. */
export function decimalText(value: number, decimals: number): string {
  return formatOf(language$.value, decimals, decimals).format(value).replace('-', '−');
}

/** A number with as many decimals as it needs, 3 at most. */
export function shortNumberText(value: number): string {
  return formatOf(language$.value, 0, 3).format(value).replace('-', '−');
}

/** A number with three significant digits, as small as it may be. */
export function significantText(value: number): string {
  const digits = { minimumSignificantDigits: 3, maximumSignificantDigits: 3, useGrouping: false };
  return new Intl.NumberFormat(language$.value, digits).format(value).replace('-', '−');
}

/** @returns the form of a noun that goes with a count */
export function plural(count: number, one: string, other: string): string {
  return new Intl.PluralRules(language$.value).select(count) === 'one' ? one : other;
}

export function millisecondsText(seconds: Seconds): string {
  return `${decimalText(seconds * 1000, 1)} ms`;
}

export function percentText(share: number): string {
  return `${Math.round(share * 100)} %`;
}

export function clockText(seconds: Seconds): string {
  const whole = Math.floor(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const rest = `${String(minutes).padStart(2, '0')}:${String(whole % 60).padStart(2, '0')}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

export function bytesText(bytes: number): string {
  if (bytes < 1e6) return `${Math.round(bytes / 1000)} kB`;
  return bytes < 1e9 ? `${decimalText(bytes / 1e6, 1)} MB` : `${decimalText(bytes / 1e9, 2)} GB`;
}

export function decibelText(decibels: number): string {
  return `${decimalText(decibels, 1)} dB`;
}

/** Thousands are set apart by a space in all languages, as in ISO 80000. */
export function countText(count: number): string {
  return count.toLocaleString('en').replaceAll(',', ' ');
}
