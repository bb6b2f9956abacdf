import { InputError, requireNumber } from '../core/errors.ts';
import type { Seconds } from '../core/units.ts';

/** What can be turned while the separator runs. One frozen object, taken as a whole at the start of a block. */
export interface SeparatorParameters {
  /** Solver iterations a frame at most; it stops earlier where the activations have settled. */
  readonly iterations: number;
  /** q of the mask (W_s h_s)^q / sum over speakers, on models of |X|^0.5: 2 divides by magnitude, 4 by power; more decides harder. */
  readonly maskExponent: number;
  /** Gain below which no mask falls, linear. Above 0 the outputs no longer sum to the input. */
  readonly maskFloor: number;
  /** Share of what no speaker explains that goes to the rest, 0 to 1. */
  readonly rest: number;
}

/** The one table of parameters: hosts show, check and automate from it. */
export const PARAMETERS: {
  readonly [Name in keyof SeparatorParameters]: {
    readonly label: string;
    readonly minimum: number;
    readonly maximum: number;
    readonly default: number;
  };
} = {
  iterations: { label: 'Iterations', minimum: 1, maximum: 1000, default: 8 },
  maskExponent: { label: 'Mask exponent', minimum: 0.25, maximum: 8, default: 2 },
  maskFloor: { label: 'Mask floor', minimum: 0, maximum: 1, default: 0 },
  rest: { label: 'Rest', minimum: 0, maximum: 1, default: 0 },
};

/** A parameter that jumps reaches its new value within this time, so that it does not click. */
export const PARAMETER_RAMP_SECONDS: Seconds = 0.05;

/** Completes and checks parameters. @throws InputError naming the parameter, its value and its range */
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
