import { FADER_RANGE_DECIBELS } from '../../host/protocol/fields.ts';
import { decibelText, percentText } from './numberText.ts';

/** Mapping between a slider's travel, 0 to 1, and its value. */
export interface SliderLaw {
  readonly minimum: number;
  readonly maximum: number;
  /** Change per arrow key; with shift a tenth of it. */
  readonly step: number;
  /** Change per page key. */
  readonly pageStep: number;
  toTravel(value: number): number;
  toValue(travel: number): number;
  /** Text for display and screen readers, with the unit. */
  format(value: number): string;
}

export function linearLaw(
  range: { readonly minimum: number; readonly maximum: number; readonly step: number; readonly pageStep?: number },
  format: (value: number) => string,
): SliderLaw {
  const { minimum, maximum, step, pageStep = step * 10 } = range;
  const span = maximum - minimum;
  return {
    minimum,
    maximum,
    step,
    pageStep,
    format,
    toTravel: (value) => (value - minimum) / span,
    toValue: (travel) => minimum + travel * span,
  };
}

/** Equal travel for equal ratios. */
export function logarithmicLaw(
  range: { readonly minimum: number; readonly maximum: number; readonly step: number; readonly pageStep: number },
  format: (value: number) => string,
): SliderLaw {
  const { minimum, maximum } = range;
  const ratio = maximum / minimum;
  return {
    ...range,
    format,
    toTravel: (value) => Math.log(value / minimum) / Math.log(ratio),
    toValue: (travel) => minimum * ratio ** travel,
  };
}

/** Exponent of the fader curve. As on a mixing console, loud levels get most of the travel: 0 dB is at 72 %. */
const FADER_BEND = 1.8;

export const FADER_LAW: SliderLaw = {
  ...FADER_RANGE_DECIBELS,
  step: 0.5,
  pageStep: 6,
  toTravel: (value) => {
    const { minimum, maximum } = FADER_RANGE_DECIBELS;
    return ((value - minimum) / (maximum - minimum)) ** FADER_BEND;
  },
  toValue: (travel) => {
    const { minimum, maximum } = FADER_RANGE_DECIBELS;
    return minimum + (maximum - minimum) * travel ** (1 / FADER_BEND);
  },
  format: (value) => {
    if (Math.abs(value) < 0.05) return decibelText(0);
    return `${value > 0 ? '+' : ''}${decibelText(value)}`;
  },
};

export const PERCENT_LAW = linearLaw({ minimum: 0, maximum: 1, step: 0.01 }, percentText);

/** Rounds to a tenth of the step, finer than a pointer can aim, and clamps to the range. */
export function roundToLaw({ minimum, maximum, step }: SliderLaw, value: number): number {
  const grid = step / 10;
  return Math.min(maximum, Math.max(minimum, Number((Math.round(value / grid) * grid).toFixed(6))));
}

/** Reads a typed number; a percent sign divides by 100. @returns null if the text does not start with a finite number */
export function parseValue(text: string): number | null {
  const plain = text.trim().replace('−', '-').replace(',', '.');
  if (!/^[-+]?(\d|\.\d)/.test(plain)) return null;
  const value = Number.parseFloat(plain);
  if (!Number.isFinite(value)) return null;
  return plain.includes('%') ? value / 100 : value;
}
