// node test/experiments/quality/diarization/knownVoices.mjs SPEECHOCEAN [tune|decide] [conversations of each kind]
// Recognises speakers by embeddings of other recordings of them, by several rules: right, wrong and missing names.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../../../../dist/engine/core/Random.js';
import { diarize } from '../../../../dist/engine/diarization/diarize.js';
import { recognizeVoices } from '../../../../dist/engine/diarization/recognizeVoices.js';
import { voiceVectors } from '../../../../dist/engine/diarization/voiceVectors.js';
import { EmbeddingInference } from '../../../../dist/engine/embedding/EmbeddingInference.js';
import { SpeechBlocks } from '../../../../dist/engine/embedding/SpeechBlocks.js';
import { soloVector } from '../../../../dist/engine/embedding/soloVector.js';
import { joinSpeech } from '../../../../dist/engine/trainer/index.js';
import { readRecording } from '../../../../dist/host/audio/readRecording.js';
import { simulateConversation } from '../../../../dist/host/lab/conversation/Conversation.js';
import { speechoceanHalf } from '../speechoceanHalf.mjs';

const RATE_HERTZ = 16_000;
/** Of the ten recordings of a speaker; the library is learnt from the others, about 27 s. */
const QUERY_FILES = 4;
const QUERY_SECONDS = [5, 10, 15];
const DRAWS = 10;
const CONVERSATION_SECONDS = 30;
const RULES = [
  { leastSimilarity: 0.9, leastLead: 0 },
  { leastSimilarity: 0.9, leastLead: 0.05 },
  { leastSimilarity: 0.91, leastLead: 0.03 },
  { leastSimilarity: 0.92, leastLead: 0.03 },
  { leastSimilarity: 0.925, leastLead: 0.03 },
];

const [folder, half = 'tune', conversations = '60'] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: knownVoices.mjs SPEECHOCEAN [tune|decide] [conversations of each kind]');
  process.exit(1);
}

const inference = new EmbeddingInference();
const random = new Random(7);
const blocksOf = (samples) => {
  const speech = new SpeechBlocks(inference);
  speech.add(samples);
  speech.finish();
  return speech.blocks;
};

/** Three bells of up to 6 dB at random frequencies (RBJ cookbook): another microphone. */
function otherMicrophone(samples) {
  let signal = samples;
  for (let bell = 0; bell < 3; bell++) {
    const frequency = (2 * Math.PI * 150 * 40 ** random.uniform()) / RATE_HERTZ;
    const gain = 10 ** (random.between(-6, 6) / 40);
    const alpha = Math.sin(frequency) / (2 * 0.7);
    const b = [1 + alpha * gain, -2 * Math.cos(frequency), 1 - alpha * gain];
    const a = [1 + alpha / gain, -2 * Math.cos(frequency), 1 - alpha / gain];
    const filtered = new Float32Array(signal.length);
    let [x1, x2, y1, y2] = [0, 0, 0, 0];
    for (let n = 0; n < signal.length; n++) {
      const x = signal[n];
      const y = (b[0] * x + b[1] * x1 + b[2] * x2 - a[1] * y1 - a[2] * y2) / a[0];
      [x2, x1, y2, y1] = [x1, x, y1, y];
      filtered[n] = y;
    }
    signal = filtered;
  }
  return signal;
}

const people = [];
for (const { name } of speechoceanHalf(folder, half)) {
  const files = readdirSync(join(folder, name)).filter((file) => /\.(flac|wav)$/.test(file));
  const recordings = await Promise.all(files.sort().map((file) => readRecording(join(folder, name, file))));
  for (const isFirst of [true, false]) {
    const queries = isFirst ? recordings.slice(-QUERY_FILES) : recordings.slice(0, QUERY_FILES);
    const learnt = recordings.filter((recording) => !queries.includes(recording));
    const speech = joinSpeech(queries, 600).samples;
    people.push({
      name,
      isFirst,
      known: soloVector(blocksOf(joinSpeech(learnt, 30).samples), inference),
      speech,
      blocks: { same: blocksOf(speech), other: blocksOf(otherMicrophone(speech)) },
    });
  }
}

