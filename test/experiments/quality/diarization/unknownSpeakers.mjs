// node test/experiments/quality/diarization/unknownSpeakers.mjs SPEECHOCEAN FOLDER [tune|decide] [conversations] [first]
// Separates simulated conversations of two people as a user who knows nobody would, and with presets that were trained on solo recordings of the
// same speech. Files are kept in FOLDER; presets of the solo recordings are trained once.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../../../../dist/engine/core/Random.js';
import { joinSpeech } from '../../../../dist/engine/trainer/index.js';
import { readRecording } from '../../../../dist/host/audio/readRecording.js';
import { WavWriter } from '../../../../dist/host/audio/WavWriter.js';
import { simulateConversation } from '../../../../dist/host/lab/conversation/Conversation.js';
import { scoreConversation } from '../../../../dist/host/lab/conversation/conversationScores.js';
import { speechoceanHalf } from '../speechoceanHalf.mjs';

const RATE_HERTZ = 16_000;
const OVERLAP = 0.25;
const LONGEST_SECONDS = 180;
const [data, folder, half = 'tune', count = '6', first = '0'] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: unknownSpeakers.mjs SPEECHOCEAN FOLDER [tune|decide] [conversations] [first]');
  process.exit(1);
}

const speakers = speechoceanHalf(data, half).map(({ name }) => name);
const env = { ...process.env, UNMINGLE_PRESETS: join(folder, 'presets') };
const unmingle = (...words) =>
  execFileSync('node', [new URL('../../../../dist/host/cli.js', import.meta.url).pathname, ...words], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
const samplesOf = async (path) => (await readRecording(path)).samples;

async function speechOf(name) {
  const files = readdirSync(join(data, name)).filter((file) => /\.(flac|wav)$/.test(file));
  const recordings = await Promise.all(files.sort().map((file) => readRecording(join(data, name, file))));
  return joinSpeech(recordings, 600).samples;
}

const median = (values) => [...values].sort((one, other) => one - other)[values.length >> 1];
const SCORES = {
  'overlap SI-SDR': 'overlapSiSdrDecibels',
  'solo SI-SDR': 'soloSiSdrDecibels',
  leak: 'leakDecibels',
  'onset loss': 'onsetLossDecibels',
  confusion: 'confusionRate',
  STOI: 'stoi',
};
const rows = [];
for (let index = Number(first); index < Number(first) + Number(count); index++) {
  const random = new Random(5000 + index);
  const names = random.sample(speakers.length, 2).map((speaker) => speakers[speaker]);
  const voices = await Promise.all(names.map(speechOf));
  const shortest = Math.min(...voices.map((voice) => voice.length)) / RATE_HERTZ;
  // As long as neither has to repeat what they said.
  const seconds = Math.min(LONGEST_SECONDS, Math.round((2.2 * shortest) / (1 + OVERLAP)));
  const options = { seconds, overlap: OVERLAP, levelRangeDecibels: 3, reverberationSeconds: 0, noiseSnrDecibels: 40 };
  const conversation = simulateConversation(voices, RATE_HERTZ, options, random);
  const own = join(folder, `${half}-${index}`);
  mkdirSync(own, { recursive: true });
  const mixture = join(own, 'mixture.wav');
  rmSync(mixture, { force: true });
  const writer = await WavWriter.create(mixture, RATE_HERTZ, 'float32', 'create');
  await writer.write(conversation.mixture);
  await writer.close();
  const start = performance.now();
  unmingle('separate', mixture, '--voices', '2', '--out', join(own, 'unknown'), '--force');
  const wallSeconds = (performance.now() - start) / 1000;
  for (const name of names) {
    const path = join(folder, 'presets', `${name}.unmingle.json`);
    if (!existsSync(path)) unmingle('train', join(data, name), '--name', name);
  }
  unmingle('separate', mixture, '--speakers', names.join(','), '--out', join(own, 'known'), '--force');
  const known = await Promise.all(names.map((name) => samplesOf(join(own, 'known', `${name}.wav`))));
  const found = await Promise.all([1, 2].map((voice) => samplesOf(join(own, 'unknown', `voice-${voice}.wav`))));
  const scores = {
    known: scoreConversation(conversation, known),
    unknown: [found, [found[1], found[0]]]
      .map((tracks) => scoreConversation(conversation, tracks))
      .sort((one, other) => other.soloSiSdrDecibels - one.soloSiSdrDecibels)[0],
  };
  rows.push(scores);
  const line = Object.entries(SCORES).map(
    ([name, key]) => `${name} ${scores.unknown[key].toFixed(2)} (${scores.known[key].toFixed(2)})`,
  );
  console.log(`${names.join(' and ')}, ${seconds} s, ${wallSeconds.toFixed(0)} s of work: ${line.join(', ')}`);
}
console.log('\n| median | found in the conversation | solo recordings |\n| --- | --- | --- |');
for (const [name, key] of Object.entries(SCORES)) {
  const of = (kind) => median(rows.map((row) => row[kind][key])).toFixed(2);
  console.log(`| ${name} | ${of('unknown')} | ${of('known')} |`);
}
