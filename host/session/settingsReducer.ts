import { InputError } from '../../engine/core/errors.ts';
import { resolveParameters } from '../../engine/separator/parameters.ts';
import type { CheckedMessage } from '../protocol/controlMessages.ts';
import type { LiveSettings, SpeakerStrip, StoredStrip } from '../protocol/LiveState.ts';
import { changedDevices } from './deviceSettings.ts';
import { fittingWindow, nextColour } from './liveSettings.ts';
import { slotOf, slotToLoad } from './loadedVoices.ts';

const SETTINGS_MESSAGES = [
  'setSpeaker',
  'setRest',
  'setMaster',
  'setParameters',
  'setWindow',
  'setDevices',
  'loadPreset',
  'unloadPreset',
] as const;

/** Control messages whose whole effect is a change of the settings. */
export type SettingsMessage = Extract<CheckedMessage, { type: (typeof SETTINGS_MESSAGES)[number] }>;

export function isSettingsMessage(message: CheckedMessage): message is SettingsMessage {
  return SETTINGS_MESSAGES.some((type) => type === message.type);
}

/**
 * Settings after a control message. A pure function without access to library and engine, which may still refuse the result.
 * @param message checked by `checkControlMessage`
 * @param newVoice returns an id that the session has not used before
 * @throws VoiceGoneError if the message means a voice that is not loaded; InputError if it does not fit the settings otherwise
 */
export function reduceSettings(settings: LiveSettings, message: SettingsMessage, newVoice: () => number): LiveSettings {
  const { speakers } = settings;
  switch (message.type) {
    case 'setSpeaker': {
      const { type: _, slot: _slot, voice: _voice, ...changes } = message;
      const slot = slotOf(speakers, message);
      return { ...settings, speakers: speakers.toSpliced(slot, 1, { ...speakers[slot]!, ...defined(changes) }) };
    }
    case 'setRest': {
      const { type: _, ...changes } = message;
      return { ...settings, rest: { ...settings.rest, ...defined(changes) } };
    }
    case 'setMaster': {
      const { type: _, ...changes } = message;
      return { ...settings, master: { ...settings.master, ...defined(changes) } };
    }
    case 'setParameters': {
      const { type: _, ...changes } = message;
      return { ...settings, parameters: resolveParameters({ ...settings.parameters, ...defined(changes) }) };
    }
    case 'setWindow': {
      const { type: _, ...changes } = message;
      return { ...settings, ...fittingWindow(settings, defined(changes)) };
    }
    case 'setDevices': {
      const { type: _, ...changes } = message;
      return changedDevices(settings, defined(changes));
    }
    case 'loadPreset': {
      const { preset } = message;
      const slot = slotToLoad(speakers, message);
      const replaced = speakers[slot];
      if (replaced?.preset === preset) return settings;
      const strip = { ...(replaced ?? newStrip(speakers)), preset, id: newVoice() };
      return { ...settings, speakers: speakers.toSpliced(slot, 1, strip) };
    }
    case 'unloadPreset':
      return { ...settings, speakers: speakers.toSpliced(slotOf(speakers, message), 1) };
    default:
      throw new InputError(`"${message satisfies never}" does not change the settings`);
  }
}

function newStrip(speakers: readonly SpeakerStrip[]): Omit<StoredStrip, 'preset'> {
  return {
    gainDecibels: 0,
    isMuted: false,
    isSoloed: false,
    isSent: false,
    colour: nextColour(speakers),
  };
}

/** A property that is present but undefined must not overwrite a setting. */
function defined<T extends object>(changes: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]: Exclude<T[Key], undefined>;
  };
}
