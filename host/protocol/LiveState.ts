import type { Decibels, Hertz, Seconds } from '../../engine/core/units.ts';
import type { OverloadLevel } from '../../engine/realtime/LoadGovernor.ts';
import type { SeparatorParameters } from '../../engine/separator/parameters.ts';
import type { LatencyMode } from '../../engine/stft/StftPlan.ts';

/** What a live session is set to. Plain data; the host owns it, panels show it and ask for changes by control messages. */
export interface LiveSettings {
  /** null: the first that opens. */
  readonly backend: string | null;
  /** Index, id or part of the name; null: the system's default. */
  readonly input: string | null;
  /** One channel of the input, from 1; null: the mean of all. */
  readonly inputChannel: number | null;
  /** null: the system's default; 'none': no output. */
  readonly output: string | null;
  /** A second output, such as a virtual microphone; null: none. */
  readonly send: string | null;
  /** null: the device's own rate. */
  readonly sampleRateHertz: Hertz | null;
  readonly latency: LatencyMode | Seconds;
  /** Analysis window; null: as the latency wants it. */
  readonly windowSeconds: Seconds | null;
  readonly parameters: SeparatorParameters;
  readonly speakers: readonly SpeakerStrip[];
  readonly rest: Strip;
  readonly master: MasterStrip;
}

export interface Strip {
  readonly gainDecibels: Decibels;
  readonly isMuted: boolean;
  readonly isSoloed: boolean;
}

export interface SpeakerStrip extends Strip {
  /** Name in the library. */
  readonly preset: string;
  /** CSS colour, #rrggbb. */
  readonly colour: string;
  /** Heard on the send, whatever the fader of the main output says. */
  readonly isSent: boolean;
}

export interface MasterStrip {
  readonly gainDecibels: Decibels;
  /** The delayed input instead of the separated sum. */
  readonly isBypassed: boolean;
  /** 0 dry to 1 separated. */
  readonly wet: number;
}

/** A device as panels list it. */
export interface ListedDevice {
  readonly id: string;
  readonly name: string;
  readonly inputChannels: number;
  readonly outputChannels: number;
  readonly sampleRateHertz: Hertz;
  readonly isDefaultInput: boolean;
  readonly isDefaultOutput: boolean;
}

export interface ListedPreset {
  readonly name: string;
  readonly isOwn: boolean;
  readonly templates: number;
  readonly bytes: number;
  readonly trainingSeconds: Seconds;
  readonly notes: string;
  readonly licence: string;
  /** Why it can't be loaded, or null. */
  readonly problem: string | null;
}

/** `starting`: opening devices. `running`: sound goes through. `waiting`: a device is lost, tried again and again. */
export type LivePhase = 'starting' | 'running' | 'waiting' | 'stopped';

/** Training of a new speaker while separation goes on. */
export interface EnrolmentState {
  readonly name: string;
  readonly phase: 'recording' | 'ready' | 'training' | 'done' | 'failed';
  /** Speech gathered, silence not counted. */
  readonly speechSeconds: Seconds;
  readonly recordedSeconds: Seconds;
  /** What could be better: too quiet, clipped, more speech needed. */
  readonly hints: readonly string[];
  /** 0 to 1, while training. */
  readonly progress: number;
  readonly remainingSeconds: Seconds | null;
  readonly loss: number | null;
  readonly message: string | null;
}

/** Of the loaded speakers to each other: separation goes on meanwhile, and is better afterwards. */
export interface AdaptationState {
  readonly phase: 'none' | 'learning' | 'adapted';
  /** 0 to 1, while learning. */
  readonly progress: number;
  /** Why several speakers are not adapted; null: nothing stands against it. */
  readonly reason: string | null;
}

export interface RecordingState {
  readonly folder: string;
  readonly seconds: Seconds;
  readonly bytes: number;
}

/** Everything a panel shows besides meters and pictures. Sent whole when it changes. */
export interface LiveState {
  readonly phase: LivePhase;
  /** What is wrong and what to do, in one line; null: nothing. */
  readonly problem: string | null;
  readonly settings: LiveSettings;
  /** Those to choose from, by name. */
  readonly backends: readonly string[];
  /** Backend in use. */
  readonly backend: string | null;
  readonly inputName: string | null;
  readonly outputName: string | null;
  readonly sendName: string | null;
  /** The engine's rate. */
  readonly sampleRateHertz: Hertz | null;
  readonly windowSamples: number | null;
  readonly hopSamples: number | null;
  readonly devices: readonly ListedDevice[];
  readonly presets: readonly ListedPreset[];
  readonly snapshots: readonly string[];
  /** Likeness of the loaded speakers' templates, 0 (nothing in common) to 1 (the same); row-major [speakers x speakers]. */
  readonly similarity: readonly number[];
  readonly adaptation: AdaptationState;
  readonly recording: RecordingState | null;
  readonly enrolment: EnrolmentState | null;
  /** Names of presets that can be brought back. */
  readonly deletedPresets: readonly string[];
}

/** Figures of a running session, twice a second. */
export interface LiveStatus {
  /** Since the session started. */
  readonly seconds: Seconds;
  readonly latency: LatencyParts;
  /** Time for a block as a share of the block's duration, over the last half second. */
  readonly load: { readonly median: number; readonly p99: number; readonly largest: number };
  readonly overload: OverloadLevel;
  readonly iterations: number;
  /** Bound on the KL divergence above its optimum, relative. */
  readonly relativeGap: number;
  readonly counters: LiveCounters;
  /** Of the output's clock against the input's, as the resampler has found it. */
  readonly driftPpm: number;
  /** Memory of the audio process. */
  readonly memoryBytes: number;
}

export interface LatencyParts {
  readonly algorithmSeconds: Seconds;
  /** Queues between device and engine, as they are filled now. */
  readonly buffersSeconds: Seconds;
  /** Input and output device, as the backend tells or has measured it. */
  readonly deviceSeconds: Seconds;
  readonly totalSeconds: Seconds;
}

/** All since the start. */
export interface LiveCounters {
  /** Times that sound from the microphone was missing, and how much. */
  readonly inputGaps: number;
  readonly inputLostSamples: number;
  /** Times that the loudspeaker had to play silence, and how much. */
  readonly outputGaps: number;
  readonly outputLostSamples: number;
  /** Times that a queue had grown too long and was cut, and how much. */
  readonly shortenings: number;
  readonly shortenedSamples: number;
  /** Times that load led to fewer iterations, fewer templates, or the dry signal. */
  readonly overloads: number;
  readonly bypassedSamples: number;
  /** Input samples that were not finite and became silence. */
  readonly invalidSamples: number;
  /** Input samples at or above full scale. */
  readonly clippedSamples: number;
  /** Times that a device or the sound server went and came back. */
  readonly restarts: number;
  /** Times that the engine died or hung, and was started anew. */
  readonly engineRestarts: number;
  /** Times that the input itself was played because the engine gave nothing in time, and how much. */
  readonly dryFallbacks: number;
  readonly dryFallbackSamples: number;
  readonly telemetryDropped: number;
  readonly recordingDroppedSamples: number;
}
