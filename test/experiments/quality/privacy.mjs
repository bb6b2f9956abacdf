#!/usr/bin/env node
/**
 * Measures how much of the speech can be recovered from the evidence stored beside a preset.
 *
 *   npm run build && node test/experiments/quality/privacy.mjs SPEAKERS
 *
 * SPEAKERS holds a folder of utterances for each speaker, of which the first eight become evidence. Two attacks. Without the order, which
 * is not stored: spectra are chained by similarity, and the chains are compared with their positions in time. With the order, as if it
 * were known from elsewhere: each moment gets the spectrum nearest in time and phases by Griffin and Lim (1984), and STOI measures the
 * intelligibility.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../../../dist/engine/core/Random.js';
import { stoi } from '../../../dist/engine/evaluation/index.js';
import { Kernel } from '../../../dist/engine/kernel/Kernel.js';
import { evidenceSpectrum } from '../../../dist/engine/model/SpeakerEvidence.js';
import { InverseStft } from '../../../dist/engine/stft/InverseStft.js';
import { Stft } from '../../../dist/engine/stft/Stft.js';
import { planStft } from '../../../dist/engine/stft/StftPlan.js';
import { collectEvidence } from '../../../dist/engine/trainer/index.js';
import { joinSpeech } from '../../../dist/engine/trainer/speech.js';
import { readRecording } from '../../../dist/host/audio/readRecording.js';

const TRAINING_FILES = 8;
const SECONDS = 60;
const SEED = 1;
/** Two spectra are adjacent if their distance in time is at most the length of the window. */
const ADJACENT_SECONDS = 0.064;
/** Range of the compared levels; lower ones are noise. */
const LOWEST_DECIBELS = -40;
const GRIFFIN_LIM_ITERATIONS = 60;

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: privacy.mjs SPEAKERS');
const speakers = readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? entry.name : [],
);
console.log(
  '| speaker | spectra kept | likest is adjacent | pieces in order: longest, mean over time | STOI, order known |',
);
console.log('| --- | --- | --- | --- | --- |');
for (const speaker of speakers) {
  const files = readdirSync(join(folder, speaker)).sort().slice(0, TRAINING_FILES);
  const recordings = await Promise.all(files.map((file) => readRecording(join(folder, speaker, file))));
  const evidence = collectEvidence(speaker, recordings, SECONDS, SEED);
  const { samples, sampleRateHertz } = joinSpeech(recordings, SECONDS);
  const { hopSamples, windowSamples } = planStft({ sampleRateHertz });
  const frames = Math.floor(samples.length / hopSamples);
  // Positions drawn by `collectEvidence`, with the same seed.
  const firstWhole = Math.ceil(windowSamples / hopSamples);
  const frameOf = new Random(SEED).sample(frames - firstWhole, evidence.frames).map((frame) => frame + firstWhole);
  const hopSeconds = hopSamples / sampleRateHertz;
  const { likest, pieces } = chained(evidence, frameOf, ADJACENT_SECONDS / hopSeconds);
  const total = pieces.reduce((sum, piece) => sum + piece, 0);
  const meanOverTime = pieces.reduce((sum, piece) => sum + piece * piece, 0) / total;
  const milliseconds = (hops) => `${Math.round(1000 * hops * hopSeconds)} ms`;
  const heard = resynthesized(evidence, frameOf, samples, sampleRateHertz, hopSamples);
  console.log(
    `| ${speaker} | ${evidence.frames} of ${frames} | ${(100 * likest).toFixed(0)} % | ${milliseconds(Math.max(...pieces))}, ${milliseconds(meanOverTime)} | ${stoi(samples.subarray(0, heard.length), heard, sampleRateHertz).toFixed(2)} |`,
  );
}

/**
 * Joins the most similar ends first, without branches or loops.
 * @returns the share of spectra whose most similar one is adjacent in time, and the lengths in hops of those pieces of the chains that run
 * through adjacent spectra in one direction
 */
