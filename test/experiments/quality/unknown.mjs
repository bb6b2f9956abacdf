#!/usr/bin/env node
/**
 * Measures `--rest` with one known voice, where the second voice or the noise is unknown to the program.
 *
 *   npm run build && node test/experiments/quality/unknown.mjs SPEAKERS [NOISE] [--seconds 10] [--latency monitor,call]
 *
 * SPEAKERS holds a folder of ten utterances for each speaker of the bundled presets librispeech-*: the first eight are the voice's
 * evidence, the last two are mixed. NOISE is a recording. Prints medians; every result is a line of JSON in --log, and results found
 * there are not measured again.
 */
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { AdaptationFit } from '../../../dist/engine/adaptation/AdaptationFit.js';
import { mixAtSnr, siSdr, stoi } from '../../../dist/engine/evaluation/index.js';
import { adaptSpeakerSet, parseAdaptation, serializeAdaptation } from '../../../dist/engine/model/JointAdaptation.js';
import { parsePreset } from '../../../dist/engine/model/Preset.js';
import { parseEvidence } from '../../../dist/engine/model/SpeakerEvidence.js';
import { sampleSpeakerSet } from '../../../dist/engine/model/SpeakerSet.js';
import { Separator } from '../../../dist/engine/separator/Separator.js';
import { planStft } from '../../../dist/engine/stft/StftPlan.js';
import { collectEvidence } from '../../../dist/engine/trainer/index.js';
import { readRecording } from '../../../dist/host/audio/readRecording.js';
import { resample } from '../../../dist/host/audio/resample.js';
import { alignedOutputs } from './alignedOutputs.mjs';

const RATE_HERTZ = 16_000;
/** As in `AdaptationLibrary` for the background. */
const PERSISTENCE = 0.5;
const TRAINING_FILES = 8;
/** Speech level of all voices before mixing, and of a voice alone. */
const LEVEL = 0.05;
/** Methods: `--rest` without a background, with the background not adapted, and with the background adapted to the voice. */
const WAYS = ['rest', 'background', 'adapted'];
/** The four pairs, in both orders, on which settings were chosen. */
const TUNED = ['2033 2414', '367 533', '1688 367', '1998 367'];

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '10' },
    latency: { type: 'string', default: 'monitor,call' },
    log: { type: 'string', default: 'unknown.jsonl' },
  },
});
const [speakersFolder, noiseFile] = positionals;
if (speakersFolder === undefined) throw new Error('usage: unknown.mjs SPEAKERS [NOISE]');
const presetsFolder = fileURLToPath(new URL('../../../presets/', import.meta.url));
const presetOf = (name) => parsePreset(readFileSync(join(presetsFolder, `${name}.unmingle.json`), 'utf8'));
const background = presetOf('background');
const backgroundEvidence = parseEvidence(readFileSync(join(presetsFolder, 'background.evidence.json'), 'utf8'));
const names = readdirSync(speakersFolder, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? entry.name : [],
);

const known = new Map();
const read = (path) =>
  existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    : [];
for (const line of read(options.log)) known.set(line.key, line);
const voices = new Map();
for (const name of names) voices.set(name, await voiceOf(name));
for (const latency of options.latency.split(',')) await measureAll(latency);

async function measureAll(latency) {
  const plan = planStft({ sampleRateHertz: RATE_HERTZ, latency });
  const pairs = names.flatMap((one) => names.flatMap((other) => (one === other ? [] : [[one, other]])));
  const isTuned = ([one, other]) => TUNED.includes(`${one} ${other}`) || TUNED.includes(`${other} ${one}`);
  const measure = async (title, cases, ways = ['rest', 'adapted']) => {
    for (const way of ways) {
      const results = [];
      for (const [name, interferer, snrDecibels] of cases)
        results.push(await mixed(plan, latency, way, name, interferer, snrDecibels));
      report(`${latency}, ${title}, ${way}`, results);
    }
  };
  await measure(
    'tuned pairs',
    pairs.filter(isTuned).map(([one, other]) => [one, other, 0]),
    WAYS,
  );
  await measure(
    'held-out pairs',
    pairs.filter((pair) => !isTuned(pair)).map(([one, other]) => [one, other, 0]),
  );
  for (const snr of [5, 0]) {
    await measure(
      `babble ${snr} dB`,
      names.map((name) => [name, 'babble', snr]),
    );
    if (noiseFile !== undefined)
      await measure(
        `noise ${snr} dB`,
        names.map((name) => [name, 'noise', snr]),
      );
  }
  for (const way of WAYS) {
    const losses = [];
    for (const name of names) losses.push((await runExclusive(plan, latency, way, name)).lossDecibels);
    console.log(`${latency}, alone, ${way}: loss ${losses.map((loss) => loss.toFixed(2)).join(', ')} dB`);
  }
  const silence = separated(speakerSet(plan, 'adapted', names[0]), new Float32Array(RATE_HERTZ));
  console.log(
    `${latency}, silence in: largest sample out ${silence.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)}`,
  );
}

