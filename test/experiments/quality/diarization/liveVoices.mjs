// node test/experiments/quality/diarization/liveVoices.mjs SPEECHOCEAN FOLDER [PAIR,...] [auto|N] [training seconds]
// Voices that appear by themselves in a live session: when, and how well conversations of two people are separated afterwards, beside presets that
// were trained on solo recordings of the same people. The search of the session runs with its own parts, faster than real time: sound is passed on as
// fast as it is searched, and each training counts as the given time. Files are kept in FOLDER; presets of the solo recordings are trained once.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Random } from '../../../../dist/engine/core/Random.js';
import { serializePreset } from '../../../../dist/engine/model/Preset.js';
import { joinSpeech } from '../../../../dist/engine/trainer/index.js';
import { readRecording } from '../../../../dist/host/audio/readRecording.js';
import { WavWriter } from '../../../../dist/host/audio/WavWriter.js';
import { simulateConversation } from '../../../../dist/host/lab/conversation/Conversation.js';
import { scoreConversation } from '../../../../dist/host/lab/conversation/conversationScores.js';
import { VoiceFinder } from '../../../../dist/host/voices/VoiceFinder.js';
import { VoiceSearch } from '../../../../dist/host/voices/VoiceSearch.js';
import { trainInThread } from '../../../../dist/host/workers/TrainerThread.js';

const RATE_HERTZ = 16_000;
const PART_SAMPLES = RATE_HERTZ / 4;
const HEARD_SECONDS = 60;
const SECONDS = 120;
const OPTIONS = { overlap: 0.25, levelRangeDecibels: 3, reverberationSeconds: 0, noiseSnrDecibels: 40 };

const [data, folder, pairs = '0575-0736,0736-0813,0813-2112,2112-2168', voices = '2', trainingSeconds = '8'] =
  process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: liveVoices.mjs SPEECHOCEAN FOLDER [PAIR,...] [auto|N] [training seconds]');
  process.exit(1);
}
const count = voices === 'auto' ? null : Number(voices);
const env = { ...process.env, UNMINGLE_PRESETS: join(folder, 'presets') };
const unmingle = (...words) =>
  execFileSync('node', [new URL('../../../../dist/host/cli.js', import.meta.url).pathname, ...words], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });

async function speechOf(name) {
  const files = readdirSync(join(data, name)).filter((file) => /\.(flac|wav)$/.test(file));
  const recordings = await Promise.all(files.sort().map((file) => readRecording(join(data, name, file))));
  return joinSpeech(recordings, 600).samples;
}

/** Feeds the start of a conversation to the session's search. @returns the found presets, and when they were there */
async function search(conversation) {
  let seconds = 0;
  const waiting = [];
  const found = new Map();
  const events = [];
  let work = Promise.resolve();
  let running = 0;
  const finder = new VoiceFinder(count);
  const inOrder = (action) => {
    running++;
    work = work.then(action).finally(() => running--);
    return work;
  };
  const calls = {
    hear: ({ samples, sampleRateHertz }) => finder.add(samples, sampleRateHertz).then(() => null),
    find: () => finder.find(),
    passages: ({ number, presets }) => finder.passages(number, presets),
  };
  const voiceSearch = new VoiceSearch({
    library: { list: async () => [...found.values()] },
    onState: () => {},
    followInput: () => {},
    loaded: () => [...found.keys()],
    load: async () => {},
    addFound: async (file) => {
      found.set(file.name, file);
      events.push(`${file.name} at ${seconds.toFixed(0)} s from ${file.preset.training.speechSeconds.toFixed(0)} s`);
    },
    startFinder: () => ({
      call: (name, argument) => inOrder(() => calls[name](argument)),
      terminate: async () => {},
    }),
    train: async (job, listener) => {
      const end = seconds + Number(trainingSeconds);
      running++;
      const result = await trainInThread(job, listener).finally(() => running--);
      if (seconds < end) await new Promise((resolve) => waiting.push({ end, resolve }));
      return result;
    },
  });
  await voiceSearch.start(count);
  const samples = HEARD_SECONDS * RATE_HERTZ;
  const first = new Map();
  for (let start = 0; start < samples; start += PART_SAMPLES) {
    voiceSearch.hear({ samples: conversation.mixture.slice(start, start + PART_SAMPLES), sampleRateHertz: RATE_HERTZ });
    do await setTimeout(2);
    while (running > 0);
    seconds += PART_SAMPLES / RATE_HERTZ;
    for (const { end, resolve } of waiting.splice(0)) {
      if (end <= seconds) resolve();
      else waiting.push({ end, resolve });
    }
    await setTimeout(2);
    for (const name of found.keys()) if (!first.has(name)) first.set(name, seconds);
  }
  await voiceSearch.stop();
  return { found, first, events, state: voiceSearch.state };
}

