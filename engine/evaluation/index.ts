/** Metrics of separation quality, in agreement with the implementations used for published figures. */

export { BSS_EVAL_FILTER_TAPS, type BssEvalOptions, type BssEvalResult, bssEval } from './bssEval.ts';
export { type Mixture, mixAtSnr } from './mixture.ts';
export { polyphaseResample } from './polyphaseResample.ts';
export type { Signal } from './signal.ts';
export { siSdr } from './siSdr.ts';
export { type StoiOptions, stoi } from './stoi.ts';
