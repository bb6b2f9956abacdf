import { expect, it } from 'vitest';
import { PARAMETERS } from '../../../engine/separator/parameters.ts';
import { Separator } from '../../../engine/separator/Separator.ts';
import { noiseScene } from '../../../host/bench/noiseScene.ts';

it('is the worst case: nearly every frame takes all iterations', () => {
  const { scene, hops } = noiseScene({ speakers: 2, templatesPerSpeaker: 64, windowSamples: 2048 });
  expect([scene.bins, scene.plan.hopSamples]).toEqual([1025, 512]);
  const separator = new Separator(scene);
  const outputs = { speakers: scene.speakers.map(() => new Float32Array(scene.plan.hopSamples)) };
  let iterations = 0;
  for (const hop of hops) {
    separator.process(hop, outputs);
    iterations += separator.telemetry.iterations;
  }
  expect(iterations / hops.length).toBeGreaterThan(0.95 * PARAMETERS.iterations.default);
});
