import { expect, it } from 'vitest';
import { PARAMETERS } from '../../../../engine/separator/parameters.ts';
import { Separator } from '../../../../engine/separator/Separator.ts';
import { planStft } from '../../../../engine/stft/StftPlan.ts';
import { noiseHops, noiseSpeakerSet } from '../../../../host/lab/bench/noiseSpeakerSet.ts';
import { defaultSpeakerSet } from '../../../../host/library/defaultSpeakerSet.ts';

const plan = planStft({ sampleRateHertz: 48_000 });

it('synthetic voices have the sizes of the bundled ones', async () => {
  const synthetic = noiseSpeakerSet(2, plan);
  const bundled = await defaultSpeakerSet(plan);
  expect(synthetic.bins).toBe(bundled.bins);
  for (const sizes of [
    (set: typeof bundled) => set.speakers.map(({ templates, coreTemplates }) => [templates, coreTemplates]),
    (set: typeof bundled) => set.outputTemplates?.map(({ length }) => length),
    (set: typeof bundled) => [set.network?.bandwidthHertz, set.network?.first.length, set.network?.second.length],
  ])
    expect(sizes(synthetic)).toEqual(sizes(bundled));
});

it('nearly every frame of noise takes all iterations', () => {
  const speakerSet = noiseSpeakerSet(4, plan);
  const separator = new Separator(speakerSet);
  const outputs = { speakers: speakerSet.speakers.map(() => new Float32Array(plan.hopSamples)) };
  const hops = noiseHops(plan.sampleRateHertz, plan.hopSamples);
  let iterations = 0;
  for (const hop of hops) {
    separator.process(hop, outputs);
    iterations += separator.telemetry.iterations;
    expect(outputs.speakers.every((output) => output.every(Number.isFinite))).toBe(true);
  }
  expect(iterations / hops.length).toBeGreaterThan(0.95 * PARAMETERS.iterations.default);
});
