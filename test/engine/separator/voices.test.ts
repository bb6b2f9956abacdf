import { describe, expect, it } from 'vitest';
import { MAXIMUM_OUTPUTS } from '../../../engine/core/limits.ts';
import { Random } from '../../../engine/core/Random.ts';
import { OutputVoices } from '../../../engine/realtime/OutputVoices.ts';
import { packSpeakerSet } from '../../../engine/separator/packSpeakerSet.ts';
import { Separator } from '../../../engine/separator/Separator.ts';
import { addTone, TONE_RATE, TONE_VOICES, toneAmplitude, toneSpeakers } from '../toneVoices.ts';

const BLOCK = 256;

/** Separates in blocks; `swaps` holds the voices to swap to, by the second at which the swap begins. */
function separate(first: readonly number[], input: Float32Array, swaps: ReadonlyMap<number, readonly number[]>) {
  const separator = new Separator(toneSpeakers(first));
  const outputs = Array.from({ length: MAXIMUM_OUTPUTS }, () => new Float32Array(input.length));
  const dry = new Float32Array(input.length);
  for (let start = 0; start < input.length; start += BLOCK) {
    for (const [second, voices] of swaps) {
      const sample = second * TONE_RATE;
      if (sample >= start && sample < start + BLOCK) separator.swapTemplates(packSpeakerSet(toneSpeakers(voices)));
    }
    separator.process(input, { speakers: outputs, dry }, Math.min(BLOCK, input.length - start), start);
  }
  return { outputs, dry };
}

/** Largest amplitude of a tone in any 50 ms of a signal. */
function loudest(signal: Float32Array, voice: number): number {
  const step = TONE_RATE / 20;
  let most = 0;
  for (let n = 0; n + step <= signal.length; n += step)
    most = Math.max(most, toneAmplitude(signal, voice, n, n + step));
  return most;
}

/** Difference between the outputs' sum and the delayed input, at the sample where it is largest. */
function largestSumError(outputs: readonly Float32Array[], dry: Float32Array): number {
  return dry.reduce((most, expected, n) => {
    const sum = outputs.reduce((total, output) => total + output[n]!, 0);
    return Math.max(most, Math.abs(sum - expected));
  }, 0);
}

describe('voices of a separator', () => {
  it.each<[string, readonly number[], readonly number[], number[]]>([
    ['the first voice is unloaded', [1, 2], [2], [2]],
    ['a voice is added', [2], [2, 1], [2]],
    ['a voice is added before', [2], [1, 2], [2]],
    ['the first voice is replaced', [1, 2], [3, 2], [2]],
    ['both voices change places', [1, 2], [2, 1], [1, 2]],
    ['all other voices are replaced', [4, 2, 5, 6], [7, 8, 9, 2, 10], [2]],
  ])(
    'that stay keep their sound on their output while %s, and the outputs sum to the input',
    (_, before, after, staying) => {
      const input = new Float32Array(2 * TONE_RATE);
      for (const voice of staying) addTone(input, voice, 0, input.length);
      const { outputs, dry } = separate(before, input, new Map([[0.7, after]]));
      expect(largestSumError(outputs, dry)).toBeLessThan(1e-6);
      for (const voice of staying) {
        const own = before.indexOf(voice);
        for (let n = TONE_RATE / 5; n < input.length - 800; n += 800)
          expect(toneAmplitude(outputs[own]!, voice, n, n + 800)).toBeCloseTo(0.1, 3);
        outputs.forEach((output, o) => {
          if (o !== own) expect(loudest(output, voice), `output ${o}`).toBeLessThan(1e-4);
        });
      }
    },
  );

  it('that are replaced fade out on their own output, and those that replace them fade in on another', () => {
    const input = new Float32Array(3 * TONE_RATE);
    addTone(input, 2, 0, input.length);
    // Neither sounds during the swap: what sounds then belongs to a voice that stays.
    addTone(input, 1, 0, TONE_RATE);
    addTone(input, 3, 2 * TONE_RATE, 3 * TONE_RATE);
    const { outputs, dry } = separate([1, 2], input, new Map([[1.1, [3, 2]]]));
    expect(largestSumError(outputs, dry)).toBeLessThan(1e-6);
    const heard = [1, 2, 3].map((voice) => outputs.map((output) => loudest(output, voice)));
    for (const [voice, own] of [0, 1, 2].entries())
      heard[voice]!.forEach((amplitude, o) => {
        if (o === own) expect(amplitude).toBeCloseTo(0.1, 2);
        else expect(amplitude, `tone ${voice + 1} in output ${o}`).toBeLessThan(1e-3);
      });
  });

  it('never share an output, and sum to the input, whatever is loaded, and while earlier swaps are under way', () => {
    const random = new Random(11);
    const input = Float32Array.from({ length: 8 * TONE_RATE }, () => random.between(-0.5, 0.5));
    const separator = new Separator(toneSpeakers([1, 2]));
    const outputs = Array.from({ length: MAXIMUM_OUTPUTS }, () => new Float32Array(BLOCK));
    const dry = new Float32Array(BLOCK);
    const voices = new OutputVoices();
    voices.update(separator);
    let before = [...voices.heard];
    let changes = 0;
    for (let start = 0; start < input.length; ) {
      // Often enough that swaps replace each other, or wait for a fade to end.
      if (random.uniform() < 0.02) {
        const next = new Set(Array.from({ length: 8 }, () => 1 + random.integer(TONE_VOICES)));
        separator.swapTemplates(toneSpeakers([...next].slice(0, 1 + random.integer(8))));
      }
      const count = Math.min(1 + random.integer(BLOCK), separator.samplesUntilSwapAdvances, input.length - start);
      separator.process(input.subarray(start, start + count), { speakers: outputs, dry }, count);
      start += count;
      for (let n = 0; n < count; n++) {
        const sum = outputs.reduce((total, output) => total + output[n]!, 0);
        if (Math.abs(sum - dry[n]!) > 2e-6) expect.fail(`sample ${start - count + n}: ${sum} instead of ${dry[n]}`);
      }
      outputs.forEach((output, o) => {
        if (before[o] !== 0) return;
        if (output.subarray(0, count).some((sample) => sample !== 0)) expect.fail(`output ${o} sounds without a voice`);
      });
      voices.update(separator);
      const heard = [...voices.heard];
      heard.forEach((voice, o) => {
        if (voice === before[o]) return;
        changes++;
        if (voice !== 0 && before[o] !== 0) expect.fail(`output ${o} passes from voice ${before[o]} to ${voice}`);
      });
      const sounding = heard.filter((voice) => voice !== 0);
      expect(new Set(sounding).size).toBe(sounding.length);
      before = heard;
    }
    expect(changes).toBeGreaterThan(50);
  });

  it('keep their outputs in a saved state', () => {
    const separator = new Separator(toneSpeakers([1, 2]));
    separator.swapTemplates(toneSpeakers([2]));
    const input = new Float32Array(TONE_RATE);
    addTone(input, 2, 0, input.length);
    separator.process(input, { speakers: [] });
    const other = new Separator(toneSpeakers([5]));
    other.restoreState(structuredClone(separator.saveState()));
    expect(other.view.speakerSet.outputs).toEqual([1]);
    expect(other.view.speakerSet.speakers[0]!.voice).toBe(2);
  });
});
