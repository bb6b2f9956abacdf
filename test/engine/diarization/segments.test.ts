import { describe, expect, it } from 'vitest';
import type { DiarizedVoice } from '../../../engine/diarization/diarize.ts';
import { overlapsOf, soloSegments, voiceSegments } from '../../../engine/diarization/segments.ts';
import type { SpeechBlock } from '../../../engine/embedding/SpeechBlocks.ts';

const BLOCKS = 60;
const none = new Float32Array(0);

/** A voice that speaks in the blocks from `start` up to `end`. */
function voice(...spans: readonly (readonly [number, number])[]): DiarizedVoice {
  const isSpeaking = new Uint8Array(BLOCKS);
  for (const [start, end] of spans) isSpeaking.fill(1, start, end);
  return { isSpeaking, certainty: new Float32Array(BLOCKS).fill(0.95), alone: null, vector: none };
}

const blocks = (overlap: (block: number) => number): SpeechBlock[] =>
  Array.from({ length: BLOCKS }, (_, block) => ({
    speech: 1,
    overlap: overlap(block),
    disturbance: 0,
    weight: 1,
    units: none,
    squares: none,
  }));
const spans = (segments: readonly { readonly startSeconds: number; readonly endSeconds: number }[]) =>
  segments.map(({ startSeconds, endSeconds }) => [Math.round(10 * startSeconds), Math.round(10 * endSeconds)]);

it('segments bridge pauses of 0.3 s, and leave out what is shorter than 0.3 s', () => {
  const segments = voiceSegments([voice([0, 10], [13, 20], [50, 52]), voice([24, 40])]);
  expect(spans(segments)).toEqual([
    [0, 20],
    [24, 40],
  ]);
  expect(segments.map((segment) => segment.voice)).toEqual([0, 1]);
});

it('names who else speaks during a segment, and when', () => {
  const segments = voiceSegments([voice([0, 20]), voice([15, 30]), voice([28, 40], [5, 9])]);
  const overlaps = segments.map((segment) => overlapsOf(segments, segment));
  expect(overlaps.map((each) => each.map(({ voice: who }) => who))).toEqual([[2, 1], [0], [0, 2], [1]]);
  expect(overlaps.map(spans)).toEqual([
    [
      [5, 9],
      [15, 20],
    ],
    [[5, 9]],
    [
      [15, 20],
      [28, 30],
    ],
    [[28, 30]],
  ]);
});

describe('solo segments', () => {
  const voices = [voice([0, 30]), voice([30, 60])];
  const quiet = blocks(() => 0);

  it('keep away from changes of voice', () => {
    expect(spans(soloSegments(voices, 0, quiet))).toEqual([[0, 27]]);
    expect(spans(soloSegments(voices, 1, quiet))).toEqual([[33, 60]]);
  });

  it('leave out where two voices are likely, or the voice is not certain', () => {
    const overlapping = blocks((block) => (block >= 10 && block < 15 ? 0.5 : 0));
    for (const [start, end] of spans(soloSegments(voices, 0, overlapping)))
      expect(end! <= 10 || start! >= 15).toBe(true);
    const mixed = [{ ...voices[0]!, alone: new Float32Array(BLOCKS).fill(0.9).fill(0.2, 10, 14) }, voices[1]!];
    expect(
      spans(
        soloSegments(
          mixed,
          0,
          blocks(() => 1),
        ),
      ),
    ).toEqual([
      [0, 10],
      [14, 27],
    ]);
    const unsure = [{ ...voices[0]!, certainty: new Float32Array(BLOCKS).fill(0.6) }, voices[1]!];
    expect(soloSegments(unsure, 0, quiet)).toEqual([]);
  });

  it('are where the voice is active and no other is', () => {
    const own = new Float32Array(BLOCKS).fill(0.9);
    const other = Float32Array.from({ length: BLOCKS }, (_, block) => (block < 12 ? 0.8 : 0));
    // Averaged over five blocks, the other's activity is 0.32 in block 12 and 0.16 in block 13.
    expect(spans(soloSegments(voices, 0, quiet, [own, other]))).toEqual([[13, 27]]);
    expect(soloSegments(voices, 0, quiet, [other.fill(0), own])).toEqual([]);
  });
});
