import type { SpeakerSet } from '../../../../engine/model/SpeakerSet.ts';
import type { Separator, SeparatorOptions } from '../../../../engine/separator/Separator.ts';

/** Interface under validation: the public face of the separator, also implemented by wrappers with known faults. */
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

/** Constructs a plugin as a host does. May allocate. */
export type PluginFactory = (speakerSet: SpeakerSet, options?: SeparatorOptions) => Plugin;
