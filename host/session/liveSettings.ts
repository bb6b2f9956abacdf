import { presetNetwork, serializePreset } from '../../engine/model/Preset.ts';
import { presetName } from '../../engine/model/PresetName.ts';
import { resolveParameters } from '../../engine/separator/parameters.ts';
import { LATENCY_MODE_SECONDS } from '../../engine/stft/StftPlan.ts';
import type { PresetEntry } from '../library/PresetLibrary.ts';
import type { ListedPreset, LiveSettings, LiveState, SpeakerStrip, StoredStrip, Strip } from '../protocol/LiveState.ts';
import type { Snapshot } from '../protocol/settingsSchema.ts';
import { VOICE_COLOURS, voiceColour } from '../protocol/voiceColours.ts';
import { NO_VOICE_SEARCH } from '../protocol/voiceSearch.ts';

const UNITY: Strip = { gainDecibels: 0, isMuted: false, isSoloed: false };

/** Settings of a session that nobody has changed. */
export function defaultSettings(changes: Partial<LiveSettings> = {}): LiveSettings {
  return {
    backend: null,
    input: null,
    inputChannel: null,
    output: null,
    send: null,
    sampleRateHertz: null,
    latency: 'monitor',
    windowSeconds: null,
    parameters: resolveParameters(),
    speakers: [],
    rest: UNITY,
    master: { gainDecibels: 0, isMuted: false, isBypassed: false, wet: 1 },
    ...changes,
  };
}

/** @returns the settings with all that no voice explains in the rest */
export function withRest(settings: LiveSettings): LiveSettings {
  return { ...settings, parameters: resolveParameters({ ...settings.parameters, rest: 1 }) };
}

/** Strips at unity gain for these presets, with ids from 1 on. @param names of presets in the library @throws InputError for an invalid name */
export function speakerStrips(names: readonly string[]): SpeakerStrip[] {
  const strips: SpeakerStrip[] = [];
  for (const name of names) {
    strips.push({
      ...UNITY,
      id: strips.length + 1,
      preset: presetName(name),
      colour: nextColour(strips),
      isSent: false,
    });
  }
  return strips;
}

/** The first colour that no loaded speaker has; the first of all if all are used. */
export function nextColour(speakers: readonly StoredStrip[]): string {
  return VOICE_COLOURS.find((colour) => speakers.every((each) => each.colour !== colour)) ?? voiceColour(0);
}

type WindowChanges = Partial<Pick<LiveSettings, 'latency' | 'windowSeconds'>>;

/** Resets a previously chosen window that is too short for a new latency, because choosing a latency should not fail. */
export function fittingWindow({ windowSeconds }: LiveSettings, changes: WindowChanges): WindowChanges {
  const { latency } = changes;
  if (latency === undefined || windowSeconds === null || changes.windowSeconds !== undefined) return changes;
  const latencySeconds = typeof latency === 'number' ? latency : LATENCY_MODE_SECONDS[latency];
  return latencySeconds <= windowSeconds ? changes : { ...changes, windowSeconds: null };
}

/** The part of the settings that a snapshot saves: everything but the devices and the ids of voices. */
export function snapshotOf({ latency, windowSeconds, parameters, speakers, rest, master }: LiveSettings): Snapshot {
  const strips = speakers.map(({ id: _, ...strip }) => strip);
  return { latency, windowSeconds, parameters, speakers: strips, rest, master };
}

export function listedPresets(entries: readonly PresetEntry[]): ListedPreset[] {
  return entries.map(({ name, origin, preset, problem }) => ({
    name,
    origin,
    isOwn: origin === 'own',
    templates: preset === null ? 0 : presetNetwork(preset).templates,
    bytes: preset === null ? 0 : serializePreset(preset).length,
    trainingSeconds: preset?.training.speechSeconds ?? 0,
    notes: preset?.notes ?? '',
    licence: preset?.licence ?? '',
    problem,
  }));
}

export function initialState(
  settings: LiveSettings,
  presets: readonly PresetEntry[],
  snapshots: readonly string[],
  backends: readonly string[],
): LiveState {
  return {
    phase: 'starting',
    problem: null,
    settings,
    backends,
    backend: null,
    inputName: null,
    inputChoice: null,
    outputName: null,
    sendName: null,
    sampleRateHertz: null,
    windowSamples: null,
    hopSamples: null,
    devices: [],
    presets: listedPresets(presets),
    snapshots,
    similarity: [],
    adaptation: { phase: 'none', progress: 0, reason: null },
    recording: null,
    endedRecording: null,
    takes: [],
    openRecording: null,
    enrolment: null,
    voiceSearch: NO_VOICE_SEARCH,
    deletedPresets: [],
    deletedTakes: [],
    deletedSnapshots: [],
  };
}
