import type { Decibels, Hertz, Seconds } from '../../engine/core/units.ts';
import type { PresetName } from '../../engine/model/PresetName.ts';
import type { OverloadLevel } from '../../engine/realtime/LoadGovernor.ts';
import type { SeparatorParameters } from '../../engine/separator/parameters.ts';
import type { LatencyMode } from '../../engine/stft/StftPlan.ts';
import type { OpenRecording } from './recordingState.ts';
import type { VoiceSearchState } from './voiceSearch.ts';

/** Settings of a live session. Plain data; the host owns it, panels display it and request changes by control messages. */
export interface LiveSettings {
  /** null: the first one that opens. */
  readonly backend: string | null;
  /** Index, id or part of the name; null: the system's default. */
  readonly input: string | null;
  /** Channel of the input, from 1; `mix` or null: the mean of the first two; `best`: what suits the first seconds of speech, of all channels up to 8. */
  readonly inputChannel: number | 'mix' | 'best' | null;
  /** null: the system's default; 'none': no output. */
  readonly output: string | null;
  /** A second output, such as a virtual microphone; null: none. */
  readonly send: string | null;
  /** null: the device's own rate. */
  readonly sampleRateHertz: Hertz | null;
  readonly latency: LatencyMode | Seconds;
  /** Analysis window; null: the default for the latency. */
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

/** A strip of the mixer as snapshots store it. */
export interface StoredStrip extends Strip {
  /** Name of a preset in the library, or of one that the command line has loaded from a file. Never a path. */
  readonly preset: PresetName;
  /** CSS colour, #rrggbb. */
  readonly colour: string;
  /** Whether the speaker is mixed into the send, independently of its fader. */
  readonly isSent: boolean;
}

/** A loaded voice and its strip. */
export interface SpeakerStrip extends StoredStrip {
  /**
   * Identifies the voice from when it is loaded until it is unloaded or replaced, also if it is renamed or other voices change. Positive;
   * never used again in the same session.
   */
  readonly id: number;
}

export interface MasterStrip {
  readonly gainDecibels: Decibels;
  /** Whether output, send and listening browsers are silent. */
  readonly isMuted: boolean;
  /** Whether the delayed input is output instead of the mix. */
  readonly isBypassed: boolean;
  /** Share of the mix in the output, 0 to 1; the rest is the delayed input. */
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

/**
 * `file`: outside the library, loaded by the command line for this session. `found`: of a voice that this session has found; it is forgotten
 * at the end unless it is kept.
 */
export type ListedOrigin = 'bundled' | 'own' | 'file' | 'found';

export interface ListedPreset {
  readonly name: string;
  readonly origin: ListedOrigin;
  /** Whether `origin` is `own`: only these can be renamed and deleted. */
  readonly isOwn: boolean;
  readonly templates: number;
  readonly bytes: number;
  readonly trainingSeconds: Seconds;
  readonly notes: string;
  readonly licence: string;
  /** Why the preset cannot be loaded; null if it can. */
  readonly problem: string | null;
}

/** `starting`: devices are being opened. `running`: devices are open. `waiting`: a device was lost; the host keeps trying to open it. */
export type LivePhase = 'starting' | 'running' | 'waiting' | 'stopped';

/** Training of a new speaker while separation continues. */
export interface EnrolmentState {
  readonly name: string;
  readonly phase: 'recording' | 'ready' | 'training' | 'done' | 'failed';
  /** Duration of the speech so far, pauses not counted. */
  readonly speechSeconds: Seconds;
  readonly recordedSeconds: Seconds;
  /** How to improve the recording (too quiet, clipped, more speech needed), and which channels of uploaded files are used. */
  readonly hints: readonly string[];
  /** Whether parts of the files hold other voices, music or noise, which training can leave out. */
  readonly canClean: boolean;
  /** 0 to 1, while training. */
  readonly progress: number;
  readonly remainingSeconds: Seconds | null;
  readonly loss: number | null;
  readonly message: string | null;
  /** What the voice is trained from, in the order in which it was added. */
  readonly files: readonly EnrolmentFile[];
}

/** A recording of an enrolment: an uploaded file, or what the microphone has recorded. */
export interface EnrolmentFile {
  readonly name: string;
  readonly speechSeconds: Seconds;
}

/** Joint adaptation of the loaded speakers. While it is learnt, separation continues unadapted. */
export interface AdaptationState {
  readonly phase: 'none' | 'learning' | 'adapted';
  /** 0 to 1, while learning. */
  readonly progress: number;
  /** Why several speakers are not adapted; null if they are or can be. */
  readonly reason: string | null;
}

/** The take that is being recorded. */
export interface RecordingState {
  readonly folder: string;
  readonly seconds: Seconds;
  readonly bytes: number;
}

/** The take that has ended last in this session. */
export interface EndedRecording {
  /** One of the state's `takes`. */
  readonly name: string;
  readonly folder: string;
  readonly seconds: Seconds;
  /** Why it broke off; null: it was stopped. */
  readonly reason: string | null;
}

/** A recording on disk. */
export interface ListedTake {
  /** Name of its folder. */
  readonly name: string;
  /** ISO 8601 in UTC. */
  readonly startTime: string;
  readonly seconds: Seconds | null;
  readonly voices: readonly string[];
  /** Its WAV files, the mix first. */
  readonly files: readonly string[];
  readonly bytes: number;
  /** Why it broke off; null: it is complete. */
  readonly reason: string | null;
}

/** Everything that a panel displays except status and telemetry. */
export interface LiveState {
  readonly phase: LivePhase;
  /** The current problem and its remedy in one line; null if there is none. */
  readonly problem: string | null;
  readonly settings: LiveSettings;
  /** Names of the backends that can be chosen. */
  readonly backends: readonly string[];
  /** Name of the backend in use. */
  readonly backend: string | null;
  readonly inputName: string | null;
  /**
   * Which channels of the input the setting `best` has found, and why; or that the bleed between the channels of voices has been measured.
   * null: nothing was asked for, or there has not been enough speech.
   */
  readonly inputChoice: string | null;
  readonly outputName: string | null;
  readonly sendName: string | null;
  /** Sample rate of the engine. */
  readonly sampleRateHertz: Hertz | null;
  readonly windowSamples: number | null;
  readonly hopSamples: number | null;
  readonly devices: readonly ListedDevice[];
  readonly presets: readonly ListedPreset[];
  readonly snapshots: readonly string[];
  /** Similarity of the loaded speakers' templates, 0 (nothing in common) to 1 (identical). Row-major [speakers x speakers]. */
  readonly similarity: readonly number[];
  readonly adaptation: AdaptationState;
  readonly recording: RecordingState | null;
  readonly endedRecording: EndedRecording | null;
  /** Recordings in the session's folder, newest first. */
  readonly takes: readonly ListedTake[];
  /** A file that is open to separate its voices; not the take. */
  readonly openRecording: OpenRecording | null;
  readonly enrolment: EnrolmentState | null;
  /** Search for voices that nobody has enrolled. */
  readonly voiceSearch: VoiceSearchState;
  /** Names of the presets that can be restored. */
  readonly deletedPresets: readonly string[];
  /** Names of the takes and snapshots that can be restored. */
  readonly deletedTakes: readonly string[];
  readonly deletedSnapshots: readonly string[];
}

/** Measurements of a running session, sent twice a second. */
export interface LiveStatus {
  /** Time since the session started. */
  readonly seconds: Seconds;
  readonly latency: LatencyParts;
  /** Processing time of a block divided by its duration, over the last half second. */
  readonly load: { readonly median: number; readonly p99: number; readonly largest: number };
  readonly overload: OverloadLevel;
  readonly iterations: number;
  /** Upper bound of the relative distance of the KL divergence from its minimum. */
  readonly relativeGap: number;
  readonly counters: LiveCounters;
  /** Estimated deviation of the output's clock from the input's. */
  readonly driftPpm: number;
  /** Memory used by the audio process. */
  readonly memoryBytes: number;
}

export interface LatencyParts {
  readonly algorithmSeconds: Seconds;
  /** Present fill of the queues between devices and engine. */
  readonly buffersSeconds: Seconds;
  /** Input and output device, as reported or measured by the backend. */
  readonly deviceSeconds: Seconds;
  readonly totalSeconds: Seconds;
}

/** Cumulative since the session started. */
export interface LiveCounters {
  /** Gaps in the input, and their length. */
  readonly inputGaps: number;
  readonly inputLostSamples: number;
  /** Output underruns filled with silence, and their length. */
  readonly outputGaps: number;
  readonly outputLostSamples: number;
  /** Cuts of a queue that had grown too long, and their length. */
  readonly shortenings: number;
  readonly shortenedSamples: number;
  /** Occasions on which the load reduced the iterations or templates, or switched to the dry signal. */
  readonly overloads: number;
  readonly bypassedSamples: number;
  /** Input samples that were not finite and were replaced by zero. */
  readonly invalidSamples: number;
  /** Input samples at or above full scale. */
  readonly clippedSamples: number;
  /** Times that lost devices, or a lost sound server, were opened again. */
  readonly restarts: number;
  /** Times that the engine crashed or hung and was restarted. */
  readonly engineRestarts: number;
  /** Times that the input was played unprocessed because the engine was late, and the length of that. */
  readonly dryFallbacks: number;
  readonly dryFallbackSamples: number;
  readonly telemetryDropped: number;
  readonly recordingDroppedSamples: number;
}
