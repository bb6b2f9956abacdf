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
  const opened = openedChannels(deviceWith(channels), choice);
  expect(inputWeights(opened, choice)).toEqual(weights);
});
