import { Option } from 'commander';
import { InputError, requireNumber } from '../../engine/core/errors.ts';
import type { Seconds } from '../../engine/core/units.ts';
import {
  DEFAULT_WINDOW_SECONDS,
  LATENCY_MODE_SECONDS,
  LATENCY_RANGE_SECONDS,
  type LatencyMode,
} from '../../engine/stft/StftPlan.ts';
import { WINDOW_RANGE_SECONDS } from '../protocol/fields.ts';
import { numberOption, withChoices } from './optionValues.ts';

/** Parsed values of `latencyOption` and `windowOption`. */
export interface StreamOptions {
  /** A mode, or seconds. */
  readonly latency: LatencyMode | Seconds;
  /** Analysis window in milliseconds. undefined: 40 ms, or the latency if that is longer. */
  readonly window?: number;
}

const LATENCY_MILLISECONDS = milliseconds(LATENCY_RANGE_SECONDS);
const WINDOW_MILLISECONDS = milliseconds(WINDOW_RANGE_SECONDS);

/** `--latency`, the same in every command that separates. @param addition appended to its help text */
export function latencyOption(addition = ''): Option {
  return new Option(
    '--latency <mode|ms>',
    `ear (8 ms), monitor (16), call (32), studio (64), or milliseconds${addition}`,
  )
    .argParser(withChoices(Object.keys(LATENCY_MODE_SECONDS), parseLatency))
    .default('monitor');
}

/** `--window`, the same in every command that separates. */
export function windowOption(): Option {
  return new Option(
    '--window <ms>',
    `analysis window (default: ${DEFAULT_WINDOW_SECONDS * 1000}, or the latency if longer)`,
  ).argParser(numberOption('--window', WINDOW_MILLISECONDS.minimum, WINDOW_MILLISECONDS.maximum));
}

/** @throws InputError for a window shorter than the latency */
export function requireWindow({ window, latency }: StreamOptions): void {
  if (window === undefined) return;
  const latencySeconds = typeof latency === 'number' ? latency : LATENCY_MODE_SECONDS[latency];
  requireNumber('--window in ms', window, latencySeconds * 1000, WINDOW_MILLISECONDS.maximum);
}

/** @param text a mode's name, or milliseconds */
function parseLatency(text: string): LatencyMode | Seconds {
  const modes = Object.keys(LATENCY_MODE_SECONDS) as LatencyMode[];
  const mode = modes.find((candidate) => candidate === text.toLowerCase());
  if (mode !== undefined) return mode;
  const milliseconds = Number(text.replace(/\s*ms$/, ''));
  if (text.trim() === '' || !Number.isFinite(milliseconds)) {
    throw new InputError(`--latency must be ${modes.join(', ')} or milliseconds, got "${text}"`);
  }
  requireNumber('--latency in ms', milliseconds, LATENCY_MILLISECONDS.minimum, LATENCY_MILLISECONDS.maximum);
  return milliseconds / 1000;
}

function milliseconds({ minimum, maximum }: { readonly minimum: Seconds; readonly maximum: Seconds }) {
  return { minimum: 1000 * minimum, maximum: 1000 * maximum };
}
