import { describe, expect, test } from 'vitest';
import { ChannelAnalysis, type ChannelRelation } from '../../../engine/channels/ChannelAnalysis.ts';
import { Random } from '../../../engine/core/Random.ts';
import { syntheticVoice } from '../syntheticVoice.ts';

const RATE_HERTZ = 16_000;
const ann = syntheticVoice(1, 110, 0.9, 4, RATE_HERTZ);
const bob = syntheticVoice(2, 210, 1.1, 4, RATE_HERTZ);
const both = mixed(ann, bob, 1);
const random = new Random(3);
const noise = ann.map(() => random.between(-0.001, 0.001));
const zeros = new Float32Array(ann.length);

/** Second voice `gain` times as loud, `delay` samples later. */
function mixed(first: Float32Array, second: Float32Array, gain: number, delay = 0): Float32Array {
  return first.map((sample, n) => sample + gain * (second[n - delay] ?? 0));
}

function analyse(channels: readonly Float32Array[], blockSamples = 1000) {
  const analysis = new ChannelAnalysis(channels.length, RATE_HERTZ);
  for (let offset = 0; offset < channels[0]!.length; offset += blockSamples)
    analysis.add(channels.map((samples) => samples.subarray(offset, offset + blockSamples)));
  return analysis.finding;
}

describe('the relation of channels', () => {
  const bleed = 10 ** (-12 / 20);
  const people = [0, 1, 2, 3, 4].map((seed) =>
    syntheticVoice(10 + seed, 100 + 35 * seed, 0.9 + 0.06 * seed, 4, RATE_HERTZ),
  );
  const cases: [string, Float32Array[], ChannelRelation, number[]][] = [
    ['one channel', [both], 'single', [0]],
    ['equal channels', [both, both], 'same', [0, 1]],
    ['equal channels at different levels', [both.map((x) => 0.3 * x), both], 'same', [1, 0]],
    ['voices panned a little apart', [mixed(ann, bob, 0.7), mixed(bob, ann, 0.7)], 'same', [0, 1]],
    ['the right channel is silent', [both, zeros], 'single', [0]],
    ['the left channel is silent but for an offset', [zeros.map(() => 0.2), both], 'single', [1]],
    ['a channel has noise only', [noise.map((x) => 20 * x), both], 'single', [1]],
    ['opposite polarity', [both, both.map((x) => -x)], 'cancelling', [0, 1]],
    ['opposite polarity at half the level', [both.map((x) => -0.5 * x), both], 'cancelling', [1, 0]],
    ['opposite polarity with noise', [mixed(both, noise, 1), both.map((x) => -x)], 'cancelling', [0, 1]],
    ['a delay of 5 ms', [both, mixed(zeros, both, 0.9, 80)], 'shifted', [0, 1]],
    ['a telephone recorder: a person a channel', [ann, bob], 'separate', [0, 1]],
    ['an interview with bleed', [mixed(ann, bob, bleed, 16), mixed(bob, ann, bleed, 16)], 'separate', [0, 1]],
    ['one channel has both, the other one person', [both, bob], 'separate', [0, 1]],
    [
      'five people with a microphone each',
      people.map((own, channel) =>
        own.map(
          (x, n) => x + bleed * people.reduce((sum, other, s) => (s === channel ? sum : sum + (other[n - 16] ?? 0)), 0),
        ),
      ),
      'separate',
      [0, 1, 2, 3, 4],
    ],
  ];
  test.each(cases)('%s', (_, channels, relation, sounding) => {
    const finding = analyse(channels);
    expect(finding.relation).toBe(relation);
    expect(new Set(finding.sounding)).toEqual(new Set(sounding));
    if (relation === 'single') expect(finding.sounding[0]).toBe(sounding[0]);
  });
});

test('the finding does not depend on the size of the blocks', () => {
  const channels = [ann, bob];
  for (const blockSamples of [1, 512, 777, 100_000]) expect(analyse(channels, blockSamples)).toEqual(analyse(channels));
});

test('a recording shorter than a frame has channels with the same sound', () => {
  expect(analyse([both.subarray(4000, 4100), both.subarray(4000, 4100)]).relation).toBe('same');
});

test('the offset is that of the channel with the largest one', () => {
  expect(analyse([both.map((x) => x - 0.3), both]).offset).toBeCloseTo(-0.3, 2);
});
