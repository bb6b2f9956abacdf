import type { SpeakerSet } from '../../../../engine/model/SpeakerSet.ts';
import type { Separator, SeparatorOptions } from '../../../../engine/separator/Separator.ts';

/** What is validated: the separator's public face, so that wrappers with known faults can be put in its place. */
export type Plugin = Pick<
  Separator,
  | 'latencySamples'
  | 'settlingSamples'
  | 'speakers'
  | 'isSwapping'
  | 'telemetry'
  | 'process'
  | 'reset'
  | 'setParameters'
  | 'setLowComplexity'
  | 'setSuspended'
  | 'swapTemplates'
  | 'saveState'
  | 'restoreState'
>;

/** Makes a plugin as a host would. Construction may allocate. */
export type PluginFactory = (speakerSet: SpeakerSet, options?: SeparatorOptions) => Plugin;
