import { expect, it } from 'vitest';
import { TAP_CHANNELS, TAP_FIRST_SPEAKER } from '../../../engine/realtime/tapChannels.ts';
import type { TapBlock } from '../../../host/audioProcess/TapBlock.ts';
import { VoiceStream } from '../../../host/audioProcess/VoiceStream.ts';

const RATE = 16_000;

/** A block in which each output has its own level: 0.1, 0.2, ... @param voices ids on the outputs */
function block(voices: readonly number[], count: number): TapBlock {
  const frames = new Float32Array((count + 3) * TAP_CHANNELS);
  for (let n = 3; n < count + 3; n++) {
    for (const [output] of voices.entries()) frames[n * TAP_CHANNELS + TAP_FIRST_SPEAKER + output] = 0.1 * (output + 1);
  }
  const state = {
    voices: Int32Array.from({ length: 16 }, (_, output) => voices[output] ?? 0),
    latencySamples: 0,
    droppedSamples: 0,
  };
  return { frames, first: 3, count, mark: 0, state };
}

async function streamOf(voice: string, rateHertz = RATE) {
  const sound: number[] = [];
  const named = [
    { id: 1, name: 'ann', presetHash: null },
    { id: 2, name: 'bob', presetHash: null },
  ];
  const stream = await VoiceStream.create({ voice, rateHertz }, named, RATE, (pcm) => {
    sound.push(...new Int16Array(Uint8Array.from(pcm).buffer));
  });
  return { stream, sound };
}

const LEVELS = [0, 0.1, 0.2].map((level) => Math.round(32_768 * level));

it('follows its voice from output to output', async () => {
  const { stream, sound } = await streamOf('bob');
  await stream.append(block([1, 2], 5));
  await stream.append(block([2, 1], 5));
  expect(sound).toEqual([...Array(5).fill(LEVELS[2]), ...Array(5).fill(LEVELS[1])]);
  expect(stream.figures).toEqual({ samples: 10, bytes: 20 });
});

it('is silent while the voice is not loaded, and sounds again when it is loaded with another id', async () => {
  const { stream, sound } = await streamOf('Bob');
  await stream.append(block([1, 2], 2));
  await stream.append(block([1], 2));
  stream.nameVoices([{ id: 7, name: 'bob', presetHash: null }]);
  await stream.append(block([1, 7], 2));
  expect(sound).toEqual([LEVELS[2], LEVELS[2], 0, 0, LEVELS[2], LEVELS[2]]);
});

it('has the requested rate, and all of its sound when it is closed', async () => {
  const { stream, sound } = await streamOf('ann', 8000);
  for (let count = 0; count < 4; count++) await stream.append(block([1, 2], 400));
  await stream.close();
  expect(sound.length).toBe(800);
  expect(Math.abs(sound[400]! - LEVELS[1]!)).toBeLessThan(50);
});
