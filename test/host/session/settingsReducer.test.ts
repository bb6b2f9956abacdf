import { describe, expect, it } from 'vitest';
import { InputError } from '../../../engine/core/errors.ts';
import { presetName } from '../../../engine/model/PresetName.ts';
import type { LiveSettings } from '../../../host/protocol/LiveState.ts';
import { defaultSettings, speakerStrips } from '../../../host/session/liveSettings.ts';
import { reduceSettings as reduce, type SettingsMessage } from '../../../host/session/settingsReducer.ts';

const settings = defaultSettings({ speakers: speakerStrips(['ann', 'bob']) });
const onFiles = defaultSettings({ backend: 'file', input: '/in.wav', output: '/out.wav' });

/** The next voice that is loaded gets the id 3. */
const reduceSettings = (before: LiveSettings, message: SettingsMessage) => reduce(before, message, () => 3);

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const each of Object.values(value)) frozen(each);
    Object.freeze(value);
  }
  return value;
}

describe('reduceSettings', () => {
  it.each<[SettingsMessage, Partial<LiveSettings>]>([
    [{ type: 'setRest', isMuted: true }, { rest: { ...settings.rest, isMuted: true } }],
    [{ type: 'setMaster', wet: 0.5 }, { master: { ...settings.master, wet: 0.5 } }],
    [{ type: 'setParameters', maskExponent: 2 }, { parameters: { ...settings.parameters, maskExponent: 2 } }],
    [{ type: 'setWindow', latency: 'call' }, { latency: 'call' }],
    [{ type: 'setDevices', input: 'headset' }, { input: 'headset' }],
    [{ type: 'unloadPreset', slot: 0 }, { speakers: settings.speakers.slice(1) }],
  ])('%j changes the named fields only, and leaves its argument unmodified', (message, changes) => {
    expect(reduceSettings(frozen(structuredClone(settings)), message)).toEqual({ ...settings, ...changes });
  });

  it('ignores fields that are present but undefined', () => {
    const message = { type: 'setSpeaker', slot: 0, isMuted: undefined, gainDecibels: -3 } as unknown as SettingsMessage;
    expect(reduceSettings(settings, message).speakers[0]).toEqual({ ...settings.speakers[0]!, gainDecibels: -3 });
  });

  it('loads a preset into an existing slot with its fader and colour, or into the next free one', () => {
    const lowered = reduceSettings(settings, { type: 'setSpeaker', slot: 0, gainDecibels: -6 });
    const replaced = reduceSettings(lowered, { type: 'loadPreset', slot: 0, preset: presetName('eve') });
    expect(replaced.speakers[0]).toEqual({ ...lowered.speakers[0]!, preset: 'eve', id: 3 });
    const added = reduceSettings(settings, { type: 'loadPreset', slot: 7, preset: presetName('eve') }).speakers;
    expect(added.map(({ preset }) => preset)).toEqual(['ann', 'bob', 'eve']);
    expect(new Set(added.map(({ colour }) => colour)).size).toBe(3);
  });

  it.each<[SettingsMessage, RegExp]>([
    [{ type: 'setSpeaker', slot: 2, isMuted: true }, /slot must be less than 2, .*, got 2/],
    [{ type: 'unloadPreset', slot: 5 }, /slot must be less than 2, .*, got 5/],
    [{ type: 'setDevices', backend: 'null' }, /backend must be one of .*, got "null"/],
  ])('%j is refused', (message, reason) => {
    expect(() => reduceSettings(settings, message)).toThrow(InputError);
    expect(() => reduceSettings(settings, message)).toThrow(reason);
  });

  it('never lets a message choose a file', () => {
    for (const end of ['input', 'output', 'send'] as const) {
      expect(() => reduceSettings(onFiles, { type: 'setDevices', [end]: '/etc/passwd' })).toThrow(/command line only/);
    }
    expect(reduceSettings(onFiles, { type: 'setDevices', output: 'none' }).output).toBe('none');
    const changed = reduceSettings(settings, { type: 'setDevices', backend: 'file', input: '/etc/passwd' });
    expect(changed).toMatchObject({ backend: 'file', input: null, output: null, send: null });
  });
});
