import { expect, it } from 'vitest';
import { Separator } from '../../../engine/separator/Separator.ts';
import { noiseScene } from '../../../host/bench/noiseScene.ts';
import { StagedSeparation } from '../../../host/bench/StagedSeparation.ts';

const { scene, hops } = noiseScene({ speakers: 3, templatesPerSpeaker: 6, windowSamples: 512 });
const { hopSamples } = scene.plan;

it('gives what the separator gives, one hop earlier', () => {
  const separator = new Separator(scene);
  const staged = new StagedSeparation(scene);
  const speakers = scene.speakers.map(() => new Float32Array(hopSamples));
  const previous = scene.speakers.map(() => new Float32Array(hopSamples));
  for (const hop of hops.slice(0, 20)) {
    separator.process(hop, { speakers });
    speakers.forEach((samples, s) => {
      expect(samples).toEqual(previous[s]);
    });
    staged.analyse(hop);
    staged.solve();
    staged.divide();
    staged.synthesize();
    previous.forEach((samples, s) => {
      samples.set(staged.output(s));
    });
    expect(staged.iterations).toBe(separator.telemetry.iterations);
  }
  expect(previous[0]!.some((sample) => Math.abs(sample) > 1e-3)).toBe(true);
});

it('solves for every bin by itself where told so, with as many iterations as told', () => {
  const staged = new StagedSeparation(scene, { isMerged: false, iterations: 25 });
  staged.analyse(hops[0]!);
  staged.solve();
  expect([staged.bands, staged.iterations]).toEqual([scene.bins, 25]);
});
