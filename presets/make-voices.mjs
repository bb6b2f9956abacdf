#!/usr/bin/env node
/**
 * Creates the training recordings of the two synthetic voices, and the demo: ten seconds of both speaking at once.
 *
 *   node presets/make-voices.mjs FOLDER      writes FOLDER/<voice>/01.wav ... and presets/demo/*.flac
 *
 * Needs espeak-ng, flite, sox and flac:  apt-get install espeak-ng flite sox flac
 * Reproducible byte for byte with the same program versions. The sentences were written for this project; those of the demo are not in
 * the training set.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SAMPLE_RATE_HERTZ = 16000;
const DEMO_SAMPLES = 10 * SAMPLE_RATE_HERTZ;
/** Level of each voice, -26 dBFS: audible, and the sum of both never clips. */
const VOICE_RMS = 32768 * 10 ** (-26 / 20);

/**
 * A formant voice and a statistical voice, an octave apart, as different as two people can be. Output of espeak-ng has no
 * licence restrictions; flite's voice cmu_us_rms was made by Carnegie Mellon University from a CMU ARCTIC speaker under
 * their BSD-like licence.
 */
const VOICES = [
  {
    name: 'synthetic-female',
    speech: (sentence, file) => ['espeak-ng', '-v', 'en-us+f3', '-p', '70', '-s', '160', '-w', file, sentence],
    training: [
      'The bakery on the corner opens at six, and the smell of warm bread wanders up our street.',
      'Please measure the garden twice before you order any gravel for the path.',
      'My brother keeps a jar of odd buttons, and nobody knows which coats they came from.',
      'When the ferry is late, the children count seagulls on the wooden pier.',
      'She tuned the old guitar by ear, hummed a little, and then played until midnight.',
      'A quiet valley, a shallow river, and a bridge made of rope: that was the whole village.',
      'Could you fetch the thin blue folder that is lying under the lamp?',
      'We measured the rainfall for eleven years and never saw a June as dry as this one.',
      'Thirty-seven boxes of oranges arrived this morning, although we had asked for five.',
      'The engineer joked that the machine only fails while somebody important is watching.',
      'Fresh snow changes every sound; even our own footsteps seemed to belong to someone else.',
      'An unusual vision of purple clouds hung above the harbour before the thunder came.',
      'Nothing is easier than starting a book, and nothing is harder than the very last page.',
    ],
    demo: [
      'I left my umbrella on the early train again, so I walked home through the warm rain.',
      'The library was still bright, and two students were arguing about a game of chess.',
    ],
  },
  {
    name: 'synthetic-male',
    speech: (sentence, file) => [
      'flite',
      '-voice',
      'rms',
      '--setf',
      'duration_stretch=0.9',
      '-t',
      sentence,
      '-o',
      file,
    ],
    training: [
      'Before the sun was over the ridge, we had already carried the tents down to the lake.',
      'Your parcel weighs about four kilograms, and it should reach the island by Friday.',
      'An honest mechanic told me to drive slowly and to listen for a ticking noise.',
      'The choir sang so softly that you could hear the candles burning.',
      'Which of these keys belongs to the shed behind the chapel?',
      'Grandmother judged every soup by the sound the spoon made on the plate.',
      'In autumn the orchard pays for the whole year, provided that the frost stays away.',
      'Two hundred and nineteen voters changed their minds within a single evening.',
      'A fox crossed the yard, looked at us with mild contempt, and vanished through the hedge.',
      'Every bus from the airport stops near the fountain, usually just around the corner.',
      'Thick fog rolled over the harbour, and the pilots waited for the noon whistle.',
      'The young author enjoyed long walks, short chapters, and very strong tea.',
      'Why would anybody polish the brass bell if nobody is allowed to ring it?',
    ],
    demo: [
      'Our neighbour builds a boat in his garage, and it is already longer than the door.',
      'We never tell him, for he brings us fresh tomatoes every week.',
    ],
  },
];

/** @returns Int16Array of one spoken sentence, 16 bit at SAMPLE_RATE_HERTZ */
function speak(voice, sentence, workFolder) {
  const spoken = join(workFolder, 'spoken.wav');
  const [program, ...options] = voice.speech(sentence, spoken);
  execFileSync(program, options);
  const raw = ['-t', 'raw', '-e', 'signed-integer', '-b', '16', '-L', '-c', '1', '-r', String(SAMPLE_RATE_HERTZ), '-'];
  const bytes = execFileSync('sox', ['-D', spoken, ...raw], { maxBuffer: 1 << 26 });
  return new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

function scaledToVoiceRms(samples) {
  const energy = samples.reduce((sum, sample) => sum + sample * sample, 0);
  const gain = VOICE_RMS / Math.sqrt(energy / samples.length);
  return Int16Array.from(samples, (sample) => Math.round(sample * gain));
}

function soxFromRaw(samples, file) {
  const raw = ['-t', 'raw', '-e', 'signed-integer', '-b', '16', '-L', '-c', '1', '-r', String(SAMPLE_RATE_HERTZ), '-'];
  execFileSync('sox', ['-D', ...raw, file], {
    input: Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength),
  });
}

function writeFlac(samples, file, workFolder) {
  const wav = join(workFolder, 'demo.wav');
  soxFromRaw(samples, wav);
  execFileSync('flac', ['--silent', '--force', '--best', '--no-padding', '--output-name', file, wav]);
}

const trainingFolder = process.argv[2];
if (trainingFolder === undefined || trainingFolder.startsWith('-')) {
  process.stderr.write('usage: node presets/make-voices.mjs FOLDER   (training recordings go there)\n');
  process.exit(1);
}
const demoFolder = join(dirname(fileURLToPath(import.meta.url)), 'demo');
const workFolder = mkdtempSync(join(tmpdir(), 'unmingle-voices-'));
try {
  mkdirSync(demoFolder, { recursive: true });
  const mixture = new Int16Array(DEMO_SAMPLES);
  for (const voice of VOICES) {
    const voiceFolder = join(trainingFolder, voice.name);
    mkdirSync(voiceFolder, { recursive: true });
    let trainingSamples = 0;
    for (const [index, sentence] of voice.training.entries()) {
      const samples = speak(voice, sentence, workFolder);
      soxFromRaw(samples, join(voiceFolder, `${String(index + 1).padStart(2, '0')}.wav`));
      trainingSamples += samples.length;
    }
    const demo = new Int16Array(DEMO_SAMPLES);
    let position = 0;
    for (const sentence of voice.demo) {
      const samples = speak(voice, sentence, workFolder);
      if (position + samples.length > DEMO_SAMPLES) throw new Error(`${voice.name}: the demo is longer than 10 s`);
      demo.set(samples, position);
      position += samples.length;
    }
    const reference = scaledToVoiceRms(demo);
    writeFlac(reference, join(demoFolder, `${voice.name}.flac`), workFolder);
    for (let index = 0; index < DEMO_SAMPLES; index++) mixture[index] += reference[index];
    const seconds = (samples) => (samples / SAMPLE_RATE_HERTZ).toFixed(1);
    process.stdout.write(`${voice.name}: ${seconds(trainingSamples)} s to train on, ${seconds(position)} s of demo\n`);
  }
  writeFlac(mixture, join(demoFolder, 'mixture.flac'), workFolder);
} finally {
  rmSync(workFolder, { recursive: true, force: true });
}
