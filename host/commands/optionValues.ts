import { stat } from 'node:fs/promises';
import { InputError, requireInteger, requireNumber } from '../../engine/core/errors.ts';
import type { Seconds } from '../../engine/core/units.ts';
import { LATENCY_MODE_SECONDS, type LatencyMode } from '../../engine/stft/StftPlan.ts';

/** Parsers of option values, for commander: each takes the text and throws an InputError that names the option. */
export function integerOption(name: string, minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = numberOf(name, text);
    requireInteger(name, value, minimum, maximum);
    return value;
  };
}

export function numberOption(name: string, minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = numberOf(name, text);
    requireNumber(name, value, minimum, maximum);
    return value;
  };
}

export function choiceOption<T extends string>(name: string, choices: readonly T[]): (text: string) => T {
  return (text) => {
    const choice = choices.find((candidate) => candidate === text);
    if (choice === undefined) throw new InputError(`${name} must be ${choices.join(' or ')}, got "${text}"`);
    return choice;
  };
}

/** A mode's name, or milliseconds. @returns the mode, or seconds */
export function latencyOption(text: string): LatencyMode | Seconds {
  const modes = Object.keys(LATENCY_MODE_SECONDS) as LatencyMode[];
  const mode = modes.find((candidate) => candidate === text.toLowerCase());
  if (mode !== undefined) return mode;
  const milliseconds = Number(text.replace(/\s*ms$/, ''));
  if (text.trim() === '' || !Number.isFinite(milliseconds)) {
    throw new InputError(`--latency must be ${modes.join(', ')} or milliseconds, got "${text}"`);
  }
  requireNumber('--latency in ms', milliseconds, 2, 500);
  return milliseconds / 1000;
}

/** @throws InputError for a window that is shorter than the latency, both as the user has given them */
export function requireWindow({
  window,
  latency,
}: {
  readonly window?: number;
  readonly latency: LatencyMode | Seconds;
}): void {
  if (window === undefined) return;
  const latencySeconds = typeof latency === 'number' ? latency : LATENCY_MODE_SECONDS[latency];
  requireNumber('--window in ms', window, latencySeconds * 1000, 1000);
}

/**
 * Collects a comma-separated option that may come several times. What is the name of an existing file is not cut at its commas.
 * @throws InputError for an empty item
 */
export async function commaSeparated(name: string, texts: readonly string[]): Promise<string[]> {
  const items: string[] = [];
  for (const text of texts) {
    const facts = await stat(text).catch(() => null);
    items.push(...(facts?.isFile() === true ? [text] : text.split(',').map((item) => item.trim())));
  }
  if (items.some((item) => item === '')) throw new InputError(`${name} has an empty item in "${texts.join(' ')}"`);
  return items;
}

export function collect(text: string, previous: readonly string[] | undefined): string[] {
  return [...(previous ?? []), text];
}

function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) throw new InputError(`${name} must be a number, got "${text}"`);
  return value;
}
