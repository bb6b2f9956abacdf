/** Unmingle in a Web Audio graph: browsers, and node-web-audio-api. */

export { CallError, type CallErrorKind } from '../core/CallError.ts';
export { InputError } from '../core/errors.ts';
export { type JointAdaptation, parseAdaptation } from '../model/JointAdaptation.ts';
export { type Preset, parsePreset } from '../model/Preset.ts';
export type { SpeakerEmbedding } from '../model/SpeakerEmbedding.ts';
export {
  type LoadLimits,
  PROCESSOR_URL,
  SeparatorNode,
  type SeparatorNodeOptions,
  type SeparatorSpeakers,
} from './SeparatorNode.ts';
