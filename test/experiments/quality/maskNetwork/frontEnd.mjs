#!/usr/bin/env node
/**
 * Writes what the engine computes from a recording, for checkFrontEnd.py.
 *
 *   npm run build && node test/experiments/quality/maskNetwork/frontEnd.mjs PRESET PRESET RECORDING OUT
 *
 * RECORDING must have 16 kHz. OUT: a line of JSON with shapes, then float32 arrays: samples, templates of both speakers, magnitudes,
 * models of both, gains of the first.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { Kernel } from '../../../../dist/engine/kernel/Kernel.js';
import { parsePreset } from '../../../../dist/engine/model/Preset.js';
import { sampleSpeakerSet } from '../../../../dist/engine/model/SpeakerSet.js';
import { PARAMETERS } from '../../../../dist/engine/separator/parameters.js';
import { SpeakerSetSolver } from '../../../../dist/engine/separator/SpeakerSetSolver.js';
import { WienerMask } from '../../../../dist/engine/separator/WienerMask.js';
import { magnitudeScale, writeMagnitudes } from '../../../../dist/engine/stft/magnitudes.js';
import { Stft } from '../../../../dist/engine/stft/Stft.js';
import { planStft } from '../../../../dist/engine/stft/StftPlan.js';
import { readRecording } from '../../../../dist/host/audio/readRecording.js';

const SECONDS = 4;

const [first, second, file, out] = process.argv.slice(2);
if (out === undefined) throw new Error('usage: frontEnd.mjs PRESET PRESET RECORDING OUT');
const { samples: recording, sampleRateHertz } = await readRecording(file);
if (sampleRateHertz !== 16_000) throw new Error(`${file}: must have 16000 Hz, got ${sampleRateHertz} Hz`);
const plan = planStft({ sampleRateHertz, latency: 'monitor' });
const { windows, windowSamples, hopSamples } = plan;
const samples = recording.slice(0, SECONDS * sampleRateHertz);
const presets = [first, second].map((path) => parsePreset(readFileSync(path, 'utf8')));
const speakerSet = sampleSpeakerSet(presets, plan);
const { bins, magnitudeExponent, speakers } = speakerSet;
const kernel = new Kernel(Stft.requiredBytes(windowSamples) + SpeakerSetSolver.requiredBytes(speakerSet));
const stft = new Stft(kernel, windows.analysis, hopSamples);
const solver = new SpeakerSetSolver(kernel, speakerSet);
const mask = new WienerMask(2, bins, bins);
const scale = magnitudeScale(windows.analysis, sampleRateHertz);
const frames = Math.floor(samples.length / hopSamples);
const arrays = {
  samples,
  firstTemplates: speakers[0].values,
  secondTemplates: speakers[1].values,
  magnitudes: new Float32Array(frames * bins),
  firstModel: new Float32Array(frames * bins),
  secondModel: new Float32Array(frames * bins),
  gains: new Float32Array(frames * bins),
};
const magnitudes = new Float32Array(bins);
for (let frame = 0; frame < frames; frame++) {
  stft.push(samples, frame * hopSamples, hopSamples);
  stft.transform();
  writeMagnitudes(stft.spectrum, scale, magnitudeExponent, magnitudes);
  solver.solve(magnitudes, PARAMETERS.iterations.default);
  mask.compute(solver.models, magnitudes, PARAMETERS.maskExponent.default, 0, 0);
  arrays.magnitudes.set(magnitudes, frame * bins);
  arrays.firstModel.set(solver.models[0].subarray(0, bins), frame * bins);
  arrays.secondModel.set(solver.models[1].subarray(0, bins), frame * bins);
  arrays.gains.set(mask.speakers[0], frame * bins);
}
const lengths = Object.fromEntries(Object.entries(arrays).map(([name, values]) => [name, values.length]));
const header = Buffer.from(`${JSON.stringify({ bins, hopSamples, windowSamples, frames, lengths })}\n`);
writeFileSync(
  out,
  Buffer.concat([
    header,
    ...Object.values(arrays).map((values) => Buffer.from(values.buffer, values.byteOffset, values.byteLength)),
  ]),
);
