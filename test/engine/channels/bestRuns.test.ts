import { expect, test } from 'vitest';
import { bestRuns, framesOf } from '../../../engine/channels/bestRuns.ts';
import { LevelTrack } from '../../../engine/channels/LevelTrack.ts';

const RATE_HERTZ = 1000;
const FRAME_SAMPLES = 20;

/** @param levels peak of a tone in each second */
function trackOf(levels: readonly number[]): LevelTrack {
  const track = new LevelTrack(RATE_HERTZ);
  for (const level of levels) track.add(Float32Array.from({ length: RATE_HERTZ }, (_, n) => level * Math.sin(n)));
  return track;
}

const runFrames = framesOf(2, FRAME_SAMPLES / RATE_HERTZ);
const seconds = (frames: number) => (frames * FRAME_SAMPLES) / RATE_HERTZ;

test('the loudest stretch of each part is chosen', () => {
  const levels = Array(20).fill(0.01);
  levels.fill(0.2, 3, 5);
  levels.fill(0.2, 16, 18);
  const runs = bestRuns([trackOf(levels)], runFrames, 2);
  expect(runs.map((run) => [seconds(run.startFrame), seconds(run.endFrame)])).toEqual([
    [3, 5],
    [16, 18],
  ]);
});

test('stretches lie within a recording and do not overlap', () => {
  const tracks = [trackOf(Array(7).fill(0.1)), trackOf(Array(1).fill(0.1)), trackOf(Array(12).fill(0.1))];
  const runs = bestRuns(tracks, runFrames, 6);
  expect(runs.length).toBeGreaterThan(3);
  runs.forEach((run, index) => {
    expect(run.endFrame).toBeLessThanOrEqual(tracks[run.recording]!.frames);
    const next = runs[index + 1];
    if (next?.recording === run.recording) expect(next.startFrame).toBeGreaterThanOrEqual(run.endFrame);
  });
});

test('silence and clipped sound are not chosen', () => {
  const clipped = trackOf([0.1, 0.1, 0.1]);
  clipped.add(new Float32Array(3 * RATE_HERTZ).fill(1));
  expect(bestRuns([clipped], runFrames, 2).map((run) => seconds(run.startFrame))).toEqual([0]);
  expect(bestRuns([trackOf(Array(10).fill(0))], runFrames, 2)).toEqual([]);
});
