#!/usr/bin/env node
/**
 * Creates the training recordings of the background: an utterance of each of many speakers at equal level, and generated noise.
 *
 *   node presets/make-background.mjs UTTERANCES FOLDER      UTTERANCES: a folder of FLAC files, one speaker each
 *
 * Needs sox and flac:  apt-get install sox flac
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const SAMPLE_RATE_HERTZ = 16_000;
/** Duration per speaker: training uses at most ten minutes of speech. */
const SECONDS = 9.5;
const LEVEL = 0.05;
/** Arguments of sox for noise of several colours, similar to rooms, fans, traffic and mains hum. */
const NOISES = [
  ['pinknoise'],
  ['brownnoise'],
  ['whitenoise'],
  ['brownnoise', 'lowpass', '300'],
  ['pinknoise', 'bandpass', '1200', '1o'],
  ['pinknoise', 'highpass', '2500'],
];
const NOISE_SECONDS = 3;

const [utterances, folder] = process.argv.slice(2);
if (utterances === undefined || folder === undefined) throw new Error('usage: make-background.mjs UTTERANCES FOLDER');
mkdirSync(folder, { recursive: true });
const rate = String(SAMPLE_RATE_HERTZ);

NOISES.forEach(([noise, ...effects], index) => {
  const file = join(folder, `noise-${index + 1}.wav`);
  // -R: reproducible noise
  execFileSync('sox', [
    '-R',
    '-r',
    rate,
    '-n',
    '-b',
    '16',
    file,
    'synth',
    String(NOISE_SECONDS),
    noise,
    ...effects,
    'norm',
    '-12',
  ]);
});
for (const name of readdirSync(utterances).filter((each) => each.endsWith('.flac'))) {
  const source = join(utterances, name);
  const gain = String(LEVEL / rms(source));
  const target = join(folder, `voice-${name.replace('.flac', '.wav')}`);
  execFileSync('sox', ['-R', '-v', gain, source, '-r', rate, '-b', '16', target, 'trim', '0', String(SECONDS + 1)]);
}

function rms(file) {
  const { stderr } = spawnSync('sox', [file, '-n', 'stat'], { encoding: 'utf8' });
  return Number(/RMS\s+amplitude:\s+([\d.]+)/.exec(stderr)[1]);
}
