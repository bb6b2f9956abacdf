import type { MessagePort } from 'node:worker_threads';
import type { Hertz } from '../../engine/core/units.ts';
import type { AdaptedPresets, JointAdaptation } from '../../engine/model/JointAdaptation.ts';
import type { Preset } from '../../engine/model/Preset.ts';
import type { SpeakerSet } from '../../engine/model/SpeakerSet.ts';
import type { MixSettings } from '../../engine/realtime/MixSettings.ts';
import type { SeparatorParameters } from '../../engine/separator/parameters.ts';
import type { StftPlanOptions } from '../../engine/stft/StftPlan.ts';

/** Start data of the engine worker. Buffers are shared memory, the rest is copied. */
export interface EngineThreadConfig {
  readonly sampleRateHertz: Hertz;
  readonly speakerSet: SpeakerSet;
  readonly mix: MixSettings;
  readonly parameters: SeparatorParameters;
  readonly input: SharedArrayBuffer;
  /** Of a `DemixingSlot`, if the input has a channel for each voice; else null. */
  readonly demixing: SharedArrayBuffer | null;
  readonly main: SharedArrayBuffer | null;
  readonly send: SharedArrayBuffer | null;
  readonly tap: SharedArrayBuffer;
  readonly tapMarks: SharedArrayBuffer;
  readonly metrics: SharedArrayBuffer;
  readonly telemetry: SharedArrayBuffer;
  /** [1] number of messages sent; the engine polls its ports only after it has changed. */
  readonly messagesSent: SharedArrayBuffer;
  /** Receives speaker sets directly from the sampler worker. */
  readonly speakerSets: MessagePort;
  readonly control: MessagePort;
}

export type MessageToEngine =
  | { readonly type: 'mix'; readonly mix: MixSettings }
  | { readonly type: 'parameters'; readonly parameters: SeparatorParameters }
  | { readonly type: 'tapped'; readonly isTapped: boolean }
  | { readonly type: 'stop' };

/** Sent once, when the engine worker is ready for audio. */
export interface EngineGreeting {
  readonly isPriorityRaised: boolean;
}

/** Start data of the sampler worker. */
export interface SamplerConfig {
  readonly speakerSets: MessagePort;
  readonly messagesSent: SharedArrayBuffer;
  /** The engine's input ring, to wake the engine while it waits for input. */
  readonly input: SharedArrayBuffer;
}

/** Calls to the sampler worker. */
export interface SamplerRequests {
  /** Samples presets for one window and sends the speaker set to the engine. */
  readonly sample: {
    readonly argument: {
      readonly presets: readonly Preset[];
      /** Learnt for exactly these presets in this order; null: templates are used unadapted. */
      readonly adaptation: JointAdaptation | null;
      /** The presets and then the background; null: voices that are not loaded are not recognised. */
      readonly background: AdaptedPresets | null;
      /** Identifiers of the voices, in this order. */
      readonly voices: readonly number[];
      /** Channel of the input that each voice has, in this order; null: none. */
      readonly channels: readonly (number | null)[];
      readonly plan: StftPlanOptions;
    };
    readonly answer: LoadedSpeakerSet;
  };
}

/** A speaker set that was sent to the engine. */
export interface LoadedSpeakerSet {
  readonly windowSamples: number;
  readonly hopSamples: number;
  /** [speakers x speakers] similarity of the speakers' templates, 0 to 1 */
  readonly similarity: readonly number[];
}
