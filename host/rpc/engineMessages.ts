import type { MessagePort } from 'node:worker_threads';
import type { Hertz } from '../../engine/core/units.ts';
import type { JointAdaptation } from '../../engine/model/JointAdaptation.ts';
import type { Preset } from '../../engine/model/Preset.ts';
import type { SpeakerSet } from '../../engine/model/SpeakerSet.ts';
import type { MixSettings } from '../../engine/realtime/MixSettings.ts';
import type { SeparatorParameters } from '../../engine/separator/parameters.ts';
import type { StftPlanOptions } from '../../engine/stft/StftPlan.ts';

/** What the engine's thread starts with. Memory is shared, the rest is copied. */
export interface EngineThreadConfig {
  readonly sampleRateHertz: Hertz;
  readonly speakerSet: SpeakerSet;
  readonly mix: MixSettings;
  readonly parameters: SeparatorParameters;
  readonly input: SharedArrayBuffer;
  readonly main: SharedArrayBuffer | null;
  readonly send: SharedArrayBuffer | null;
  readonly tap: SharedArrayBuffer;
  readonly board: SharedArrayBuffer;
  readonly telemetry: SharedArrayBuffer;
  /** [1] counts messages sent, so that the engine looks for one only when there is one. */
  readonly messagesSent: SharedArrayBuffer;
  /** Speaker sets come from the thread that samples them, without a detour. */
  readonly speakerSets: MessagePort;
  readonly control: MessagePort;
}

export type MessageToEngine =
  | { readonly type: 'mix'; readonly mix: MixSettings }
  | { readonly type: 'parameters'; readonly parameters: SeparatorParameters }
  | { readonly type: 'tapped'; readonly isTapped: boolean }
  | { readonly type: 'stop' };

/** The engine's first and only words: it takes sound. */
export interface EngineGreeting {
  readonly isPriorityRaised: boolean;
}

/** What the thread that samples speaker sets starts with. */
export interface SamplerConfig {
  readonly speakerSets: MessagePort;
  readonly messagesSent: SharedArrayBuffer;
  /** Wakes the engine where it waits for sound. */
  readonly input: SharedArrayBuffer;
}

/** Parsed presets to sample for one window. */
export interface SamplerRequest {
  readonly number: number;
  readonly presets: readonly Preset[];
  /** Learnt for exactly these presets in this order; null: templates are used unadapted. */
  readonly adaptation: JointAdaptation | null;
  readonly plan: StftPlanOptions;
}

export type SamplerReply =
  | {
      readonly number: number;
      readonly windowSamples: number;
      readonly hopSamples: number;
      /** [speakers x speakers] likeness of the speakers' templates, 0 to 1 */
      readonly similarity: readonly number[];
      readonly problem: null;
    }
  | { readonly number: number; readonly problem: string };

/** A speaker set that the engine has taken over. */
export type LoadedSpeakerSet = Extract<SamplerReply, { problem: null }>;