async function mixed(plan, latency, way, name, interferer, snrDecibels) {
  return remembered(`${latency} ${way} ${name} ${interferer} ${snrDecibels}`, async () => {
    const { target, mixture } = mixAtSnr(voices.get(name).test, await soundOf(interferer, name), snrDecibels);
    const [reference, input] = [Float32Array.from(target), Float32Array.from(mixture)];
    const output = separated(speakerSet(plan, way, name), input);
    const score = (sound) => ({ siSdr: siSdr(reference, sound), stoi: stoi(reference, sound, RATE_HERTZ) });
    return { separated: score(output), mixture: score(input) };
  });
}

async function runExclusive(plan, latency, way, name) {
  return remembered(`${latency} ${way} ${name} alone`, () => {
    const { test } = voices.get(name);
    const gain = LEVEL / Math.sqrt(energy(test) / test.length);
    const input = test.map((sample) => gain * sample);
    const output = separated(speakerSet(plan, way, name), input);
    return { lossDecibels: 10 * Math.log10(energy(input) / energy(output)) };
  });
}

async function remembered(key, measure) {
  if (!known.has(key)) {
    known.set(key, { key, ...(await measure()) });
    appendFileSync(options.log, `${JSON.stringify(known.get(key))}\n`);
  }
  return known.get(key);
}

/** @returns the output of the known voice, aligned with the input */
function separated(loaded, input) {
  const separator = new Separator(loaded.speakerSet, { parameters: { rest: loaded.rest } });
  return alignedOutputs(separator, input, { speakers: loaded.speakerSet.speakers.length })[0];
}

function speakerSet(plan, way, name) {
  const voice = voices.get(name);
  if (way === 'rest') return { speakerSet: sampleSpeakerSet([voice.preset], plan), rest: 1 };
  const plain = sampleSpeakerSet([voice.preset, background], plan);
  return { speakerSet: way === 'background' ? plain : adaptSpeakerSet(plain, adaptationOf(voice)), rest: 0 };
}

/** @returns the adaptation as stored in its file */
function adaptationOf(voice) {
  if (voice.adaptation === undefined) {
    const path = `${options.log}.${voice.name}.adaptation.json`;
    if (!existsSync(path)) {
      const evidence = [voice.evidence, backgroundEvidence];
      const fit = new AdaptationFit([voice.preset, background], evidence, 1, PERSISTENCE);
      for (let step = 0; step < fit.steps; step++) fit.advance();
      writeFileSync(path, serializeAdaptation(fit.adaptation(), 'unknown'));
    }
    voice.adaptation = parseAdaptation(readFileSync(path, 'utf8'), 'unknown');
  }
  return voice.adaptation;
}

async function voiceOf(name) {
  const folder = join(speakersFolder, name);
  const files = readdirSync(folder)
    .sort()
    .map((file) => join(folder, file));
  const training = await Promise.all(files.slice(0, TRAINING_FILES).map((file) => readRecording(file)));
  const tests = await Promise.all(files.slice(TRAINING_FILES).map((file) => readRecording(file)));
  const test = Float32Array.from(tests.flatMap(({ samples }) => Array.from(samples))).slice(
    0,
    RATE_HERTZ * Number(options.seconds),
  );
  return { name, test, preset: presetOf(`librispeech-${name}`), evidence: collectEvidence(name, training, 60, 1) };
}

/** @returns the interferer: the speech of another voice, that of all five others, or the noise */
async function soundOf(interferer, name) {
  if (voices.has(interferer)) return voices.get(interferer).test;
  if (interferer === 'noise') {
    const { samples, sampleRateHertz } = await readRecording(noiseFile);
    const noise = await resample(samples, sampleRateHertz, RATE_HERTZ);
    return Float32Array.from({ length: RATE_HERTZ * Number(options.seconds) }, (_, n) => noise[n % noise.length]);
  }
  const others = names.filter((each) => each !== name).map((each) => voices.get(each).test);
  const length = Math.min(...others.map((test) => test.length));
  const babble = new Float32Array(length);
  for (const test of others) {
    const gain = 1 / Math.sqrt(energy(test) / test.length);
    for (let n = 0; n < length; n++) babble[n] += gain * test[n];
  }
  return babble;
}

function report(title, results) {
  const of = (measure) => results.map(measure).sort((one, other) => one - other);
  const median = (values) => (values[(values.length - 1) >> 1] + values[values.length >> 1]) / 2;
  const improvement = of((each) => each.separated.siSdr - each.mixture.siSdr);
  const numbers = {
    'SI-SDR median': median(of((each) => each.separated.siSdr)),
    least: of((each) => each.separated.siSdr)[0],
    'improvement mean': improvement.reduce((sum, value) => sum + value, 0) / improvement.length,
    'STOI median': median(of((each) => each.separated.stoi)),
    'mixture STOI': median(of((each) => each.mixture.stoi)),
  };
  const worse = results.filter((each) => each.separated.stoi < each.mixture.stoi).length;
  const text = Object.entries(numbers).map(
    ([what, value]) => `${what} ${value.toFixed(what.includes('STOI') ? 3 : 2)}`,
  );
  console.log(`${title}: ${text.join(', ')}, STOI worse than the mixture's ${worse} of ${results.length}`);
}

function energy(samples) {
  return samples.reduce((sum, sample) => sum + sample * sample, 0);
}
