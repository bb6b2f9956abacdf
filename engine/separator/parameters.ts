import { InputError, requireNumber } from '../core/errors.ts';
import type { Seconds } from '../core/units.ts';

/** Parameters that can change while the separator runs. One frozen object, applied as a whole at the start of a block. */
export interface SeparatorParameters {
  /**
   * Largest number of solver iterations per frame; the solver stops earlier once the activations have converged. More than the default fit the
   * frame better but do not separate better (test/experiments/quality).
   */
  readonly iterations: number;
  /** Exponent q of the mask (W_s h_s)^q / sum over speakers. On models of |X|^0.5, 2 divides by magnitude and 4 by power; higher is harder. */
  readonly maskExponent: number;
  /** Smallest gain of a speaker's mask, linear, 0 to 1. Above 0 the outputs no longer sum to the input. */
  readonly maskFloor: number;
  /** Share of the residual that no speaker explains which goes to the rest, 0 to 1. */
  readonly rest: number;
  /**
   * How far the masks follow who speaks now, 0 to 1. At 0 every frame is separated by itself; at 1 the track of a speaker who seems silent
   * holds as little of the others as possible.
   */
  readonly separationStrength: number;
}

/** Label, range and default of each parameter, for display, validation and automation. */
export const PARAMETERS: {
  readonly [Name in keyof SeparatorParameters]: {
    readonly label: string;
    readonly minimum: number;
    readonly maximum: number;
    readonly default: number;
  };
} = {
  iterations: { label: 'Iterations', minimum: 1, maximum: 1000, default: 5 },
  maskExponent: { label: 'Mask exponent', minimum: 0.25, maximum: 8, default: 2 },
  maskFloor: { label: 'Mask floor', minimum: 0, maximum: 1, default: 0 },
  rest: { label: 'Rest', minimum: 0, maximum: 1, default: 0 },
  separationStrength: { label: 'Separation strength', minimum: 0, maximum: 1, default: 0.75 },
};

/** Changes of parameters are spread over up to this time, so that they do not click. */
export const PARAMETER_RAMP_SECONDS: Seconds = 0.05;

/** Validates parameters and fills in defaults. @throws InputError naming the parameter, its value and its range */
export function resolveParameters(changes: Partial<SeparatorParameters> = {}): SeparatorParameters {
  const resolved: Record<string, number> = {};
  for (const [name, range] of Object.entries(PARAMETERS)) {
    const value = changes[name as keyof SeparatorParameters] ?? range.default;
    requireNumber(name, value, range.minimum, range.maximum);
    resolved[name] = value;
  }
  for (const name of Object.keys(changes)) {
    if (!(name in PARAMETERS)) {
      throw new InputError(`unknown parameter "${name}"; there are ${Object.keys(PARAMETERS).join(', ')}`);
    }
  }
  return Object.freeze(resolved) as unknown as SeparatorParameters;
}
