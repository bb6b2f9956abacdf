/** Unmingle in a Web Audio graph: browsers, and node-web-audio-api. */

export { type JointAdaptation, parseAdaptation } from '../model/JointAdaptation.ts';
export { type Preset, parsePreset } from '../model/Preset.ts';
export { PROCESSOR_URL, SeparatorNode, type SeparatorNodeOptions, type SeparatorSpeakers } from './SeparatorNode.ts';
