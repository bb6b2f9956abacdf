#!/usr/bin/env node
/**
 * Processor time of learning pairs, and what it gives: SI-SDR at 16 ms of unseen speech of both voices at equal levels, of two builds in
 * turns.
 *
 *   npm run build && node test/experiments/quality/pairLearning.mjs SPEECHOCEAN CACHE PAIRS OTHER_DIST [SEEDS]
 *
 * PAIRS as 0575-0736,0736-0813. CACHE keeps the trained presets. OTHER_DIST is the folder `dist` of the build to compare with.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { siSdr, stoi } from '../../../dist/engine/evaluation/index.js';
import { adaptSpeakerSet } from '../../../dist/engine/model/JointAdaptation.js';
import { parsePreset, serializePreset } from '../../../dist/engine/model/Preset.js';
import { parseEvidence, serializeEvidence } from '../../../dist/engine/model/SpeakerEvidence.js';
import { sampleSpeakerSet } from '../../../dist/engine/model/SpeakerSet.js';
import { Separator } from '../../../dist/engine/separator/Separator.js';
import { planStft } from '../../../dist/engine/stft/StftPlan.js';
import { collectEvidence, joinSpeech, trainSpeaker } from '../../../dist/engine/trainer/index.js';
import { readRecording } from '../../../dist/host/audio/readRecording.js';

const RATE_HERTZ = 16_000;
const SECONDS = 12;
const LEVEL = 0.05;
const TRAINING_FILES = 8;
const [speechocean, cache, pairs, otherDist, seeds = '1'] = process.argv.slice(2);
if (otherDist === undefined) {
  console.error('usage: pairLearning.mjs SPEECHOCEAN CACHE PAIRS OTHER_DIST [SEEDS]');
  process.exit(1);
}
mkdirSync(cache, { recursive: true });
const thisDist = fileURLToPath(new URL('../../../dist', import.meta.url));
const builds = await Promise.all(
  [otherDist, thisDist].map((dist) => import(pathToFileURL(join(resolve(dist), 'engine/adaptation/AdaptationFit.js')))),
);

const recordingsOf = (name) =>
  Promise.all(
    readdirSync(join(speechocean, name))
      .filter((file) => file.endsWith('.flac'))
      .sort()
      .map((file) => readRecording(join(speechocean, name, file))),
  );

async function voiceOf(name) {
  const path = join(cache, `${name}.json`);
  const recordings = await recordingsOf(name);
  if (!existsSync(path)) {
    const training = recordings.slice(0, TRAINING_FILES);
    const preset = serializePreset(await trainSpeaker(training, { name, created: '2026-01-01' }));
    const evidence = serializeEvidence(collectEvidence(name, training, 60, 1));
    writeFileSync(path, JSON.stringify({ preset, evidence }));
  }
  const { preset, evidence } = JSON.parse(readFileSync(path, 'utf8'));
  const speech = joinSpeech(recordings.slice(TRAINING_FILES), SECONDS).samples;
  const gain = LEVEL / Math.sqrt(speech.reduce((sum, value) => sum + value * value, 0) / speech.length);
  return {
    preset: parsePreset(preset),
    evidence: parseEvidence(evidence),
    speech: speech.map((value) => value * gain),
  };
}

/** @returns the mean SI-SDR and STOI of both voices */
function scores(speakerSet, speech) {
  const length = Math.min(...speech.map((signal) => signal.length));
  const separator = new Separator(speakerSet);
  const { latencySamples } = separator;
  const input = new Float32Array(length + latencySamples);
  for (const signal of speech) for (let n = 0; n < length; n++) input[n] += signal[n];
  const speakers = speech.map(() => new Float32Array(input.length));
  separator.process(input, { speakers });
  const outputs = speakers.map((output) => output.subarray(latencySamples));
  const mean = (score) =>
    outputs.reduce((sum, output, s) => sum + score(speech[s].subarray(0, length), output), 0) / outputs.length;
  return { siSdr: mean(siSdr), stoi: mean((clean, output) => stoi(clean, output, RATE_HERTZ)) };
}

const seconds = ({ user, system }) => (user + system) / 1e6;
const differences = [];
const ratios = [];
for (const pair of pairs.split(',')) {
  const voices = [];
  for (const name of pair.split('-')) voices.push(await voiceOf(name));
  const speech = voices.map((voice) => voice.speech);
  const plain = sampleSpeakerSet(
    voices.map(({ preset }) => preset),
    planStft({ sampleRateHertz: RATE_HERTZ }),
  );
  for (const seed of seeds.split(',').map(Number)) {
    const results = builds.map(({ AdaptationFit }) => {
      let learning = 0;
      const timed = (work) => {
        const start = process.cpuUsage();
        const result = work();
        learning += seconds(process.cpuUsage(start));
        return result;
      };
      const score = () => scores(adaptSpeakerSet(plain, fit.adaptation()), speech);
      const fit = timed(
        () =>
          new AdaptationFit(
            voices.map(({ preset }) => preset),
            voices.map(({ evidence }) => evidence),
            seed,
          ),
      );
      const gains = [];
      for (let step = 1; step <= fit.steps; step++) {
        timed(() => fit.advance());
        if (step === fit.earlyGainSteps || step === fit.gainSteps) gains.push([learning, score().siSdr]);
      }
      return { learning, gains, ...score() };
    });
    const [other, own] = results;
    differences.push({ siSdr: own.siSdr - other.siSdr, stoi: own.stoi - other.stoi });
    ratios.push(own.learning / other.learning);
    const text = ({ learning, gains, siSdr: decibels, stoi: intelligibility }) =>
      `${gains.map(([time, value]) => `${time.toFixed(1)} s ${value.toFixed(2)} dB`).join(', ')}, ` +
      `${learning.toFixed(1)} s ${decibels.toFixed(2)} dB ${intelligibility.toFixed(3)}`;
    console.log(`${pair} seed ${seed}: ${results.map(text).join(' | ')}`);
  }
}
const meanOf = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
for (const name of ['siSdr', 'stoi']) {
  const values = differences.map((difference) => difference[name]);
  const mean = meanOf(values);
  const error = Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)) / Math.max(1, values.length - 1));
  console.log(`${name}: difference ${mean.toFixed(3)}, standard error ${error.toFixed(3)}`);
}
console.log(`processor time: ratio ${ratios.toSorted((a, b) => a - b)[ratios.length >> 1].toFixed(3)}`);
