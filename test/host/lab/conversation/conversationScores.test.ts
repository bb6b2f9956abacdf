import { describe, expect, it } from 'vitest';
import { Random } from '../../../../engine/core/Random.ts';
import { simulateConversation } from '../../../../host/lab/conversation/Conversation.ts';
import { scoreConversation } from '../../../../host/lab/conversation/conversationScores.ts';
import { Passages } from '../../../../host/lab/conversation/Passages.ts';
import { speechActivity } from '../../../../host/lab/conversation/speechActivity.ts';

const RATE_HERTZ = 10_000;
const random = new Random(5);
const voices = [0, 1].map(() => Float32Array.from({ length: 10 * RATE_HERTZ }, () => random.between(-0.3, 0.3)));
const conversation = simulateConversation(
  voices,
  RATE_HERTZ,
  { seconds: 40, overlap: 0.25, levelRangeDecibels: 0, reverberationSeconds: 0, noiseSnrDecibels: null },
  new Random(1),
);
const [ann, bob] = conversation.references as [Float32Array, Float32Array];
const { mixture } = conversation;
const sum = (one: Float32Array, other: Float32Array, gain: number) => one.map((x, n) => x + gain * (other[n] ?? 0));

describe('scores of a conversation', () => {
  it('are the best there are for the voices themselves', () => {
    const scores = scoreConversation(conversation, [ann, bob]);
    expect(scores).toMatchObject({
      leakDecibels: -80,
      soloSiSdrDecibels: 60,
      overlapSiSdrDecibels: 60,
      confusionRate: 0,
      silenceDecibels: -80,
    });
    expect(scores.onsetLossDecibels).toBeCloseTo(0, 6);
    expect(scores.stoi).toBeCloseTo(1, 3);
    expect(scores.soloShare + scores.overlapShare).toBeLessThan(1);
  });

  it('find the mixture in every track: all of it leaks, and nothing is lost', () => {
    const scores = scoreConversation(conversation, [mixture, mixture]);
    expect(scores.leakDecibels).toBeCloseTo(0, 3);
    expect(scores.overlapSiSdrDecibels).toBeCloseTo(0, 0);
    expect(scores.onsetLossDecibels).toBeCloseTo(0, 0);
  });

  it('find exchanged tracks: every passage is confused', () => {
    const scores = scoreConversation(conversation, [bob, ann]);
    expect(scores.confusionRate).toBe(1);
    expect(scores.leakDecibels).toBeCloseTo(0, 3);
  });

  it.each([-10, -20, -30])('measure a leak of %d dB, and its cost where both talk', (decibels) => {
    const gain = 10 ** (decibels / 20);
    const scores = scoreConversation(conversation, [sum(ann, bob, gain), sum(bob, ann, gain)]);
    expect(scores.leakDecibels).toBeCloseTo(decibels, 2);
    expect(scores.overlapSiSdrDecibels).toBeCloseTo(-decibels, 0);
    expect(scores.soloSiSdrDecibels).toBe(60);
  });

  it('measure onsets that are cut, and no others', () => {
    const passages = new Passages(speechActivity(conversation), RATE_HERTZ);
    const soft = [ann, bob].map((voice, speaker) => {
      const cut = voice.slice();
      for (const { start, end } of passages.onsets(speaker)) for (let n = start; n < end; n++) cut[n]! *= 0.5;
      return cut;
    });
    expect(passages.onsets(0).length).toBeGreaterThan(3);
    expect(scoreConversation(conversation, soft).onsetLossDecibels).toBeCloseTo(6.02, 1);
  });

  it('measure what sounds while nobody talks', () => {
    const hum = new Float32Array(mixture.length).map((_, n) => 0.005 * Math.sqrt(2) * Math.sin(0.3 * n));
    // The voices have an RMS of 0.05 when they talk.
    expect(scoreConversation(conversation, [sum(ann, hum, 1), bob]).silenceDecibels).toBeCloseTo(-20, 0);
  });

  it('need a track for each voice', () => {
    expect(() => scoreConversation(conversation, [ann])).toThrow('tracks');
  });
});
