/**
 * The separation engine: pure TypeScript and WebAssembly for Node, workers, AudioWorklets and pages.
 *
 * Parse presets, choose a plan, sample a speaker set, adapt it if there is a joint adaptation, and run a `Separator`. Nothing here reads a file,
 * starts a thread or needs a package. `test/publicExports.md` lists all public exports; changing them is a change of the interface.
 */

export { AdaptationFit } from './adaptation/AdaptationFit.ts';
export { InputError } from './core/errors.ts';
export type { FrequencyRange } from './core/FrequencyRange.ts';
export { MAXIMUM_OUTPUTS, MAXIMUM_SPEAKERS } from './core/limits.ts';
export {
  amplitudeToDecibels,
  type Decibels,
  decibelsToAmplitude,
  type Hertz,
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
export { KERNEL_VARIANTS, type KernelVariant } from './kernel/Kernel.ts';
export { withBackgroundModel } from './model/backgroundModel.ts';
export {
  type AdaptedPresets,
  adaptationKey,
  adaptSpeakerSet,
  type JointAdaptation,
  parseAdaptation,
  serializeAdaptation,
} from './model/JointAdaptation.ts';
export {
  type Preset,
  parsePreset,
  presetHash,
  presetNetwork,
  serializePreset,
  type TrainingFacts,
  type TrainingTransform,
} from './model/Preset.ts';
export { isPresetName, type PresetName, presetName } from './model/PresetName.ts';
export type { SpeakerEmbedding } from './model/SpeakerEmbedding.ts';
export { parseEvidence, type SpeakerEvidence, serializeEvidence } from './model/SpeakerEvidence.ts';
export { emptySpeakerSet, type SampledSpeaker, type SpeakerSet, sampleSpeakerSet } from './model/SpeakerSet.ts';
export type { SpeakerSetShape } from './model/SpeakerSetShape.ts';
export { withChannels, withVoices } from './model/speakerOutputs.ts';
export type { Quefrencies } from './network/features.ts';
export type { MaskNetwork, MaskNetworkShape } from './network/MaskNetwork.ts';
export type { QuantizedLayer } from './network/QuantizedLayer.ts';
export { type DenseLayer, TemplateNetwork } from './network/TemplateNetwork.ts';
export type { SwapPhase, SwapState } from './separator/ChainSwap.ts';
export type { PackedSpeakerSet } from './separator/PackedSpeakerSet.ts';
export { packSpeakerSet } from './separator/packSpeakerSet.ts';
export { PARAMETERS, type SeparatorParameters } from './separator/parameters.ts';
export type { SeparationView } from './separator/SeparationView.ts';
export { Separator, type SeparatorOptions, type SeparatorOutputs } from './separator/Separator.ts';
export type { SeparatorState } from './separator/SeparatorState.ts';
export type { Stage, StageProbe } from './separator/StageProbe.ts';
export type { Telemetry } from './separator/Telemetry.ts';
export {
  binCount,
  LATENCY_MODE_SECONDS,
  LATENCY_RANGE_SECONDS,
  type LatencyMode,
  latencySamples,
  planStft,
  type StftPlan,
  type StftPlanOptions,
} from './stft/StftPlan.ts';
export type { WindowPair } from './stft/window.ts';