/** The part of a conversation from `HEARD_SECONDS` on. */
function rest(conversation) {
  const start = HEARD_SECONDS * RATE_HERTZ;
  return {
    ...conversation,
    mixture: conversation.mixture.slice(start),
    references: conversation.references.map((reference) => reference.slice(start)),
    turns: conversation.turns
      .filter(({ endSample }) => endSample > start)
      .map((turn) => ({
        ...turn,
        startSample: Math.max(0, turn.startSample - start),
        endSample: turn.endSample - start,
      })),
  };
}

async function separated(conversation, mixture, out, words) {
  unmingle('separate', mixture, '--speakers', words.map(({ word }) => word).join(','), '--out', out, '--force');
  const tracks = await Promise.all(words.map(({ name }) => readRecording(join(out, `${name}.wav`))));
  const [one, other] = tracks.map(({ samples }) => samples);
  return [
    [one, other],
    [other, one],
  ]
    .map((order) => scoreConversation(conversation, order))
    .sort((a, b) => b.soloSiSdrDecibels - a.soloSiSdrDecibels)[0];
}

for (const pair of pairs.split(',')) {
  const names = pair.split('-');
  const speech = await Promise.all(names.map(speechOf));
  const seed = names.reduce((sum, name) => 31 * sum + Number(name), 0);
  const conversation = simulateConversation(speech, RATE_HERTZ, { seconds: SECONDS, ...OPTIONS }, new Random(seed));
  const own = join(folder, pair);
  mkdirSync(own, { recursive: true });
  const { found, first, events, state } = await search(conversation);
  console.log(
    `${pair}: ${events.join(', ')}; ${JSON.stringify(state.voices.map(({ number, soloSeconds }) => [number, soloSeconds]))}`,
  );
  if (found.size < 2) {
    console.log(`${pair}: ${found.size} of 2 voices`);
    continue;
  }
  const later = rest(conversation);
  const mixture = join(own, 'mixture.wav');
  rmSync(mixture, { force: true });
  const writer = await WavWriter.create(mixture, RATE_HERTZ, 'float32', 'create');
  await writer.write(later.mixture);
  await writer.close();
  for (const name of names) {
    const path = join(folder, 'presets', `${name}.unmingle.json`);
    if (!existsSync(path)) unmingle('train', join(data, name), '--name', name);
  }
  const words = [...found.values()].slice(0, 2).map(({ name, preset, evidence }) => {
    const path = join(own, `${name}.unmingle.json`);
    writeFileSync(path, serializePreset(preset));
    writeFileSync(join(own, `${name}.evidence.json`), evidence);
    return { name, word: path };
  });
  const scores = {
    found: await separated(later, mixture, join(own, 'found'), words),
    enrolled: await separated(
      later,
      mixture,
      join(own, 'enrolled'),
      names.map((name) => ({ name, word: name })),
    ),
  };
  const figures = ['overlapSiSdrDecibels', 'soloSiSdrDecibels', 'leakDecibels', 'confusionRate'].map(
    (key) => `${key} ${scores.found[key].toFixed(2)} (${scores.enrolled[key].toFixed(2)})`,
  );
  console.log(
    `${pair}: both strips at ${Math.max(...[...first.values()].slice(0, 2)).toFixed(1)} s; ${figures.join(', ')}`,
  );
}
