import { expect, it } from 'vitest';
import { PARAMETERS } from '../../../../engine/separator/parameters.ts';
import { Separator } from '../../../../engine/separator/Separator.ts';
import { noiseSpeakerSet } from '../../../../host/lab/bench/noiseSpeakerSet.ts';

it('nearly every frame of the noise speaker set takes all iterations', () => {
  const { speakerSet, hops } = noiseSpeakerSet({ speakers: 2, templatesPerSpeaker: 64, windowSamples: 2048 });
  expect([speakerSet.bins, speakerSet.plan.hopSamples]).toEqual([1025, 512]);
  const separator = new Separator(speakerSet);
  const outputs = { speakers: speakerSet.speakers.map(() => new Float32Array(speakerSet.plan.hopSamples)) };
  let iterations = 0;
  for (const hop of hops) {
    separator.process(hop, outputs);
    iterations += separator.telemetry.iterations;
  }
  expect(iterations / hops.length).toBeGreaterThan(0.95 * PARAMETERS.iterations.default);
});
