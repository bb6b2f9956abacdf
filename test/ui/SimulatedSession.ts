import { BehaviorSubject, ReplaySubject, Subject } from 'rxjs';
import { InputError } from '../../engine/core/errors.ts';
import { parsePreset, serializePreset } from '../../engine/model/Preset.ts';
import { presetName } from '../../engine/model/PresetName.ts';
import { resolveParameters } from '../../engine/separator/parameters.ts';
import { NameTakenError } from '../../host/library/NameTakenError.ts';
import { PresetLibrary } from '../../host/library/PresetLibrary.ts';
import type { ControlMessage } from '../../host/protocol/controlMessages.ts';
import type {
  EnrolmentState,
  ListedPreset,
  LiveSettings,
  LiveState,
  LiveStatus,
  SpeakerStrip,
} from '../../host/protocol/LiveState.ts';
import type { LiveControl } from '../../host/session/LiveControl.ts';

const COLOURS = ['#4f8ef7', '#f2994a', '#3fb68b', '#c774e8', '#e8606b', '#d4b13f', '#45b5d6', '#9a8cf0'];

/** A live session without audio: applies control messages to its state, and publishes the status and telemetry that a test provides. */
export class SimulatedSession implements LiveControl {
  readonly state$: BehaviorSubject<LiveState>;
  readonly status$ = new ReplaySubject<LiveStatus>(1);
  readonly telemetry$ = new Subject<Uint8Array>();
  /** All accepted control messages, in order. */
  readonly messages: ControlMessage[] = [];
  readonly files: { readonly name: string; readonly bytes: number }[] = [];
  private readonly texts = new Map<string, string>();
  private readonly snapshots = new Map<string, LiveSettings>();
  private readonly deleted = new Map<string, ListedPreset>();

  constructor(presets: readonly ListedPreset[], speakers: readonly string[]) {
    this.state$ = new BehaviorSubject(initialState(presets, speakers));
    this.status$.next(simulatedStatus(0));
  }

  /** Creates a session with the bundled presets. */
  static async bundled(speakers: readonly string[]): Promise<SimulatedSession> {
    const library = new PresetLibrary();
    const entries = (await library.list()).filter(({ preset, origin }) => preset !== null && origin === 'bundled');
    const session = new SimulatedSession(
      entries.map(({ name, preset }) => listedPreset(name, preset!.training.speechSeconds, preset!.notes)),
      speakers,
    );
    for (const { name, preset } of entries) session.texts.set(name, serializePreset(preset!));
    return session;
  }

  get state(): LiveState {
    return this.state$.value;
  }

  change(changes: Partial<LiveState>): void {
    this.state$.next({ ...this.state, ...changes });
  }

  async control(message: ControlMessage): Promise<void> {
    this.handle(message);
    this.messages.push(message);
  }

  async addEnrolmentFile(name: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    let bytes = 0;
    for await (const chunk of content) bytes += chunk.length;
    const { enrolment } = this.state;
    if (enrolment === null) throw new InputError('no enrolment waits for files');
    if (bytes < 100) throw new InputError(`${name}: is not a supported audio file`);
    this.files.push({ name, bytes });
    this.change({
      enrolment: { ...enrolment, speechSeconds: enrolment.speechSeconds + 21, phase: 'ready', hints: [] },
    });
  }

  async importPreset(text: string, isReplacing: boolean): Promise<string> {
    const { name } = parsePreset(text);
    const { presets } = this.state;
    if (presets.some((each) => each.name === name) && !isReplacing) {
      throw new NameTakenError(name, `a preset called "${name}" exists`);
    }
    this.texts.set(name, text);
    this.change({ presets: [...presets.filter((each) => each.name !== name), listedPreset(name, 30, '', true)] });
    return name;
  }

  async exportPreset(name: string): Promise<string> {
    const text = this.texts.get(name);
    if (text === undefined) throw new InputError(`no preset is called "${name}"`);
    return text;
  }