function chained({ frames, edges, levels, peaks }, frameOf, adjacentHops) {
  const bands = edges.length - 1;
  const decibels = Float32Array.from(levels, (level) => Math.max(LOWEST_DECIBELS, (-60 / 14) * level));
  const distance = (one, other) => {
    const level = 0.5 * (peaks[one] - peaks[other]);
    let sum = 0.3 * bands * level * level;
    for (let band = 0; band < bands; band++)
      sum += (decibels[one * bands + band] - decibels[other * bands + band]) ** 2;
    return sum;
  };
  const isAdjacent = (one, other) => Math.abs(frameOf[one] - frameOf[other]) <= adjacentHops;
  const links = [];
  let adjacent = 0;
  for (let one = 0; one < frames; one++) {
    let least = Number.POSITIVE_INFINITY;
    let likest = one;
    for (let other = 0; other < frames; other++) {
      if (other === one) continue;
      const apart = distance(one, other);
      if (apart < least) [least, likest] = [apart, other];
      if (one < other) links.push([apart, one, other]);
    }
    if (isAdjacent(one, likest)) adjacent++;
  }
  links.sort(([one], [other]) => one - other);
  const chain = Int32Array.from({ length: frames }, (_, frame) => frame);
  const rootOf = (frame) => {
    if (chain[frame] !== frame) chain[frame] = rootOf(chain[frame]);
    return chain[frame];
  };
  const joined = Array.from({ length: frames }, () => []);
  for (const [, one, other] of links) {
    if (joined[one].length > 1 || joined[other].length > 1 || rootOf(one) === rootOf(other)) continue;
    chain[rootOf(one)] = rootOf(other);
    joined[one].push(other);
    joined[other].push(one);
  }
  const pieces = [];
  const isSeen = new Uint8Array(frames);
  for (let start = 0; start < frames; start++) {
    if (isSeen[start] === 1 || joined[start].length === 2) continue;
    let direction = 0;
    let length = 0;
    let current = start;
    for (let next = start; next !== undefined; ) {
      isSeen[next] = 1;
      const hops = frameOf[next] - frameOf[current];
      const continues =
        next !== start && isAdjacent(current, next) && (direction === 0 || Math.sign(hops) === direction);
      if (!continues && length > 0) pieces.push(length);
      length = continues ? length + Math.abs(hops) : 0;
      direction = continues ? Math.sign(hops) : 0;
      current = next;
      next = joined[current].find((each) => isSeen[each] === 0);
    }
    if (length > 0) pieces.push(length);
  }
  return { likest: adjacent / frames, pieces };
}

/** @returns the spectrum nearest in time for every frame */
function resynthesized(evidence, frameOf, samples, sampleRateHertz, evidenceHopSamples) {
  const plan = planStft({ sampleRateHertz, latency: ADJACENT_SECONDS });
  const { windows, windowSamples, hopSamples } = plan;
  const count = Math.floor(samples.length / hopSamples);
  const order = Array.from(frameOf.keys()).sort((one, other) => frameOf[one] - frameOf[other]);
  let at = 0;
  const magnitudes = Array.from({ length: count }, (_, frame) => {
    const wanted = ((frame + 1) * hopSamples) / evidenceHopSamples - 1;
    const away = (place) => Math.abs(frameOf[order[place]] - wanted);
    while (at + 1 < order.length && away(at + 1) <= away(at)) at++;
    return evidenceSpectrum(evidence, order[at]);
  });
  const random = new Random(SEED);
  let sound = Float32Array.from({ length: count * hopSamples }, () => random.between(-1, 1));
  for (let iteration = 0; iteration < GRIFFIN_LIM_ITERATIONS; iteration++) {
    const stft = new Stft(new Kernel(Stft.requiredBytes(windowSamples)), windows.analysis, hopSamples);
    const inverse = new InverseStft(new Kernel(InverseStft.requiredBytes(windowSamples)), windows, hopSamples);
    // Silence flushes the last frames.
    const padded = new Float32Array(sound.length + windowSamples);
    padded.set(sound);
    const next = new Float32Array(padded.length);
    for (let frame = 0; frame < padded.length / hopSamples; frame++) {
      stft.push(padded, frame * hopSamples, hopSamples);
      stft.transform();
      for (let bin = 0; bin <= windowSamples / 2; bin++) {
        const [real, imaginary] = [stft.spectrum[2 * bin], stft.spectrum[2 * bin + 1]];
        const gain = (magnitudes[frame]?.[bin] ?? 0) / (Math.hypot(real, imaginary) + 1e-12);
        inverse.spectrum[2 * bin] = gain * real;
        inverse.spectrum[2 * bin + 1] = gain * imaginary;
      }
      inverse.synthesize();
      next.set(inverse.output, frame * hopSamples);
    }
    sound = next.slice(windowSamples - hopSamples, windowSamples - hopSamples + sound.length);
  }
  return sound;
}
