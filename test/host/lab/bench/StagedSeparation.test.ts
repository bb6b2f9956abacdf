import { expect, it } from 'vitest';
import { Separator } from '../../../../engine/separator/Separator.ts';
import { noiseSpeakerSet } from '../../../../host/lab/bench/noiseSpeakerSet.ts';
import { StagedSeparation } from '../../../../host/lab/bench/StagedSeparation.ts';

const { speakerSet, hops } = noiseSpeakerSet({ speakers: 3, templatesPerSpeaker: 6, windowSamples: 512 });
const { hopSamples } = speakerSet.plan;

it('outputs equal those of the separator, one hop earlier', () => {
  const separator = new Separator(speakerSet);
  const staged = new StagedSeparation(speakerSet);
  const speakers = speakerSet.speakers.map(() => new Float32Array(hopSamples));
  const previous = speakerSet.speakers.map(() => new Float32Array(hopSamples));
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

it('solves unmerged bins with a fixed number of iterations if requested', () => {
  const staged = new StagedSeparation(speakerSet, { isMerged: false, iterations: 25 });
  staged.analyse(hops[0]!);
  staged.solve();
  expect([staged.bands, staged.iterations]).toEqual([speakerSet.bins, 25]);
});
