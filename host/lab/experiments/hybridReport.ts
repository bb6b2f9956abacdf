import { dot, lineY, ruleX } from '@observablehq/plot';
import { paired } from '../../../engine/core/paired.ts';
import { Random } from '../../../engine/core/Random.ts';
import { amplitudeToDecibels, decibelsToAmplitude, type Hertz, type Seconds } from '../../../engine/core/units.ts';
import { markdownTable } from '../../files/markdownTable.ts';
import { HYBRID_UNIT, type Hybrid, type HybridMethod, type HybridOptions, type HybridResult } from './hybrid.ts';
import { noteName } from './noteName.ts';
import { stackedSvg } from './stackedSvg.ts';

export const HYBRID_FIGURES = ['figure.svg'] as const;

/** Goals: correlation in each third of the time axis, KL in the prototype's units, and processor time from sound to functions. */
const GOALS = { correlations: [0.87, 0.95, 0.95], divergence: 0.0065, seconds: 10, points: 100_000 } as const;
const METHOD_LABELS: Readonly<Record<HybridMethod, string>> = {
  hat: 'linear hats, KL',
  networks: 'networks W(f), H(t)',
  smoothed: 'kernel-smoothed updates (Smaragdis and Kim 2013)',
  radial: 'radial basis functions, least squares (Zdunek 2012)',
  rational: 'rational functions, least squares (after Hautecoeur et al. 2023)',
};
const DRAWN_POINTS = 4000;
/** Range below the loudest point; weaker points would hide the others. */
const DRAWN_DECIBELS = 55;
const LOWEST_DRAWN_HERTZ = 40;
const WIDTH = 860;
const COLOURS = ['#4e79a7', '#e15759', '#59a14f', '#f28e2b'] as const;

export interface HybridFacts {
  readonly options: HybridOptions;
  readonly command: string;
  readonly excerptSeconds: readonly [Seconds, Seconds];
}

/** Builds all files of `experiment hybrid`. */
export function hybridReport(facts: HybridFacts, found: Hybrid) {
  const { options, command, excerptSeconds } = facts;
  const { name, sampleRateHertz, layout, rank, seed } = options;
  const goals = judged(found);
  const count = found.points.magnitudes.length;
  const markdown = [
    '# Hybrid: Figure 3 of the paper',
    '',
    `    ${command}`,
    '',
    `${name}, ${excerptSeconds[0]} to ${excerptSeconds[1].toFixed(2)} s, ${sampleRateHertz} Hz, rank ${rank}, seed ${seed}. ${
      layout === 'repeat'
        ? 'The sound is repeated three times on the time axis, each time in another representation'
        : 'Each third of the sound has another representation'
    }: ${found.thirds.map((third) => `${third.name} (${third.points} points)`).join(', ')}; ${count} points that do not form a matrix,`,
    `computed in ${found.transformSeconds.toFixed(1)} s. Divergence: mean ${HYBRID_UNIT}.`,
    '',
    markdownTable(
      ['method', 'KL', 'seconds', 'processor seconds', ...found.thirds.map((third) => `correlation, ${third.name}`)],
      found.results.map((result) => [
        METHOD_LABELS[result.method],
        result.divergence.toFixed(5),
        result.seconds.toFixed(1),
        result.processorSeconds.toFixed(1),
        ...result.correlations.map((values) => values.map((value) => value.toFixed(2)).join(', ')),
      ]),
    ),
    '',
    'Correlation: between H of each template and that of an ordinary matrix factorization of an STFT (46 ms) of the same sound.',
    'Networks are initialised with the hats; their times include those of the hats. The goals are results of a prototype, whose unit of KL is assumed to be the one above.',
    '',
    '## Strongest partials',
    '',
    markdownTable(
      ['method', ...Array.from({ length: rank }, (_, k) => `template ${k + 1}`)],
      found.results.map((result) => [METHOD_LABELS[result.method], ...result.partials.map(partialText)]),
    ),
    '',
    '## Goals',
    '',
    ...goals.map(({ text, isMet }) => `- ${text}: ${isMet ? 'met' : '**missed**'}.`),
    '',
    '![Points, W and H](figure.svg)',
    '',
  ].join('\n');
  const rounded = (values: Float32Array) => Array.from(values, (value) => Number(value.toPrecision(4)));
  return {
    config: { command, name, sampleRateHertz, excerptSeconds, layout, rank, seed },
    results: {
      unit: HYBRID_UNIT,
      goals,
      points: count,
      thirds: found.thirds,
      transformSeconds: found.transformSeconds,
      methods: found.results.map(({ templates: _w, activations: _h, ...result }) => result),
      networks: {
        frequenciesHertz: Array.from(found.frequenciesHertz),
        timesSeconds: Array.from(found.timesSeconds, (time) => Number(time.toFixed(4))),
        templates: networksOf(found).templates.map(rounded),
        activations: networksOf(found).activations.map(rounded),
      },
    },
    figures: { [HYBRID_FIGURES[0]]: figure(name, found) },
    markdown,
  };
}

