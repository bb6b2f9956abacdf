import type { Decibels, Seconds } from '../core/units.ts';
import type { LevelTrack } from './LevelTrack.ts';

/** A stretch of a recording, in frames of its level track. */
export interface FrameRun {
  readonly recording: number;
  readonly startFrame: number;
  readonly endFrame: number;
}

/** Frames within this range below the loud ones count as speech, as in training. */
const SPEECH_BELOW_LOUD_DECIBELS: Decibels = 35;
/** Softer frames are never speech. */
const SILENT_DECIBELS: Decibels = -90;
/** Quantile of the levels that defines the loud ones. */
const LOUD_QUANTILE = 0.95;
/** Runs begin at multiples of this many frames. */
const STEP_FRAMES = 25;
/** A clipped frame spoils what this many good ones give. */
const CLIPPED_COST = 10;
/** Smallest share of speech in a run. */
const LEAST_SPEECH = 0.2;

/**
 * Chooses the stretches to learn a voice from: the time of all recordings is divided into equal parts, and of each part the stretch with
 * the most and loudest speech is taken. The person who is recorded is the nearest and so the loudest; a spread over the whole time covers
 * more of a voice than its first minute.
 * @param tracks of all recordings, in order
 * @param runFrames length of a stretch
 * @param count number of parts
 */
export function bestRuns(tracks: readonly LevelTrack[], runFrames: number, count: number): FrameRun[] {
  const loud = loudLevel(tracks);
  const total = tracks.reduce((sum, { frames }) => sum + frames, 0);
  const best: ({ run: FrameRun; score: number } | undefined)[] = Array(count).fill(undefined);
  let before = 0;
  tracks.forEach((track, recording) => {
    for (let startFrame = 0; startFrame + runFrames <= track.frames; startFrame += STEP_FRAMES) {
      const part = Math.min(count - 1, Math.floor((count * (before + startFrame + runFrames / 2)) / total));
      const score = scoreOf(track, startFrame, runFrames, loud);
      if (score === null || score <= (best[part]?.score ?? 0)) continue;
      const previous = best[part - 1]?.run;
      const isOverlapping = previous?.recording === recording && previous.endFrame > startFrame;
      if (!isOverlapping) best[part] = { run: { recording, startFrame, endFrame: startFrame + runFrames }, score };
    }
    before += track.frames;
  });
  return best.flatMap((each) => (each === undefined ? [] : [each.run]));
}

/** @returns duration of a stretch in frames */
export function framesOf(seconds: Seconds, frameSeconds: Seconds): number {
  return Math.max(1, Math.round(seconds / frameSeconds));
}

function loudLevel(tracks: readonly LevelTrack[]): Decibels {
  const counts = new Uint32Array(128);
  let total = 0;
  for (const track of tracks) {
    for (let frame = 0; frame < track.frames; frame++) {
      counts[-(track.decibels(frame) ?? 0)]!++;
      total++;
    }
  }
  let sum = 0;
  for (let below = 0; below < counts.length; below++) {
    sum += counts[below]!;
    if (sum >= (1 - LOUD_QUANTILE) * total) return -below;
  }
  return 0;
}

/** Sum over the frames of how far speech is above the softest speech. @returns null for a run with too little speech */
function scoreOf(track: LevelTrack, startFrame: number, runFrames: number, loud: Decibels): number | null {
  let score = 0;
  let speech = 0;
  for (let frame = startFrame; frame < startFrame + runFrames; frame++) {
    const decibels = track.decibels(frame);
    if (decibels === null) {
      score -= CLIPPED_COST * SPEECH_BELOW_LOUD_DECIBELS;
      continue;
    }
    const above = decibels - (loud - SPEECH_BELOW_LOUD_DECIBELS);
    if (above <= 0 || decibels < SILENT_DECIBELS) continue;
    speech++;
    // Louder frames count as the loud level, so that a bang is not preferred to speech.
    score += Math.min(above, SPEECH_BELOW_LOUD_DECIBELS);
  }
  return speech < LEAST_SPEECH * runFrames ? null : score;
}
