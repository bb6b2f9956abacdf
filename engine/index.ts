/** Unmingle's engine: pure TypeScript, for Node, workers, AudioWorklets and pages. */

export { AdaptationFit } from './adaptation/AdaptationFit.ts';
export { InputError } from './core/errors.ts';
export { MAXIMUM_SPEAKERS } from './core/limits.ts';
export { Random } from './core/Random.ts';
export { SampleRing } from './core/SampleRing.ts';
export {
  amplitudeToDecibels,
  type Decibels,
  decibelsToAmplitude,
  type Hertz,
  powerToDecibels,
  type Samples,
  type Seconds,
} from './core/units.ts';
export {
  type BssEvalOptions,
  type BssEvalResult,
  bssEval,
  type Mixture,
  mixAtSnr,
  type Signal,
  type StoiOptions,
  siSdr,
  stoi,
} from './evaluation/index.ts';
export { ActivationSolver, type ActivationSolverConfig } from './factorization/ActivationSolver.ts';
export { BasisFunctions, type CoordinateBasis, type CoordinateFunctions } from './factorization/CoordinateBasis.ts';
export { klDivergence } from './factorization/divergence.ts';
export {
  activatePoints,
  factorizePoints,
  POINT_METHODS,
  type PointFactors,
  type PointMethod,
  type PointOptions,
} from './factorization/factorizePoints.ts';
export { HatBasis } from './factorization/HatBasis.ts';
export type { MagnitudePoints } from './factorization/MagnitudePoints.ts';
export { Nmf, type NmfConfig } from './factorization/Nmf.ts';
export { durationsOver, SmearedFunctions } from './factorization/SmearedFunctions.ts';
export { KERNEL_VARIANTS, Kernel, type KernelArray, type KernelVariant } from './kernel/Kernel.ts';
export { MatrixVectorProduct } from './kernel/MatrixVectorProduct.ts';
export { RealFft } from './kernel/RealFft.ts';
export {
  adaptationKey,
  adaptSpeakerSet,
  type JointAdaptation,
  parseAdaptation,
  serializeAdaptation,
} from './model/JointAdaptation.ts';
export {
  MAXIMUM_PRESET_BYTES,
  type Preset,
  parsePreset,
  presetHash,
  presetNetwork,
  requirePresetName,
  serializePreset,
  type TrainingFacts,
} from './model/Preset.ts';
export { evidenceHash, parseEvidence, type SpeakerEvidence, serializeEvidence } from './model/SpeakerEvidence.ts';
export { emptySpeakerSet, type SampledSpeaker, type SpeakerSet, sampleSpeakerSet } from './model/SpeakerSet.ts';
export { TemplateNetwork } from './network/TemplateNetwork.ts';
export { LevelMeter } from './realtime/LevelMeter.ts';
export { Mixer } from './realtime/Mixer.ts';
export type { MixSettings, StripSettings } from './realtime/MixSettings.ts';
export { PARAMETERS, resolveParameters, type SeparatorParameters } from './separator/parameters.ts';
export type { SeparationView } from './separator/SeparationView.ts';
export { Separator, type SeparatorOptions, type SeparatorOutputs } from './separator/Separator.ts';
export type { SeparatorState } from './separator/SeparatorState.ts';
export type { Telemetry } from './separator/Telemetry.ts';
export { InverseStft } from './stft/InverseStft.ts';
export { Stft } from './stft/Stft.ts';
export {
  binCount,
  effectiveDurationSeconds,
  LATENCY_MODE_SECONDS,
  LATENCY_RANGE_SECONDS,
  type LatencyMode,
  latencySamples,
  planStft,
  type StftPlan,
  type StftPlanOptions,
} from './stft/StftPlan.ts';
export {
  asymmetricPair,
  equivalentNoiseBandwidthBins,
  sineWindow,
  symmetricPair,
  type WindowPair,
} from './stft/window.ts';
export * from './transform/index.ts';
