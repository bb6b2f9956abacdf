import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { Random } from '../../engine/core/Random.ts';
import { diarize } from '../../engine/diarization/diarize.ts';
import { EmbeddingInference } from '../../engine/embedding/EmbeddingInference.ts';
import { enrolmentFindings } from '../../engine/embedding/enrolmentFindings.ts';
import { BLOCK_SECONDS, SpeechBlocks } from '../../engine/embedding/SpeechBlocks.ts';
import { bestPermutation } from '../../engine/evaluation/permutation.ts';
import { joinSpeech } from '../../engine/trainer/index.ts';
import { readRecording } from '../../host/audio/readRecording.ts';
import { simulateConversation } from '../../host/lab/conversation/Conversation.ts';
import { speechActivity } from '../../host/lab/conversation/speechActivity.ts';

const SPEAKERS = fileURLToPath(new URL('../../../shared/data/speechocean', import.meta.url));
const needsShared = process.env.CI || existsSync(SPEAKERS) ? it : it.skip;
const RATE_HERTZ = 16_000;

async function speechOf(name: string): Promise<Float32Array> {
  const files = readdirSync(join(SPEAKERS, name)).filter((file) => /\.(flac|wav)$/.test(file));
  const recordings = await Promise.all(files.sort().map((file) => readRecording(join(SPEAKERS, name, file))));
  return joinSpeech(recordings, 60).samples;
}

needsShared('a man and a woman whom no network has heard are both found where they speak at once', async () => {
  const conversation = simulateConversation(
    [await speechOf('0575'), await speechOf('0560')],
    RATE_HERTZ,
    { seconds: 60, overlap: 0.25, levelRangeDecibels: 3, reverberationSeconds: 0, noiseSnrDecibels: 30 },
    new Random(1),
  );
  const speech = new SpeechBlocks();
  speech.add(conversation.mixture);
  speech.finish();
  const voices = diarize(speech.blocks, new EmbeddingInference(), 2);
  const { isActive, frameSamples } = speechActivity(conversation);
  const framesPerBlock = Math.round((BLOCK_SECONDS * RATE_HERTZ) / frameSamples);
  const truth = isActive.map((flags) => flags.filter((_, frame) => frame % framesPerBlock === framesPerBlock >> 1));
  const isBoth = (flags: readonly Uint8Array[], block: number) => flags.every((own) => own[block] === 1);
  const blocks = Array.from({ length: truth[0]!.length }, (_, block) => block);
  const together = truth.map((own) =>
    voices.map(({ isSpeaking }) => blocks.filter((block) => own[block] === 1 && isSpeaking[block] === 1).length),
  );
  const order = bestPermutation(together);
  const found = truth.map((_, person) => voices[order.indexOf(person)]!.isSpeaking);

  const spoken = truth.flatMap((own, person) =>
    blocks.filter((block) => own[block] === 1).map((block) => found[person]![block]!),
  );
  expect(spoken.reduce((sum, flag) => sum + flag, 0) / spoken.length).toBeGreaterThan(0.85);
  const overlapping = blocks.filter((block) => isBoth(truth, block));
  const single = blocks.filter((block) => truth.some((own) => own[block] === 1) && !isBoth(truth, block));
  expect(overlapping.length).toBeGreaterThan(50);
  expect(overlapping.filter((block) => isBoth(found, block)).length / overlapping.length).toBeGreaterThan(0.5);
  expect(single.filter((block) => isBoth(found, block)).length / single.length).toBeLessThan(0.12);
});

needsShared(
  'another voice that is 12 dB quieter is found in recordings to learn from, and nothing in clean ones',
  async () => {
    const [own, other] = [await speechOf('0482'), await speechOf('0739')];
    const inference = new EmbeddingInference();
    const faultsOf = (recording: Float32Array) => {
      const speech = new SpeechBlocks(inference);
      speech.add(recording.slice(0, 40 * RATE_HERTZ));
      speech.finish();
      return new Set(enrolmentFindings([speech.blocks], inference).map(({ fault }) => fault));
    };
    const power = (signal: Float32Array) => signal.reduce((sum, sample) => sum + sample ** 2, 0) / signal.length;
    const gain = 10 ** (-12 / 20) * Math.sqrt(power(own) / power(other));
    expect(faultsOf(own)).toEqual(new Set());
    expect(faultsOf(own.map((sample, n) => sample + gain * other[n % other.length]!))).toEqual(
      new Set(['other sound']),
    );
  },
);
