/** How well a separation did: metrics that agree with the implementations the field publishes with. */

export { BSS_EVAL_FILTER_TAPS, type BssEvalOptions, type BssEvalResult, bssEval } from './bssEval.ts';
export { type Mixture, mixAtSnr } from './mixture.ts';
export { polyphaseResample } from './polyphaseResample.ts';
export type { Signal } from './signal.ts';
export { siSdr } from './siSdr.ts';
export { type StoiOptions, stoi } from './stoi.ts';