  private handle(message: ControlMessage): void {
    const { settings, presets, snapshots } = this.state;
    const set = (some: Partial<LiveSettings>) => this.change({ settings: { ...settings, ...some } });
    switch (message.type) {
      case 'setSpeaker': {
        const { slot } = message;
        if (slot >= settings.speakers.length) throw new InputError(`slot ${slot} is empty`);
        set({ speakers: settings.speakers.map((each, index) => (index === slot ? merged(each, message) : each)) });
        return;
      }
      case 'setRest':
        set({ rest: merged(settings.rest, message) });
        return;
      case 'setMaster':
        set({ master: merged(settings.master, message) });
        return;
      case 'setParameters':
        set({ parameters: merged(settings.parameters, message) });
        return;
      case 'setWindow':
      case 'setDevices':
        set(merged(settings, message));
        return;
      case 'refreshDevices':
        return;
      case 'loadPreset': {
        const listed = presets.find(({ name }) => name === message.preset);
        if (listed === undefined) throw new InputError(`no preset is called "${message.preset}"`);
        const speakers = [...settings.speakers];
        speakers[message.slot] = strip(message.preset, speakers[message.slot]?.colour ?? COLOURS[message.slot]!);
        this.loaded(speakers);
        return;
      }
      case 'unloadPreset':
        this.loaded(settings.speakers.filter((_, slot) => slot !== message.slot));
        return;
      case 'renamePreset':
        this.change({
          presets: presets.map((each) => (each.name === message.preset ? { ...each, name: message.name } : each)),
        });
        return;
      case 'deletePreset': {
        const listed = presets.find(({ name }) => name === message.preset);
        if (listed?.isOwn !== true) throw new InputError(`"${message.preset}" is bundled and cannot be deleted`);
        this.deleted.set(message.preset, listed);
        this.change({ presets: presets.filter((each) => each !== listed), deletedPresets: [...this.deleted.keys()] });
        return;
      }
      case 'restorePreset': {
        const listed = this.deleted.get(message.preset);
        if (listed === undefined) throw new InputError(`no deleted preset is called "${message.preset}"`);
        this.deleted.delete(message.preset);
        this.change({ presets: [...presets, listed], deletedPresets: [...this.deleted.keys()] });
        return;
      }
      case 'saveSnapshot':
        this.snapshots.set(message.name, settings);
        this.change({ snapshots: [...this.snapshots.keys()] });
        return;
      case 'recallSnapshot': {
        const snapshot = this.snapshots.get(message.name);
        if (snapshot === undefined) throw new InputError(`no snapshot is called "${message.name}"`);
        this.change({ settings: snapshot });
        return;
      }
      case 'deleteSnapshot':
        this.snapshots.delete(message.name);
        this.change({ snapshots: snapshots.filter((each) => each !== message.name) });
        return;
      case 'startRecording':
        this.change({ recording: { folder: 'recordings/2026-11-23 01.30', seconds: 0, bytes: 0 } });
        return;
      case 'stopRecording':
        this.change({ recording: null });
        return;
      case 'startEnrolment':
        this.enrol({ name: message.name, phase: message.source === 'files' ? 'ready' : 'recording' });
        return;
      case 'trainEnrolment':
        this.enrol({ phase: 'training', progress: 0.35, remainingSeconds: 9, loss: 0.213 });
        return;
      case 'cancelEnrolment':
        this.change({ enrolment: null });
    }
  }

  enrol(changes: Partial<EnrolmentState>): void {
    const none: EnrolmentState = {
      name: '',
      phase: 'recording',
      speechSeconds: 0,
      recordedSeconds: 0,
      hints: ['20 s of speech are needed'],
      progress: 0,
      remainingSeconds: null,
      loss: null,
      message: null,
    };
    this.change({ enrolment: { ...none, ...this.state.enrolment, ...changes } });
  }

  private loaded(speakers: readonly SpeakerStrip[]): void {
    this.change({ settings: { ...this.state.settings, speakers }, similarity: similarityOf(speakers.length) });
  }
}

