#!/usr/bin/env node
/**
 * Processor time of learning pairs, and what it gives: SI-SDR at 16 ms of unseen speech of both voices at equal levels, of two builds in
 * turns.
 *
 *   npm run build && node test/experiments/quality/pairLearning.mjs SPEECHOCEAN CACHE PAIRS OTHER_DIST [SEEDS]
 *
 * PAIRS as 0575-0736,0736-0813. CACHE keeps the trained presets. OTHER_DIST is the folder `dist` of the build to compare with.
 */
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { siSdr, stoi } from '../../../dist/engine/evaluation/index.js';
import { adaptSpeakerSet } from '../../../dist/engine/model/JointAdaptation.js';
import { sampleSpeakerSet } from '../../../dist/engine/model/SpeakerSet.js';
import { Separator } from '../../../dist/engine/separator/Separator.js';
import { planStft } from '../../../dist/engine/stft/StftPlan.js';
import { alignedOutputs } from './alignedOutputs.mjs';
import { trainedVoice, unseenSpeech } from './speechoceanVoices.mjs';

const RATE_HERTZ = 16_000;
const SECONDS = 12;
const [speechocean, cache, pairs, otherDist, seeds = '1'] = process.argv.slice(2);
if (otherDist === undefined) {
  console.error('usage: pairLearning.mjs SPEECHOCEAN CACHE PAIRS OTHER_DIST [SEEDS]');
  process.exit(1);
}
const thisDist = fileURLToPath(new URL('../../../dist', import.meta.url));
const builds = await Promise.all(
  [otherDist, thisDist].map((dist) => import(pathToFileURL(join(resolve(dist), 'engine/adaptation/AdaptationFit.js')))),
);

async function voiceOf(name) {
  const voice = await trainedVoice(speechocean, cache, name);
  return { ...voice, speech: await unseenSpeech(speechocean, name, SECONDS) };
}

/** @returns the mean SI-SDR and STOI of both voices */
function scores(speakerSet, speech) {
  const length = Math.min(...speech.map((signal) => signal.length));
  const mixture = new Float32Array(length);
  for (const signal of speech) for (let n = 0; n < length; n++) mixture[n] += signal[n];
  const outputs = alignedOutputs(new Separator(speakerSet), mixture, { speakers: speech.length });
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
