import { InputError } from '../../engine/core/errors.ts';
import { isSameName, type PresetName, presetName } from '../../engine/model/PresetName.ts';
import { DEMO_SPEAKERS } from '../files/demoFiles.ts';
import type { CheckedMessage } from '../protocol/controlMessages.ts';
import type { LiveSettings, LiveState } from '../protocol/LiveState.ts';
import type { Snapshot } from '../protocol/settingsSchema.ts';
import { isRecordingChanged } from '../recording/recordingRules.ts';
import { demoDevices, isDemo } from './deviceSettings.ts';
import { identified } from './loadedVoices.ts';
import { noSoundError } from './noSoundError.ts';
import { isSettingsMessage, reduceSettings, type SettingsMessage } from './settingsReducer.ts';

/** Control messages that request work outside the settings: on files, devices or recordings. */
export type TaskMessage = Exclude<CheckedMessage, SettingsMessage | { type: 'recallSnapshot' }>;

/** Work that a control message requires outside the state. */
export type SessionEffect =
  /** The engine loads the speakers of the new settings and mixes by them. */
  | { readonly type: 'applySettings' }
  /** The devices of the new settings replace the open ones. */
  | { readonly type: 'openDevices' }
  | TaskMessage;

/** Result of the reducer. */
export interface SessionStep {
  /** Settings after the message; to be published only when the effect has succeeded. */
  readonly settings: LiveSettings;
  /** null: the state already is as requested. */
  readonly effect: SessionEffect | null;
}

/**
 * The rules of a live session: what a control message changes, and why it is refused. A pure function of the state that panels see. It
 * accesses neither files, engine nor devices, which may still refuse the effect.
 *
 * Of the state it changes the settings only. Lists of presets, snapshots and devices, and the progress of takes and enrolments, are
 * published by the owners of these things, because they also change without a message.
 * @param message checked by `checkControlMessage`
 * @param snapshot returns a saved snapshot; null for an unknown name
 * @param newVoice returns an id that the session has not used before
 * @throws InputError if the message does not fit the state
 */
export function reduceSession(
  state: LiveState,
  message: CheckedMessage,
  snapshot: (name: string) => Snapshot | null,
  newVoice: () => number,
): SessionStep {
  const { settings } = state;
  if (isSettingsMessage(message)) {
    const type = message.type === 'setDevices' ? 'openDevices' : 'applySettings';
    const listed = message.type === 'loadPreset' ? { ...message, preset: listedName(state, message.preset) } : message;
    return { settings: reduceSettings(settings, listed, newVoice), effect: { type } };
  }
  switch (message.type) {
    case 'recallSnapshot': {
      const saved = snapshot(message.name);
      if (saved === null) throw new InputError(`no snapshot is called "${message.name}"`);
      const speakers = identified(saved.speakers, settings.speakers, newVoice);
      return { settings: { ...settings, ...saved, speakers }, effect: { type: 'applySettings' } };
    }
    case 'deleteSnapshot':
      return { settings, effect: state.snapshots.includes(message.name) ? message : null };
    case 'renamePreset': {
      return { settings: renamed(settings, message.preset, message.name), effect: message };
    }
    case 'deletePreset':
      if (isLoaded(settings, message.preset)) {
        throw new InputError(`"${message.preset}" is loaded: unload it before deleting it`);
      }
      return { settings, effect: message };
    case 'startDemo':
      requireListed(state, DEMO_SPEAKERS);
      return { settings: demoDevices(settings), effect: isDemo(settings) ? message : { type: 'openDevices' } };
    case 'startRecording':
      if (state.recording !== null) return { settings, effect: null };
      requireOpenDevices(state);
      return { settings, effect: message };
    case 'stopRecording':
      return { settings, effect: state.recording === null ? null : message };
    case 'startEnrolment':
      if (message.source === 'microphone') requireMicrophone(state);
      return { settings, effect: message };
    case 'trainEnrolment':
      requireTrainable(state);
      return { settings, effect: message };
    case 'cancelEnrolment':
      return { settings, effect: state.enrolment === null ? null : message };
    case 'startVoiceSearch':
      requireOpenDevices(state);
      if (isDemo(settings)) {
        throw new InputError('the demo is playing, and its voices are known: choose a microphone under Sound');
      }
      return { settings, effect: message };
    case 'stopVoiceSearch':
      return { settings, effect: state.voiceSearch.phase === 'off' ? null : message };
    case 'keepFoundVoice':
      return { settings: renamed(settings, message.preset, message.name ?? message.preset), effect: message };
    case 'findVoices':
    case 'editRecording':
    case 'undoRecording':
    case 'redoRecording':
    case 'separateRecording':
    case 'cancelRecording':
    case 'closeRecording':
    case 'keepVoice':
      return { settings, effect: isRecordingChanged(state.openRecording, message) ? message : null };
    default:
      return { settings, effect: message };
  }
}

/** @returns settings in which the strips of a preset have its new name */
function renamed(settings: LiveSettings, preset: PresetName, name: PresetName): LiveSettings {
  if (!isLoaded(settings, preset)) return settings;
  const speakers = settings.speakers.map((each) =>
    isSameName(each.preset, preset) ? { ...each, preset: name } : each,
  );
  return { ...settings, speakers };
}

function isLoaded({ speakers }: LiveSettings, name: string): boolean {
  return speakers.some(({ preset }) => isSameName(preset, name));
}

/** @returns the name as the library spells it; a preset that has been added meanwhile is not listed */
function listedName({ presets }: LiveState, name: PresetName): PresetName {
  const same = presets.filter((listed) => isSameName(listed.name, name)).map((listed) => listed.name);
  const [spelling] = same.includes(name) ? [] : same;
  return spelling === undefined ? name : presetName(spelling);
}

function requireOpenDevices({ phase, settings }: LiveState): void {
  if (phase !== 'running') throw noSoundError(settings);
}

function requireListed({ presets }: LiveState, names: readonly string[]): void {
  const missing = names.find((name) => !presets.some((listed) => isSameName(listed.name, name)));
  if (missing !== undefined) throw new InputError(`no preset is called "${missing}"`);
}

function requireMicrophone(state: LiveState): void {
  requireOpenDevices(state);
  if (isDemo(state.settings)) {
    throw new InputError(
      'the demo is playing, so there is no microphone to record: choose one under Sound, or use files',
    );
  }
}

function requireTrainable({ enrolment }: LiveState): void {
  if (enrolment === null) throw new InputError('there is nothing to train from: start an enrolment first');
  const { name, phase } = enrolment;
  if (phase === 'training') throw new InputError(`"${name}" is already being trained`);
  if (phase === 'done') throw new InputError(`"${name}" is already trained`);
}