/** @returns `present` with the fields that a message sets; fields that `present` does not have are ignored */
function merged<T extends object>(present: T, message: ControlMessage): T {
  const changes = Object.entries(message).filter(([name, value]) => name in present && value !== undefined);
  return { ...present, ...Object.fromEntries(changes) };
}

function initialState(presets: readonly ListedPreset[], names: readonly string[]): LiveState {
  return {
    phase: 'running',
    problem: null,
    backend: 'portaudio',
    backends: ['portaudio', 'webaudio', 'file'],
    inputName: 'Scarlett 2i2 USB',
    outputName: 'Built-in Audio',
    sendName: null,
    sampleRateHertz: 16_000,
    windowSamples: 1024,
    hopSamples: 128,
    settings: {
      backend: null,
      input: null,
      inputChannel: null,
      output: null,
      send: null,
      sampleRateHertz: null,
      latency: 'monitor',
      windowSeconds: null,
      parameters: resolveParameters(),
      speakers: names.map((name, slot) => strip(name, COLOURS[slot]!)),
      rest: { gainDecibels: 0, isMuted: false, isSoloed: false },
      master: { gainDecibels: 0, isBypassed: false, wet: 1 },
    },
    devices: [
      device('mic', 'Scarlett 2i2 USB', 2, 0, true),
      device('headset', 'Jabra Evolve 65', 1, 2, false),
      device('out', 'Built-in Audio Analog Stereo', 0, 2, false),
    ],
    presets,
    adaptation: { phase: 'none', progress: 0, reason: null },
    snapshots: [],
    similarity: similarityOf(names.length),
    recording: null,
    enrolment: null,
    deletedPresets: [],
  };
}

function strip(preset: string, colour: string): SpeakerStrip {
  return { preset: presetName(preset), colour, gainDecibels: 0, isMuted: false, isSoloed: false, isSent: false };
}

function device(id: string, name: string, inputChannels: number, outputChannels: number, isDefaultInput: boolean) {
  const isDefaultOutput = outputChannels > 1;
  return { id, name, inputChannels, outputChannels, sampleRateHertz: 48_000, isDefaultInput, isDefaultOutput };
}

function listedPreset(name: string, trainingSeconds: number, notes: string, isOwn = false): ListedPreset {
  const origin = isOwn ? 'own' : 'bundled';
  return {
    name,
    origin,
    isOwn,
    templates: 64,
    bytes: 29_412,
    trainingSeconds,
    notes,
    licence: 'CC BY 4.0',
    problem: null,
  };
}

function similarityOf(speakers: number): number[] {
  return Array.from({ length: speakers * speakers }, (_, index) => {
    const [one, other] = [Math.floor(index / speakers), index % speakers];
    return one === other ? 1 : 0.35 + 0.12 * ((one + other) % 5);
  });
}

/** Status of a healthy session. @param seconds since its start @param load median load */
export function simulatedStatus(seconds: number, load = 0.12): LiveStatus {
  return {
    seconds,
    latency: { algorithmSeconds: 0.016, buffersSeconds: 0.0053, deviceSeconds: 0.0107, totalSeconds: 0.032 },
    load: { median: load, p99: load * 1.7, largest: load * 2.2 },
    overload: 'none',
    iterations: 8,
    relativeGap: 0.021,
    driftPpm: 11.5,
    memoryBytes: 131e6,
    counters: {
      inputGaps: 0,
      inputLostSamples: 0,
      outputGaps: 0,
      outputLostSamples: 0,
      shortenings: 0,
      shortenedSamples: 0,
      overloads: 0,
      bypassedSamples: 0,
      invalidSamples: 0,
      clippedSamples: 0,
      restarts: 0,
      telemetryDropped: 0,
      recordingDroppedSamples: 0,
      engineRestarts: 0,
      dryFallbacks: 0,
      dryFallbackSamples: 0,
    },
  };
}
