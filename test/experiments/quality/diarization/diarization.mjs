// node test/experiments/quality/diarization/diarization.mjs SPEECHOCEAN [tune|decide] [conversations]
// Diarization error rate on simulated conversations of 3 minutes, with a collar of 0.25 s; errors are shares of the speech.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../../../../dist/engine/core/Random.js';
import { diarize } from '../../../../dist/engine/diarization/diarize.js';
import { soloSegments } from '../../../../dist/engine/diarization/segments.js';
import { EmbeddingInference } from '../../../../dist/engine/embedding/EmbeddingInference.js';
import { BLOCK_SECONDS, SpeechBlocks } from '../../../../dist/engine/embedding/SpeechBlocks.js';
import { bestPermutation } from '../../../../dist/engine/evaluation/permutation.js';
import { joinSpeech } from '../../../../dist/engine/trainer/index.js';
import { readRecording } from '../../../../dist/host/audio/readRecording.js';
import { simulateConversation } from '../../../../dist/host/lab/conversation/Conversation.js';
import { speechActivity } from '../../../../dist/host/lab/conversation/speechActivity.js';
import { speechoceanHalf } from '../speechoceanHalf.mjs';

const RATE_HERTZ = 16_000;
const SECONDS = 180;
/** Of a recording of one person. */
const ALONE_SECONDS = 120;
const COLLAR_SECONDS = 0.25;
/** Pauses up to this length are part of a turn, as in hand-made references. */
const BRIDGED_SECONDS = 0.3;
const FRAMES_PER_SECOND = 100;
const FRAMES_PER_BLOCK = BLOCK_SECONDS * FRAMES_PER_SECOND;
const VOICES = [2, 3, 4];
const OVERLAPS = [0.1, 0.25];

const [folder, half = 'tune', count = '5'] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: diarization.mjs SPEECHOCEAN [tune|decide] [conversations of each kind]');
  process.exit(1);
}

const speakers = speechoceanHalf(folder, half).map(({ name }) => name);
const speech = new Map();
for (const name of speakers) {
  const files = readdirSync(join(folder, name)).filter((file) => /\.(flac|wav)$/.test(file));
  const recordings = await Promise.all(files.sort().map((file) => readRecording(join(folder, name, file))));
  speech.set(name, joinSpeech(recordings, 600).samples);
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const inference = new EmbeddingInference();
const rows = [];
for (const voices of VOICES) {
  for (const overlap of OVERLAPS) {
    const results = [];
    for (let index = 0; index < Number(count); index++) results.push(converse(voices, overlap, index));
    rows.push({ voices, overlap, results });
  }
}

const percent = (values) => (100 * mean(values)).toFixed(1);
const deviation = (values) =>
  Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)) / Math.max(1, values.length - 1));
console.log(`${speakers.length} speakers of the half to ${half}, ${count} conversations of each kind\n`);
console.log(
  '| voices | overlap | DER, number known | missed | false | confused | DER, auto | right number | solo parts of the right voice |',
);
console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- |');
for (const { voices, overlap, results } of rows) {
  const of = (name, kind = 'known') => results.map((result) => result[kind][name]);
  const error = `${percent(of('total'))} ± ${(100 * deviation(of('total'))).toFixed(1)}`;
  const right = results.filter(({ found }) => found === voices).length;
  console.log(
    `| ${voices} | ${100 * overlap} % | ${error} | ${percent(of('missed'))} | ${percent(of('false'))} | ${percent(of('confused'))} | ${percent(of('total', 'auto'))} | ${right} of ${results.length} | ${percent(results.map(({ purity }) => purity))} |`,
  );
}

const alone = speakers.map((name) =>
  diarize(blocksOf(speech.get(name).slice(0, ALONE_SECONDS * RATE_HERTZ)), inference),
);
const right = alone.filter(({ length }) => length === 1).length;
console.log(`\n${right} of ${speakers.length} recordings of one person (${ALONE_SECONDS} s at most) have one voice`);

function blocksOf(samples) {
  const recording = new SpeechBlocks(inference);
  recording.add(samples);
  recording.finish();
  return recording.blocks;
}

function converse(voices, overlap, index) {
  const random = new Random(1000 * voices + 100_000 * overlap + index);
  const names = random.sample(speakers.length, voices).map((speaker) => speakers[speaker]);
  const options = { seconds: SECONDS, overlap, levelRangeDecibels: 6, reverberationSeconds: 0, noiseSnrDecibels: 30 };
  const conversation = simulateConversation(
    names.map((name) => speech.get(name)),
    RATE_HERTZ,
    options,
    random,
  );
  const blocks = blocksOf(conversation.mixture);
  const truth = speechActivity(conversation).isActive.map(bridged);
  const known = diarize(blocks, inference, voices);
  const auto = diarize(blocks, inference);
  return {
    known: errorRate(truth, known),
    auto: errorRate(truth, auto),
    found: auto.length,
    purity: mean(known.map((_, voice) => purityOf(truth, soloSegments(known, voice, blocks)))),
  };
}

/** Share of the segments' speech in which only one voice speaks, and always the same. */
function purityOf(truth, segments) {
  const alone = truth.map(() => 0);
  let spoken = 0;
  for (const { startSeconds, endSeconds } of segments) {
    for (let frame = Math.round(startSeconds * FRAMES_PER_SECOND); frame < endSeconds * FRAMES_PER_SECOND; frame++) {
      const talking = truth.flatMap((flags, voice) => (flags[frame] === 1 ? [voice] : []));
      if (talking.length > 0) spoken++;
      if (talking.length === 1) alone[talking[0]]++;
    }
  }
  return spoken === 0 ? 0 : Math.max(...alone) / spoken;
}

function bridged(flags) {
  const result = Uint8Array.from(flags);
  let last = Number.NEGATIVE_INFINITY;
  flags.forEach((flag, frame) => {
    if (flag === 0) return;
    if (frame - last <= BRIDGED_SECONDS * FRAMES_PER_SECOND) result.fill(1, last, frame);
    last = frame;
  });
  return result;
}

function errorRate(truth, voices) {
  const frames = truth[0].length;
  const isScored = new Uint8Array(frames).fill(1);
  const collar = COLLAR_SECONDS * FRAMES_PER_SECOND;
  for (const flags of truth) {
    for (let frame = 1; frame < frames; frame++)
      if (flags[frame] !== flags[frame - 1]) isScored.fill(0, Math.max(0, frame - collar), frame + collar);
  }
  const size = Math.max(truth.length, voices.length);
  const together = Array.from({ length: size }, () => Array(size).fill(0));
  let total = 0;
  let missed = 0;
  let wrong = 0;
  let matched = 0;
  for (let frame = 0; frame < frames; frame++) {
    if (isScored[frame] === 0) continue;
    const block = Math.floor(frame / FRAMES_PER_BLOCK);
    const talking = truth.flatMap((flags, voice) => (flags[frame] === 1 ? [voice] : []));
    const found = voices.flatMap(({ isSpeaking }, voice) => (isSpeaking[block] === 1 ? [voice] : []));
    total += talking.length;
    missed += Math.max(0, talking.length - found.length);
    wrong += Math.max(0, found.length - talking.length);
    matched += Math.min(talking.length, found.length);
    for (const one of talking) for (const other of found) together[one][other]++;
  }
  const right = bestPermutation(together).reduce((sum, row, column) => sum + together[row][column], 0);
  return {
    total: (missed + wrong + matched - right) / total,
    missed: missed / total,
    false: wrong / total,
    confused: (matched - right) / total,
  };
}
