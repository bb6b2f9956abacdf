import { InputError } from '../../engine/core/errors.ts';
import { isSameName, type PresetName } from '../../engine/model/PresetName.ts';
import { resolveParameters } from '../../engine/separator/parameters.ts';
import type { CheckedMessage } from '../protocol/controlMessages.ts';
import type { LiveSettings, SpeakerStrip } from '../protocol/LiveState.ts';
import { changedDevices } from './deviceSettings.ts';
import { fittingWindow, nextColour } from './liveSettings.ts';

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
 * @throws InputError if the message does not fit the settings
 */
export function reduceSettings(settings: LiveSettings, message: SettingsMessage): LiveSettings {
  const { speakers } = settings;
  switch (message.type) {
    case 'setSpeaker': {
      const { type: _, slot, voice, ...changes } = message;
      const speaker = speakerAt(speakers, slot, voice);
      return { ...settings, speakers: speakers.with(slot, { ...speaker, ...defined(changes) }) };
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
      const { preset, voice } = message;
      const slot = Math.min(message.slot, speakers.length);
      requireVoice(speakers, slot, voice);
      const strip = speakers[slot] ?? newStrip(preset, speakers);
      return { ...settings, speakers: speakers.toSpliced(slot, 1, { ...strip, preset }) };
    }
    case 'unloadPreset':
      speakerAt(speakers, message.slot, message.voice);
      return { ...settings, speakers: speakers.toSpliced(message.slot, 1) };
    default:
      throw new InputError(`"${message satisfies never}" does not change the settings`);
  }
}

function newStrip(preset: PresetName, speakers: readonly SpeakerStrip[]): SpeakerStrip {
  return {
    preset,
    gainDecibels: 0,
    isMuted: false,
    isSoloed: false,
    isSent: false,
    colour: nextColour(speakers),
  };
}

/** @param voice preset that must be in the slot; undefined: any */
function speakerAt(speakers: readonly SpeakerStrip[], slot: number, voice: string | undefined): SpeakerStrip {
  const speaker = speakers[slot];
  if (speaker === undefined) {
    throw new InputError(`slot must be less than ${speakers.length}, the number of loaded speakers, got ${slot}`);
  }
  requireVoice(speakers, slot, voice);
  return speaker;
}

/** @param voice null: the slot must be free */
function requireVoice(speakers: readonly SpeakerStrip[], slot: number, voice: string | null | undefined): void {
  const present = speakers[slot]?.preset ?? null;
  if (voice === undefined || voice === present) return;
  if (voice !== null && present !== null && isSameName(voice, present)) return;
  const [held, meant] = [present, voice].map((each) => (each === null ? 'no voice' : `"${each}"`));
  throw new InputError(`slot ${slot} now holds ${held}, not ${meant}`);
}

/** A property that is present but undefined must not overwrite a setting. */
function defined<T extends object>(changes: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]: Exclude<T[Key], undefined>;
  };
}
