// node test/experiments/quality/speakerEmbedding/enrolment.mjs SPEECHOCEAN PIANO NOISE [tune|decide]
// What the check of recordings finds in clean recordings of one person, and in recordings that something else was added to.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../../../../dist/engine/core/Random.js';
import { EmbeddingInference } from '../../../../dist/engine/embedding/EmbeddingInference.js';
import { enrolmentFindings } from '../../../../dist/engine/embedding/enrolmentFindings.js';
import { SpeechBlocks } from '../../../../dist/engine/embedding/SpeechBlocks.js';
import { readRecording } from '../../../../dist/host/audio/readRecording.js';
import { resample } from '../../../../dist/host/audio/resample.js';
import { speechoceanHalf } from '../speechoceanHalf.mjs';

const RATE_HERTZ = 16_000;
const [speechocean, pianoFolder, noiseFolder, half = 'tune'] = process.argv.slice(2);
if (noiseFolder === undefined) {
  console.error('usage: enrolment.mjs SPEECHOCEAN PIANO NOISE [tune|decide]');
  process.exit(1);
}

const speakers = speechoceanHalf(speechocean, half);
const audioIn = (folder) =>
  readdirSync(folder)
    .filter((file) => /\.(flac|wav)$/.test(file))
    .sort()
    .map((file) => join(folder, file));
const sounds = new Map();
for (const { name } of speakers)
  sounds.set(
    name,
    await Promise.all(audioIn(join(speechocean, name)).map(async (path) => (await readRecording(path)).samples)),
  );
const soundOf = async (folder) => {
  const { samples, sampleRateHertz } = await readRecording(audioIn(folder)[0]);
  return resample(samples, sampleRateHertz, RATE_HERTZ);
};
const piano = await soundOf(pianoFolder);
const noise = await soundOf(noiseFolder);

const rms = (signal) => Math.sqrt(signal.reduce((sum, value) => sum + value * value, 0) / signal.length);
const mixed = (signal, other, decibels, start = 0) => {
  const gain = (rms(signal) / rms(other)) * 10 ** (decibels / 20);
  return signal.map((value, n) => value + gain * other[(start + n) % other.length]);
};

/** Direct sound and a tail of noise 3 dB below it. */
function reverberated(signal, seconds, random) {
  const tail = new Float32Array(seconds * RATE_HERTZ);
  for (let n = 80; n < tail.length; n++) tail[n] = random.between(-1, 1) * Math.exp((-6.9 * n) / tail.length);
  const gain = 10 ** (-3 / 20) / (rms(tail) * Math.sqrt(tail.length));
  const result = Float32Array.from(signal);
  for (let n = 0; n < signal.length; n++)
    for (let k = 80; k < Math.min(tail.length, signal.length - n); k++) result[n + k] += gain * signal[n] * tail[k];
  return result;
}

const each = (change) => (own, others, random) => own.map((signal, index) => change(signal, index, others, random));
const withVoice = (decibels) => each((signal, index, others) => mixed(signal, others[index % others.length], decibels));
/** Expected fault: a name, several that will do, or none. */
const CASES = {
  clean: [[], (own) => own],
  'clean, two recordings': [[], (own) => own.slice(0, 2)],
  'another voice throughout, 0 dB': [['other sound', 'another voice'], withVoice(0)],
  'another voice throughout, -6 dB': [['other sound', 'another voice'], withVoice(-6)],
  'another voice throughout, -12 dB': [['other sound', 'another voice'], withVoice(-12)],
  'every second recording is of another person': [
    ['another voice'],
    each((own, n, others) => (n % 2 ? others[n] : own)),
  ],
  'one of ten recordings is of another person': [
    ['another voice'],
    each((own, n, others) => (n === 3 ? others[n] : own)),
  ],
  'piano at -5 dB': [['other sound'], each((own, n) => mixed(own, piano, -5, n * 30_000))],
  'noise at -10 dB': [['other sound'], each((own, n) => mixed(own, noise, -10, n * 30_000))],
  'noise at -20 dB': [['other sound'], each((own, n) => mixed(own, noise, -20, n * 30_000))],
  'RT60 0.5 s, three recordings': [
    ['echo'],
    (own, _others, random) => own.slice(0, 3).map((signal) => reverberated(signal, 0.5, random)),
  ],
};

const inference = new EmbeddingInference();
function blocksOf(signal) {
  const speech = new SpeechBlocks(inference);
  speech.add(Float32Array.from(signal));
  speech.finish();
  return speech.blocks;
}

console.log(`${speakers.length} speakers of the half to ${half}\n`);
console.log('| recordings | found | all faults reported |\n| --- | --- | --- |');
for (const [name, [expected, change]] of Object.entries(CASES)) {
  const counts = new Map();
  let found = 0;
  for (const [index, speaker] of speakers.entries()) {
    const mates = speakers.filter((other) => other.sex === speaker.sex && other !== speaker);
    const other = mates[index % mates.length];
    const recordings = change(sounds.get(speaker.name), sounds.get(other.name), new Random(index + 1));
    const faults = new Set(enrolmentFindings(recordings.map(blocksOf), inference).map(({ fault }) => fault));
    for (const fault of faults) counts.set(fault, (counts.get(fault) ?? 0) + 1);
    if (expected.length === 0 ? faults.size === 0 : expected.some((fault) => faults.has(fault))) found++;
  }
  const all = [...counts].map(([fault, count]) => `${fault} ${count}`).join(', ');
  console.log(`| ${name} | ${found} of ${speakers.length} | ${all} |`);
}
