import { expect, it } from 'vitest';
import { Random } from '../../../engine/core/Random.ts';
import { withBackgroundModel } from '../../../engine/model/backgroundModel.ts';
import { type SpeakerSet, sampleSpeakerSet } from '../../../engine/model/SpeakerSet.ts';
import { networkSizes } from '../../../engine/network/MaskNetwork.ts';
import { Separator } from '../../../engine/separator/Separator.ts';
import { STAGES, type Stage } from '../../../engine/separator/StageProbe.ts';
import { planStft } from '../../../engine/stft/StftPlan.ts';
import { randomPreset } from '../syntheticVoice.ts';

const random = new Random(5);
const presets = [randomPreset('one', 3, 1), randomPreset('two', 5, 2)];
const plain = sampleSpeakerSet(presets, planStft({ sampleRateHertz: 16_000 }));
const { hopSamples } = plain.plan;
const sizes = networkSizes(8000, 2);
const weights = (count: number) => Float32Array.from({ length: count }, () => random.between(-0.3, 0.3));
const withNetwork: SpeakerSet = {
  ...plain,
  network: {
    bandwidthHertz: 8000,
    speakers: 2,
    temporalPrior: 0.5,
    first: weights(sizes.first),
    second: weights(sizes.second),
  },
};
const signal = Float32Array.from({ length: 20 * hopSamples }, () => random.between(-0.3, 0.3));

function marksOf(speakerSet: SpeakerSet, hops: number, prepare: (separator: Separator) => void = () => {}): Stage[] {
  const marks: Stage[] = [];
  const separator = new Separator(speakerSet, { probe: { mark: (stage) => marks.push(stage) } });
  prepare(separator);
  separator.process(signal, { speakers: [] }, hops * hopSamples);
  return marks;
}

it('every frame marks all stages in order', () => {
  const withBackground = withBackgroundModel(
    withNetwork,
    sampleSpeakerSet([...presets, randomPreset('background', 4, 3)], plain.plan),
  );
  const marks = marksOf(withBackground, 3, (separator) => separator.setParameters({ rest: 1 }));
  // In the first frame the rest fades in from 0.
  expect(marks).toEqual([...STAGES, ...STAGES, ...STAGES]);
});

it('a speaker set without a mask network has no refinement, and without a background none of its work', () => {
  const stages = STAGES.filter((stage) => stage !== 'background');
  expect(marksOf(withNetwork, 1)).toEqual(stages);
  expect(marksOf(plain, 2)).toEqual([...stages, ...stages].filter((stage) => stage !== 'refinement'));
});

it('a suspended separator marks buffering only', () => {
  expect(marksOf(withNetwork, 2, (separator) => separator.setSuspended(true))).toEqual(['buffering', 'buffering']);
});

it('during a swap both chains are marked', () => {
  const hops = 20;
  const marks = marksOf(plain, hops, (separator) => separator.swapTemplates(withNetwork));
  const count = (each: Stage) => marks.filter((stage) => stage === each).length;
  expect(count('synthesis')).toBeGreaterThan(hops);
  expect(count('refinement')).toBeGreaterThan(0);
  // The chains take turns: in each frame, one of them solves.
  expect(count('activations')).toBeLessThanOrEqual(hops + 1);
});

it('a probe does not change the outputs', () => {
  const outputOf = (separator: Separator) => {
    const output = new Float32Array(signal.length);
    separator.process(signal, { speakers: [output] });
    return output;
  };
  const probed = outputOf(new Separator(withNetwork, { probe: { mark: () => {} } }));
  expect(probed).toEqual(outputOf(new Separator(withNetwork)));
  expect(probed.some((sample) => sample !== 0)).toBe(true);
});
