import { expect, test } from 'vitest';
import type { AudioDevice } from '../../../host/audio/backend/AudioDevice.ts';
import { inputWeights, openedChannels } from '../../../host/audioProcess/liveStreams.ts';

const deviceWith = (inputChannels: number): AudioDevice => ({
  id: 'device',
  index: 0,
  name: 'Device',
  inputChannels,
  outputChannels: 0,
  sampleRateHertz: 48_000,
  isDefaultInput: true,
  isDefaultOutput: false,
});

test.each([
  // Channels of the device, choice, weights of the opened channels at first.
  [1, null, [1]],
  [1, 'best', [1]],
  [2, 'mix', [0.5, 0.5]],
  [4, null, [0.5, 0.5]],
  [4, 'mix', [0.5, 0.5]],
  [4, 'best', [0.5, 0.5, 0, 0]],
  [4, 3, [0, 0, 1]],
  [32, 'best', [0.5, 0.5]],
] as const)('of %d channels, the choice %s opens those that it needs', (channels, choice, weights) => {
  const wanted = { inputChannel: choice, voiceChannels: null };
  const opened = openedChannels(deviceWith(channels), wanted);
  expect(inputWeights(opened, wanted)).toEqual(weights);
});

test('voices with channels open as many channels as are named, and a device with fewer is refused', () => {
  const wanted = { inputChannel: null, voiceChannels: [true, false, true] };
  expect(openedChannels(deviceWith(4), wanted)).toBe(3);
  expect(inputWeights(3, wanted)).toEqual([1, 1, 1]);
  expect(() => openedChannels(deviceWith(1), wanted)).toThrow(
    '"Device" has 1 input channel, --per-channel names 3; choose a device with at least 3',
  );
});
