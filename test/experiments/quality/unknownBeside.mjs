// node test/experiments/quality/unknownBeside.mjs SPEECHOCEAN CACHE [PAIRS]
// Two known voices and one that is not loaded: what `separate --rest` writes with and without the background as a competitor. Speakers are
// those of the half to decide on. CACHE keeps trained presets and adaptations.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AdaptationFit } from '../../../dist/engine/adaptation/AdaptationFit.js';
import { siSdr } from '../../../dist/engine/evaluation/index.js';
import { withBackgroundModel } from '../../../dist/engine/model/backgroundModel.js';
import { adaptSpeakerSet, parseAdaptation, serializeAdaptation } from '../../../dist/engine/model/JointAdaptation.js';
import { parsePreset } from '../../../dist/engine/model/Preset.js';
import { parseEvidence } from '../../../dist/engine/model/SpeakerEvidence.js';
import { sampleSpeakerSet } from '../../../dist/engine/model/SpeakerSet.js';
import { Separator } from '../../../dist/engine/separator/Separator.js';
import { planStft } from '../../../dist/engine/stft/StftPlan.js';
import { alignedOutputs } from './alignedOutputs.mjs';
import { speechoceanHalf } from './speechoceanHalf.mjs';
import { trainedVoice, unseenSpeech } from './speechoceanVoices.mjs';

const RATE_HERTZ = 16_000;
const SECONDS = 8;
/** As in `AdaptationLibrary` for the background. */
const PERSISTENCE = 0.5;
const KEY = 'a'.repeat(64);
const [speechocean, cache, pairCount = '4'] = process.argv.slice(2);
if (cache === undefined) {
  console.error('usage: unknownBeside.mjs SPEECHOCEAN CACHE [PAIRS]');
  process.exit(1);
}
mkdirSync(join(cache, 'adapt'), { recursive: true });
const presets = (name) => fileURLToPath(new URL(`../../../presets/${name}`, import.meta.url));
const background = {
  preset: parsePreset(readFileSync(presets('background.unmingle.json'), 'utf8')),
  evidence: parseEvidence(readFileSync(presets('background.evidence.json'), 'utf8')),
};

const half = speechoceanHalf(speechocean, 'decide');
const deciding = ['female', 'male'].map((wanted) => half.filter(({ sex }) => sex === wanted).map(({ name }) => name));
/** Known, known, unknown: the sexes vary. */
const trios = Array.from({ length: Number(pairCount) }, (_, index) => {
  const [first, second] = index % 2 === 0 ? deciding : deciding.toReversed();
  return [first[index], index < 2 ? first[index + 1] : second[index], first[index + 3]];
});

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
const sum = (one, other) =>
  Float32Array.from({ length: Math.min(one.length, other.length) }, (_, n) => one[n] + other[n]);
const decibels = (signal, reference) => 10 * Math.log10(power(signal) / power(reference) + 1e-12);
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const rows = { without: [], with: [] };
for (const [a, b, u] of trios) {
  const voices = await Promise.all([a, b].map((name) => trainedVoice(speechocean, join(cache, 'cache'), name)));
  const known = adapted(`${a}-${b}`, voices, 0);
  const competing = adapted(`${a}-${b}-bg`, [...voices, background], PERSISTENCE);
  const [one, other, unknown] = await Promise.all([a, b, u].map((name) => unseenSpeech(speechocean, name, SECONDS)));
  for (const way of ['without', 'with']) {
    const run = (signal) =>
      alignedOutputs(
        new Separator(way === 'with' ? withBackgroundModel(known, competing) : known, { parameters: { rest: 1 } }),
        signal,
        { speakers: 2, hasRest: true },
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