function networksOf(found: Hybrid): HybridResult {
  return found.results.find(({ method }) => method === 'networks')!;
}

/** Compares two methods with the goals: the networks (the paper's subject) and the hats. */
function judged(found: Hybrid): { readonly text: string; readonly isMet: boolean }[] {
  return found.results
    .filter(({ method }) => method === 'hat' || method === 'networks')
    .flatMap((result) => {
      const worst = result.correlations.map((values) => Math.min(...values));
      const clockSeconds = found.transformSeconds + result.seconds;
      const seconds = found.transformSeconds + result.processorSeconds;
      const name = result.method === 'hat' ? 'Hats' : 'Networks';
      return [
        ...paired(paired(found.thirds, worst), GOALS.correlations).map(([[third, value], goal]) => ({
          text: `${name}: correlation at least ${goal} in ${third.name}, the lower of the templates ${value.toFixed(3)}`,
          isMet: value >= goal,
        })),
        {
          text: `${name}: KL at most ${GOALS.divergence}, got ${result.divergence.toFixed(5)}`,
          isMet: result.divergence <= GOALS.divergence,
        },
        {
          text: `${name}: at most ${GOALS.seconds} s for ${GOALS.points} points, got ${seconds.toFixed(1)} s of processor time for ${found.points.magnitudes.length} from sound to functions, ${clockSeconds.toFixed(1)} s elapsed`,
          isMet: seconds <= GOALS.seconds,
        },
      ];
    });
}

function partialText(partials: readonly { readonly hertz: Hertz }[]): string {
  return partials.map(({ hertz }) => `${hertz.toFixed(0)} (${noteName(hertz)})`).join(', ');
}

function figure(name: string, found: Hybrid): string {
  const { points, thirds, endSeconds, frequenciesHertz, timesSeconds } = found;
  const networks = networksOf(found);
  const highest = points.magnitudes.reduce((most, magnitude) => Math.max(most, magnitude), 0);
  const audible = Array.from(points.magnitudes.keys()).filter(
    (point) => points.magnitudes[point]! > highest * decibelsToAmplitude(-DRAWN_DECIBELS),
  );
  const drawn = new Random(1).sample(audible.length, Math.min(DRAWN_POINTS, audible.length)).map((index) => {
    const point = audible[index]!;
    return {
      seconds: points.timesSeconds[point]!,
      hertz: Math.max(LOWEST_DRAWN_HERTZ, points.frequenciesHertz[point]!),
      level: Math.round(amplitudeToDecibels(points.magnitudes[point]! / highest)),
    };
  });
  const borders = thirds.slice(1).map(({ startSeconds }) => startSeconds);
  const lines = (rows: readonly Float32Array[], places: Float64Array, key: 'x') =>
    rows.map((row, k) =>
      lineY(
        Array.from(places, (place, index) => ({ [key]: place, value: row[index]! })),
        { x: key, y: 'value', stroke: COLOURS[k % COLOURS.length]! },
      ),
    );
  const seconds = { domain: [0, endSeconds], label: 'time (s)' } as const;
  return stackedSvg(`${name}: ${thirds.map((third) => third.name).join(', ')}; W(f) and H(t) as networks`, WIDTH, [
    {
      height: 320,
      x: seconds,
      y: { type: 'log', domain: [LOWEST_DRAWN_HERTZ, 6000], label: 'frequency (Hz)', tickFormat: '~s' },
      color: { scheme: 'greys', domain: [-DRAWN_DECIBELS - 10, 0], clamp: true },
      marks: [
        dot(drawn, { x: 'seconds', y: 'hertz', fill: 'level', r: 1.2, sort: 'level' }),
        ruleX(borders, { strokeOpacity: 0.5 }),
      ],
    },
    {
      height: 190,
      x: { label: 'frequency (Hz)', domain: [0, 2500] },
      y: { label: 'W(f)', grid: true },
      marks: lines(networks.templates, frequenciesHertz, 'x'),
    },
    {
      height: 190,
      x: seconds,
      y: { label: 'H(t)', grid: true },
      marks: [...lines(networks.activations, timesSeconds, 'x'), ruleX(borders, { strokeOpacity: 0.5 })],
    },
  ]);
}
