import { expect, test } from 'vitest';
import { presetName } from '../../../engine/model/PresetName.ts';
import { speakerStrips } from '../../../host/session/liveSettings.ts';
import { VoiceChannels } from '../../../host/session/VoiceChannels.ts';

/** Strips of these presets with these ids. */
const strips = (...voices: readonly (readonly [string, number])[]) =>
  speakerStrips(voices.map(([name]) => name)).map((strip, slot) => ({ ...strip, id: voices[slot]![1] }));

function session(...names: readonly (string | null)[]) {
  const channels = new VoiceChannels(names.map((name) => (name === null ? null : presetName(name))));
  return (...voices: readonly (readonly [string, number])[]) => {
    const loaded = strips(...voices);
    const assigned = channels.assigned(loaded);
    channels.keep(loaded, assigned);
    return assigned;
  };
}

test('a channel belongs to the voice, wherever its strip is', () => {
  const load = session('ann', null, 'bob');
  expect(load(['ann', 1], ['bob', 2])).toEqual([0, 2]);
  expect(load(['bob', 2])).toEqual([2]);
  expect(load(['bob', 2], ['ann', 3])).toEqual([2, 0]);
});

test('a free channel is for its last voice first, then for the next that is loaded; further voices have none', () => {
  const load = session('ann', 'bob');
  expect(load(['ann', 1], ['bob', 2], ['carol', 3])).toEqual([0, 1, null]);
  expect(load(['ann', 1], ['carol', 3], ['dave', 4])).toEqual([0, 1, null]);
  expect(load()).toEqual([]);
  expect(load(['bob', 5], ['carol', 6], ['ann', 7])).toEqual([null, 1, 0]);
});

test('a renamed voice keeps its channel, and speakers that were refused change nothing', () => {
  const channels = new VoiceChannels([presetName('ann'), presetName('bob')]);
  const loaded = strips(['ann', 1], ['bob', 2]);
  channels.keep(loaded, channels.assigned(loaded));
  expect(channels.assigned(strips(['carol', 3]))).toEqual([0]);
  expect(channels.assigned(strips(['robert', 2], ['ann', 1]))).toEqual([1, 0]);
});
