/** Transforms of whole recordings to points in the time-frequency plane. */

export { AdaptiveStft } from './AdaptiveStft.ts';
export { ConstantQ, type ConstantQOptions } from './ConstantQ.ts';
export {
  type ConstantQSlice,
  InvertibleConstantQ,
  type InvertibleConstantQOptions,
} from './InvertibleConstantQ.ts';
export { MorseWavelet, type MorseWaveletOptions } from './MorseWavelet.ts';
export { ReassignedSpectrogram } from './ReassignedSpectrogram.ts';
export { SinusoidalModel, type SinusoidalModelOptions } from './SinusoidalModel.ts';
export { StftTransform } from './StftTransform.ts';
export { filterPoints, joinPoints, pointEnergy, raisePoints, type TimeFrequencyPoints } from './TimeFrequencyPoints.ts';
export type { TimeFrequencyTransform } from './TimeFrequencyTransform.ts';
