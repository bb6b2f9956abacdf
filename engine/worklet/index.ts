/** Unmingle in a Web Audio graph: browsers, and node-web-audio-api. */

export { parseAdaptation, type SceneAdaptation } from '../separator/SceneAdaptation.ts';
export { type Preset, parsePreset } from '../template/Preset.ts';
export { PROCESSOR_URL, SeparatorNode, type SeparatorNodeOptions, type SeparatorSpeakers } from './SeparatorNode.ts';
