import type { Seconds } from '../../engine/core/units.ts';

/** Formats numbers with their unit for display. Fixed decimals keep the text width stable. */

export function millisecondsText(seconds: Seconds): string {
  return `${(seconds * 1000).toFixed(1)} ms`;
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
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

export function decibelText(decibels: number): string {
  return `${decibels.toFixed(1).replace('-', '−')} dB`;
}

export function countText(count: number): string {
  return count.toLocaleString('en').replaceAll(',', ' ');
}
