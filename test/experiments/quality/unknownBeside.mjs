// node test/experiments/quality/unknownBeside.mjs SPEECHOCEAN CACHE [PAIRS]
// Two known voices and one that is not loaded: what `separate --rest` writes with and without the background as a competitor. Speakers are
// those of the half to decide on. CACHE keeps trained presets and adaptations.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AdaptationFit } from '../../../dist/engine/adaptation/AdaptationFit.js';
import { siSdr } from '../../../dist/engine/evaluation/index.js';
import { withBackgroundModel } from '../../../dist/engine/model/backgroundModel.js';
import { adaptSpeakerSet, parseAdaptation, serializeAdaptation } from '../../../dist/engine/model/JointAdaptation.js';
import { parsePreset, serializePreset } from '../../../dist/engine/model/Preset.js';
import { parseEvidence, serializeEvidence } from '../../../dist/engine/model/SpeakerEvidence.js';
import { sampleSpeakerSet } from '../../../dist/engine/model/SpeakerSet.js';
import { Separator } from '../../../dist/engine/separator/Separator.js';
import { planStft } from '../../../dist/engine/stft/StftPlan.js';
import { collectEvidence, joinSpeech, trainSpeaker } from '../../../dist/engine/trainer/index.js';
import { readRecording } from '../../../dist/host/audio/readRecording.js';

const RATE_HERTZ = 16_000;
const SECONDS = 8;
const LEVEL = 0.05;
const TRAINING_FILES = 8;
/** As in `AdaptationLibrary` for the background. */
const PERSISTENCE = 0.5;
const KEY = 'a'.repeat(64);
const [speechocean, cache, pairCount = '4'] = process.argv.slice(2);
if (cache === undefined) {
  console.error('usage: unknownBeside.mjs SPEECHOCEAN CACHE [PAIRS]');
  process.exit(1);
}
for (const folder of ['cache', 'adapt']) mkdirSync(join(cache, folder), { recursive: true });
const presets = (name) => fileURLToPath(new URL(`../../../presets/${name}`, import.meta.url));
const background = {
  preset: parsePreset(readFileSync(presets('background.unmingle.json'), 'utf8')),
  evidence: parseEvidence(readFileSync(presets('background.evidence.json'), 'utf8')),
};

const speakers = Object.entries(JSON.parse(readFileSync(join(speechocean, 'speakers.json'), 'utf8')));
const deciding = ['female', 'male'].map((sex) =>
  speakers
    .filter(([, about]) => about.sex === sex)
    .map(([name]) => name)
    .sort()
    .filter((_, index) => index % 2 === 1),
);
/** Known, known, unknown: the sexes vary. */
const trios = Array.from({ length: Number(pairCount) }, (_, index) => {
  const [first, second] = index % 2 === 0 ? deciding : deciding.toReversed();
  return [first[index], index < 2 ? first[index + 1] : second[index], first[index + 3]];
});

const recordingsOf = (name) =>
  Promise.all(
    readdirSync(join(speechocean, name))
      .filter((file) => file.endsWith('.flac'))
      .sort()
      .map((file) => readRecording(join(speechocean, name, file))),
  );

async function voiceOf(name) {
  const path = join(cache, 'cache', `${name}.json`);
  if (!existsSync(path)) {
    const recordings = (await recordingsOf(name)).slice(0, TRAINING_FILES);
    const preset = serializePreset(await trainSpeaker(recordings, { name, created: '2026-01-01' }));
    writeFileSync(path, JSON.stringify({ preset, ev: serializeEvidence(collectEvidence(name, recordings, 60, 1)) }));
  }
  const { preset, ev } = JSON.parse(readFileSync(path, 'utf8'));
  return { preset: parsePreset(preset), evidence: parseEvidence(ev) };
}

function adapted(name, voices, persistence) {
  const plain = sampleSpeakerSet(
    voices.map(({ preset }) => preset),
    planStft({ sampleRateHertz: RATE_HERTZ }),
  );
  const path = join(cache, 'adapt', `${name}.json`);
  if (!existsSync(path)) {
    const fit = new AdaptationFit(
      voices.map(({ preset }) => preset),
      voices.map(({ evidence }) => evidence),
      1,
      persistence,
    );
    for (let step = 0; step < fit.steps; step++) fit.advance();
    writeFileSync(path, serializeAdaptation(fit.adaptation(), KEY));
  }
  return adaptSpeakerSet(plain, parseAdaptation(readFileSync(path, 'utf8'), KEY));
}

const power = (signal) => signal.reduce((sum, value) => sum + value * value, 0) / signal.length;
async function unseenSpeech(name) {
  const speech = joinSpeech((await recordingsOf(name)).slice(TRAINING_FILES), SECONDS).samples;
  const gain = LEVEL / Math.sqrt(power(speech));
  return speech.map((value) => value * gain);
}

/** [two voices and the rest][samples], aligned with the input */
function separated(separator, signal) {
  const { latencySamples } = separator;
  const input = new Float32Array(signal.length + latencySamples);
  input.set(signal);
  const outputs = [0, 1, 2].map(() => new Float32Array(input.length));
  for (let start = 0; start < input.length; start += 64) {
    const end = Math.min(input.length, start + 64);
    const [one, other, rest] = outputs.map((output) => output.subarray(start, end));
    separator.process(input.subarray(start, end), { speakers: [one, other], rest });
  }
  return outputs.map((output) => output.subarray(latencySamples));
}

const sum = (one, other) =>
  Float32Array.from({ length: Math.min(one.length, other.length) }, (_, n) => one[n] + other[n]);
const decibels = (signal, reference) => 10 * Math.log10(power(signal) / power(reference) + 1e-12);
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const rows = { without: [], with: [] };
for (const [a, b, u] of trios) {
  const voices = await Promise.all([a, b].map(voiceOf));
  const known = adapted(`${a}-${b}`, voices, 0);
  const competing = adapted(`${a}-${b}-bg`, [...voices, background], PERSISTENCE);
  const [one, other, unknown] = await Promise.all([a, b, u].map(unseenSpeech));
  for (const way of ['without', 'with']) {
    const run = (signal) =>
      separated(
        new Separator(way === 'with' ? withBackgroundModel(known, competing) : known, { parameters: { rest: 1 } }),
        signal,
      );
    const alone = run(unknown);
    const both = run(sum(one, other));
    const beside = run(sum(one, unknown));
    const row = {
      unknownInKnown: Math.max(decibels(alone[0], unknown), decibels(alone[1], unknown)),
      unknownInRest: decibels(alone[2], unknown),
      knownInOther: decibels(run(one)[1], one),
      knownInRest: decibels(run(one)[2], one),
      bothSiSdr:
        (siSdr(
          sum(
            one,
            other.map(() => 0),
          ),
          both[0],
        ) +
          siSdr(
            sum(
              other,
              one.map(() => 0),
            ),
            both[1],
          )) /
        2,
      besideSiSdr: siSdr(
        sum(
          one,
          unknown.map(() => 0),
        ),
        beside[0],
      ),
    };
    rows[way].push(row);
    console.error(
      `${a} ${b}, unknown ${u}, ${way}:`,
      Object.values(row)
        .map((value) => value.toFixed(1))
        .join(' '),
    );
  }
}
console.log('| median | without the background | with it |\n| --- | --- | --- |');
for (const name of Object.keys(rows.with[0]))
  console.log(
    `| ${name} | ${['without', 'with'].map((way) => median(rows[way].map((row) => row[name])).toFixed(1)).join(' dB | ')} dB |`,
  );
