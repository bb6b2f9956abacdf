import { describe, expect, it } from 'vitest';
import { Random } from '../../../../engine/core/Random.ts';
import { type ConversationOptions, simulateConversation } from '../../../../host/lab/conversation/Conversation.ts';
import { Passages } from '../../../../host/lab/conversation/Passages.ts';
import { speechActivity } from '../../../../host/lab/conversation/speechActivity.ts';

const RATE_HERTZ = 8000;
const OPTIONS: ConversationOptions = {
  seconds: 60,
  overlap: 0.25,
  levelRangeDecibels: 6,
  reverberationSeconds: 0,
  noiseSnrDecibels: null,
};

/** [3][samples] noise, as loud throughout as speech without pauses */
function voices(count = 2): Float32Array[] {
  const random = new Random(5);
  return Array.from({ length: count }, () =>
    Float32Array.from({ length: 10 * RATE_HERTZ }, () => random.between(-0.3, 0.3)),
  );
}

const simulate = (options: Partial<ConversationOptions> = {}, seed = 1, count = 2) =>
  simulateConversation(voices(count), RATE_HERTZ, { ...OPTIONS, ...options }, new Random(seed));

describe('a simulated conversation', () => {
  it('is the same for the same seed, and another for another', () => {
    const [one, other] = [simulate(), simulate()];
    expect(one.turns).toEqual(other.turns);
    expect(Buffer.from(one.mixture.buffer).equals(Buffer.from(other.mixture.buffer))).toBe(true);
    expect(simulate({}, 2).turns).not.toEqual(simulate().turns);
  });

  it('is the sum of its references, also in a room', () => {
    for (const reverberationSeconds of [0, 0.3]) {
      const { mixture, references } = simulate({ reverberationSeconds });
      const largest = mixture.reduce(
        (error, sample, n) => Math.max(error, Math.abs(sample - references.reduce((sum, each) => sum + each[n]!, 0))),
        0,
      );
      expect(largest).toBeLessThan(1e-6);
    }
  });

  it('has turns of 1.5 to 4 s, none of them after one of the same speaker', () => {
    const { turns, mixture } = simulate({}, 3, 3);
    expect(new Set(turns.map(({ speaker }) => speaker)).size).toBe(3);
    for (const [index, { speaker, startSample, endSample }] of turns.entries()) {
      expect(speaker).not.toBe(turns[index + 1]?.speaker);
      expect((endSample - startSample) / RATE_HERTZ).toBeGreaterThanOrEqual(1.5);
      expect((endSample - startSample) / RATE_HERTZ).toBeLessThanOrEqual(4);
      expect(endSample).toBeLessThanOrEqual(mixture.length);
    }
  });

  it.each([0, 0.1, 0.25, 0.5])('overlaps as much as asked for: %f of the talking time', (overlap) => {
    const conversation = simulate({ seconds: 600, overlap });
    const { isActive, frames } = speechActivity(conversation);
    let talking = 0;
    let overlapping = 0;
    for (let frame = 0; frame < frames; frame++) {
      const talkers = isActive.filter((flags) => flags[frame] === 1).length;
      if (talkers > 0) talking++;
      if (talkers > 1) overlapping++;
    }
    // The hangover of 50 ms at both ends of a turn adds a little.
    expect(overlapping / talking).toBeGreaterThan(0.7 * overlap);
    expect(overlapping / talking).toBeLessThan(1.2 * overlap + 0.04);
  });

  it('has levels within the range, and noise at the level asked for', () => {
    const { references, turns, mixture } = simulate({ noiseSnrDecibels: 20 }, 4);
    for (const [speaker, reference] of references.entries()) {
      const samples = turns
        .filter((turn) => turn.speaker === speaker)
        .reduce((sum, { startSample, endSample }) => sum + endSample - startSample, 0);
      const rms = Math.sqrt(reference.reduce((sum, x) => sum + x * x, 0) / samples);
      expect(Math.abs(20 * Math.log10(rms / 0.05))).toBeLessThan(6.2);
    }
    const noise = mixture.map((sample, n) => sample - references[0]![n]! - references[1]![n]!);
    const rms = Math.sqrt(noise.reduce((sum, x) => sum + x * x, 0) / noise.length);
    expect(20 * Math.log10(rms / 0.05)).toBeCloseTo(-20, 1);
  });

  it('has a reverberation 3 dB below the direct sound', () => {
    const conversation = simulate({ reverberationSeconds: 0.6 });
    const dry = simulate();
    const energy = (signal: Float32Array) => signal.reduce((sum, x) => sum + x * x, 0);
    // Direct sound and, 3 dB below it, the tail.
    expect(energy(conversation.references[0]!) / energy(dry.references[0]!)).toBeCloseTo(1.5, 0);
  });

  it.each([
    [{ seconds: 5 }, 'seconds'],
    [{ overlap: 0.9 }, 'overlap'],
    [{ levelRangeDecibels: 40 }, 'levelRangeDecibels'],
    [{ reverberationSeconds: 9 }, 'reverberationSeconds'],
  ])('refuses %j', (options, name) => {
    expect(() => simulate(options)).toThrow(name);
  });

  it('needs two voices', () => {
    expect(() => simulate({}, 1, 1)).toThrow('speakers of a conversation');
  });
});

it('passages lie a margin inside of what they hold, and solo, overlap and silence do not touch', () => {
  const conversation = simulate();
  const passages = new Passages(speechActivity(conversation), RATE_HERTZ);
  const owners = new Uint8Array(conversation.mixture.length);
  for (const { start, end } of [
    ...passages.solo(0),
    ...passages.solo(1),
    ...passages.anyOverlap(),
    ...passages.silence(),
  ]) {
    expect(owners.subarray(start, end).some((owned) => owned === 1)).toBe(false);
    owners.fill(1, start, end);
  }
});
