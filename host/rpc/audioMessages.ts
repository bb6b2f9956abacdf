import type { Hertz, Seconds } from '../../engine/core/units.ts';
import type { AdaptedPresets, JointAdaptation } from '../../engine/model/JointAdaptation.ts';
import type { Preset } from '../../engine/model/Preset.ts';
import type { MixSettings } from '../../engine/realtime/MixSettings.ts';
import type { SeparatorParameters } from '../../engine/separator/parameters.ts';
import type { StftPlanOptions } from '../../engine/stft/StftPlan.ts';
import type { BackendName } from '../audio/backend/AudioBackend.ts';
import type { AudioDevice } from '../audio/backend/AudioDevice.ts';
import type { LatencyParts, ListedDevice, LiveCounters, LiveSettings, LiveStatus } from '../protocol/LiveState.ts';
import type { VoiceStreamFormat } from '../protocol/voiceStreamFormat.ts';
import type { AnswerMessage, CallMessage } from './calls.ts';
import type { LoadedSpeakerSet } from './engineMessages.ts';
import type { SerializedError } from './SerializedError.ts';
import type { InputSound, LoadedVoice, NamedVoice, RecordingKind, SpeechFigures } from './takeMessages.ts';

/** Which devices to open. Devices are named by id, name, index or part of the name; null: the default. */
export interface DeviceRequest {
  readonly backend: BackendName | null;
  readonly input: string | null;
  readonly inputChannel: LiveSettings['inputChannel'];
  /**
   * [channels] whether each of the first channels of the input belongs to a voice, which then takes its sound from there; null: they are
   * mixed as `inputChannel` states.
   */
  readonly voiceChannels: readonly boolean[] | null;
  /** 'none': no output. */
  readonly output: string | null;
  /** null: no send output. */
  readonly send: string | null;
  readonly sampleRateHertz: Hertz | null;
}

export interface OpenedAudio {
  readonly backend: BackendName;
  /** Why backends tried before could not be used; null: the first one could. */
  readonly notice: string | null;
  readonly inputName: string;
  readonly outputName: string | null;
  readonly sendName: string | null;
  readonly sampleRateHertz: Hertz;
  readonly devices: readonly ListedDevice[];
}

/** Speakers to load, and the window to sample them for. Presets are parsed and checked by the session; typed arrays cross processes as they are. */
export interface SpeakerSetRequest {
  /** 0 to 8, by slot. */
  readonly presets: readonly Preset[];
  /** Identity of each preset's voice, by slot. */
  readonly voices: readonly LoadedVoice[];
  /** Channel of the input that each voice has, by slot; null: it has none, and is separated from the sum of the channels. */
  readonly channels: readonly (number | null)[];
  /** Learnt for exactly these presets in this order; null: templates are used unadapted. */
  readonly adaptation: JointAdaptation | null;
  /** The presets and then the background, by which voices that are not loaded are recognised; null: they are not. */
  readonly background: AdaptedPresets | null;
  readonly latency: NonNullable<StftPlanOptions['latency']>;
  readonly windowSeconds: Seconds | null;
}

/** Requests to the audio process, each with its argument and its answer. */
export interface AudioRequests {
  /** Lists devices without opening one. */
  readonly devices: {
    readonly argument: { readonly backend: BackendName | null };
    readonly answer: {
      readonly backend: BackendName;
      readonly notice: string | null;
      readonly devices: readonly AudioDevice[];
    };
  };
  readonly open: {
    readonly argument: {
      readonly request: DeviceRequest;
      readonly mix: MixSettings;
      readonly parameters: SeparatorParameters;
      /** A voice whose sound is sent to the session; null: none. */
      readonly stream: VoiceStreamFormat | null;
    };
    readonly answer: OpenedAudio;
  };
  readonly speakerSet: {
    readonly argument: SpeakerSetRequest;
    readonly answer: LoadedSpeakerSet;
  };
  readonly mix: { readonly argument: MixSettings; readonly answer: null };
  readonly parameters: { readonly argument: SeparatorParameters; readonly answer: null };
  readonly startTake: {
    /** Present names of the loaded voices, by slot. */
    readonly argument: { readonly folder: string; readonly voices: readonly NamedVoice[] };
    readonly answer: null;
  };
  readonly stopTake: {
    readonly argument: null;
    /** droppedSeconds: missing because the disk was too slow. null: no take was running, or it has failed before. */
    readonly answer: { readonly droppedSeconds: Seconds } | null;
  };
  readonly startSpeech: { readonly argument: { readonly path: string }; readonly answer: null };
  readonly stopSpeech: { readonly argument: null; readonly answer: null };
  /** Starts or stops the sound frames of the mix. */
  readonly listen: { readonly argument: { readonly isListening: boolean }; readonly answer: null };
  /** Starts or stops the sound of the input. */
  readonly followInput: { readonly argument: { readonly isFollowed: boolean }; readonly answer: null };
  readonly close: { readonly argument: null; readonly answer: null };
}
export type AudioRequestName = keyof AudioRequests;

/** From the session's process to the audio process. */
export type MessageToAudio = CallMessage<AudioRequests>;

/** Counters of the audio process since its start; the session sums those of successive processes. */
export interface AudioStatus extends Omit<LiveStatus, 'counters' | 'latency' | 'seconds'> {
  readonly soundSeconds: Seconds;
  readonly latency: LatencyParts;
  readonly counters: Omit<LiveCounters, 'restarts'>;
  readonly take: { readonly seconds: Seconds; readonly bytes: number } | null;
  readonly speech: SpeechFigures | null;
}

/** From the audio process. Telemetry frames are sent as bare bytes. */
export type MessageFromAudio =
  | AnswerMessage
  | { readonly type: 'status'; readonly status: AudioStatus }
  /** A notice for the user, one line. */
  | { readonly type: 'notice'; readonly text: string }
  /** The best channels of the input have been found. */
  | { readonly type: 'inputChosen'; readonly remark: string }
  /** The devices were lost, or the engine failed and is not restarted. The session must close this process. */
  | { readonly type: 'lost'; readonly message: string }
  /** The next sound of the voice stream. */
  | { readonly type: 'sound'; readonly pcm: Uint8Array }
  /** The next sound frame of the mix (soundFrame.ts). */
  | { readonly type: 'mix'; readonly frame: Uint8Array }
  /** The next sound of the input, while it is followed. */
  | { readonly type: 'input'; readonly sound: InputSound }
  /** Feedback has been found and the output has been silenced; it stays so until the master is muted and unmuted. */
  | { readonly type: 'feedback' }
  | { readonly type: 'recordingFailed'; readonly what: RecordingKind; readonly error: SerializedError }
  | Uint8Array;
