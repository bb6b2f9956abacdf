import { describe, expect, it } from 'vitest';
import type { VoiceSegment } from '../../../engine/diarization/segments.ts';
import { serializePreset } from '../../../engine/model/Preset.ts';
import { presetName } from '../../../engine/model/PresetName.ts';
import { type LearningAmount, learnOnce, learnTwice, type VoiceLearner } from '../../../engine/recording/learnTwice.ts';
import { randomPreset } from '../syntheticVoice.ts';

const names = [presetName('ann'), presetName('bob')];
const segment = (voice: number, startSeconds: number, seconds: number): VoiceSegment => ({
  voice,
  startSeconds,
  endSeconds: startSeconds + seconds,
});
/** Ann is alone for 10 s; Bob for 3 s of the 5 s that he speaks. By activity, Ann is alone for 9 s, Bob for 2 s. */
const found = {
  segments: [segment(0, 0, 12), segment(1, 12, 5)],
  solo: (activity: readonly Float32Array[] | null) =>
    activity === null ? [[segment(0, 1, 10)], [segment(1, 13, 3)]] : [[segment(0, 1, 9)], [segment(1, 14, 2)]],
};

interface Learning {
  readonly name: string;
  readonly recordings: readonly VoiceSegment[];
  readonly amount: LearningAmount;
}

function recordingLearner(): { readonly learner: VoiceLearner<VoiceSegment>; readonly learnings: Learning[] } {
  const learnings: Learning[] = [];
  const learner: VoiceLearner<VoiceSegment> = {
    readVoices: async (solo) => solo,
    measureActivity: async (presets, onProgress) => {
      onProgress(1);
      return presets.map(() => new Float32Array(170));
    },
    learn: async (name, recordings, amount, onProgress) => {
      learnings.push({ name, recordings, amount });
      onProgress(0.5);
      onProgress(1);
      return { presetText: serializePreset(randomPreset(name, 8, 1)), evidenceText: amount.isKept ? 'evidence' : null };
    },
  };
  return { learner, learnings };
}

describe('voices of a recording', () => {
  it('are learnt briefly, then again from where they are alone by that, if it is enough', async () => {
    const { learner, learnings } = recordingLearner();
    const progress: number[] = [];
    const learnt = await learnTwice(found, names, learner, (fraction) => progress.push(fraction));
    expect(learnings).toEqual([
      { name: 'ann', recordings: [segment(0, 1, 10)], amount: { seconds: 30, isKept: false } },
      // Alone for too short a time: all that he says.
      { name: 'bob', recordings: [segment(1, 12, 5)], amount: { seconds: 30, isKept: false } },
      { name: 'ann', recordings: [segment(0, 1, 9)], amount: { seconds: 60, isKept: true } },
      { name: 'bob', recordings: [segment(1, 12, 5)], amount: { seconds: 60, isKept: true } },
    ]);
    expect(learnt.map(({ evidenceText }) => evidenceText)).toEqual(['evidence', 'evidence']);
    expect(progress).toEqual([...progress].sort((one, other) => one - other));
    expect(progress.at(-1)).toBe(1);
  });

  it('can be learnt once, and are then kept', async () => {
    const { learner, learnings } = recordingLearner();
    const progress: (readonly [number, string | null])[] = [];
    const learnt = await learnOnce(found, names, learner, (...each) => progress.push(each));
    expect(learnings.map(({ recordings, amount }) => [recordings[0]?.startSeconds, amount])).toEqual([
      [1, { seconds: 30, isKept: true }],
      [12, { seconds: 30, isKept: true }],
    ]);
    expect(learnt).toHaveLength(2);
    expect(progress).toEqual([
      [0.25, 'ann'],
      [0.5, 'ann'],
      [0.75, 'bob'],
      [1, 'bob'],
    ]);
  });
});