/** @returns stretches of one speaker, each with the library to look in */
function soloQueries(seconds, microphone) {
  return people.flatMap(({ name, isFirst, blocks }) =>
    Array.from({ length: DRAWS }, () => {
      const all = blocks[microphone];
      const start = random.integer(Math.max(1, all.length - 10 * seconds + 1));
      const solo = all.slice(start, start + 10 * seconds).filter(({ overlap }) => overlap < 0.5);
      return { truths: [name], vectors: [inference.embed(solo).vector], library: libraryOf(isFirst) };
    }),
  );
}

function libraryOf(isFirst) {
  return people.filter((person) => person.isFirst === isFirst);
}

/** @returns conversations with as many voices as are stated to `diarize` */
function conversationQueries(voices) {
  return Array.from({ length: Number(conversations) }, (_, index) => {
    const library = libraryOf(index % 2 === 0);
    const speakers = random.sample(library.length, voices).map((speaker) => library[speaker]);
    const seconds = (CONVERSATION_SECONDS * voices) / 2;
    const options = { seconds, overlap: 0.1, levelRangeDecibels: 6, reverberationSeconds: 0, noiseSnrDecibels: 30 };
    const conversation = simulateConversation(
      speakers.map(({ speech }) => speech),
      RATE_HERTZ,
      options,
      random,
    );
    const blocks = blocksOf(conversation.mixture);
    const found = diarize(blocks, inference, voices);
    return {
      truths: found.map(({ isSpeaking }) => mostHeard(isSpeaking, conversation, speakers)),
      vectors: voiceVectors(found, blocks, inference),
      library,
    };
  });
}

/** @returns name of the speaker who is loudest where a found voice speaks */
function mostHeard(isSpeaking, { references }, speakers) {
  const energies = references.map((reference) => {
    let sum = 0;
    isSpeaking.forEach((flag, block) => {
      if (flag === 0) return;
      for (let n = block * 1600; n < Math.min(reference.length, (block + 1) * 1600); n++) sum += reference[n] ** 2;
    });
    return sum;
  });
  return speakers[energies.indexOf(Math.max(...energies))].name;
}

/** @returns numbers of known voices that are named right and wrong, and of voices that are named though their speaker is not in the library */
function score(queries, rule) {
  const counts = { right: 0, wrong: 0, strangers: 0, all: 0 };
  const recognized = (vectors, library) =>
    recognizeVoices(
      vectors,
      library.map(({ known }) => known),
      rule,
    );
  for (const { truths, vectors, library } of queries) {
    counts.all += truths.length;
    recognized(vectors, library).forEach((person, voice) => {
      if (person !== null) counts[library[person].name === truths[voice] ? 'right' : 'wrong']++;
    });
    const others = library.filter(({ name }) => !truths.includes(name));
    counts.strangers += recognized(vectors, others).filter((person) => person !== null).length;
  }
  return counts;
}

const percent = (count, all) => ((100 * count) / all).toFixed(1);
const kinds = [
  ...QUERY_SECONDS.flatMap((seconds) => [
    [`${seconds} s alone`, soloQueries(seconds, 'same')],
    [`${seconds} s alone, another microphone`, soloQueries(seconds, 'other')],
  ]),
  ['conversation of 2', conversationQueries(2)],
  ['conversation of 3', conversationQueries(3)],
];
console.log('| similarity | lead | speech of each | voices | right name | wrong name | no name | strangers named |');
console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
for (const rule of RULES) {
  for (const [kind, queries] of kinds) {
    const { right, wrong, strangers, all } = score(queries, rule);
    const shares = [right, wrong, all - right - wrong, strangers].map((count) => percent(count, all));
    console.log(`| ${rule.leastSimilarity} | ${rule.leastLead} | ${kind} | ${all} | ${shares.join(' | ')} |`);
  }
}
