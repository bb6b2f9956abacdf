import { paired } from '../../../engine/core/paired.ts';
import type { Seconds } from '../../../engine/core/units.ts';
import type { PointFactors } from '../../../engine/factorization/factorizePoints.ts';
import type { MagnitudePoints } from '../../../engine/factorization/MagnitudePoints.ts';
import { markdownTable } from '../../files/markdownTable.ts';
import { greyPicture } from './greyPicture.ts';
import { TRANSFER_BAND_HERTZ, TRANSFER_UNIT, type Transfer, type TransferOptions } from './transfer.ts';

export const TRANSFER_FIGURES = ['figure.svg'] as const;

/** Results of the prototype, trained by row, tested by column, in the order of the transforms. Goal: no larger value. */
const PROTOTYPE_RATIOS = [
  [1.0, 1.31, 1.41, 1.93, 1.21],
  [1.1, 1.0, 1.21, 2.29, 1.13],
  [1.14, 1.21, 1.0, 1.93, 1.18],
  [1.44, 1.76, 1.59, 1.01, 1.5],
  [1.33, 1.3, 1.5, 3.1, 1.0],
] as const;
/** Goal between the STFTs and the constant-Q. */
const CLOSE_RATIO = 1.3;
const CLOSE_TRANSFORMS = 3;
const PICTURE = { width: 120, height: 80, gap: 8, left: 130, top: 64 } as const;
const PICTURE_SECONDS: Seconds = 3;

export interface TransferFacts {
  readonly options: TransferOptions;
  readonly command: string;
  readonly excerptSeconds: readonly [Seconds, Seconds];
}

/** Builds all files of `experiment transfer`. */
export function transferReport(facts: TransferFacts, found: Transfer) {
  const { options, command, excerptSeconds } = facts;
  const { name, sampleRateHertz, rank, seed } = options;
  const { subjects } = found;
  const ratios = subjects.map((_, row) => found.cells.slice(row * subjects.length, (row + 1) * subjects.length));
  const goals = judged(found);
  const markdown = [
    '# Transfer: Figure 4 of the paper',
    '',
    `    ${command}`,
    '',
    `${name}, ${excerptSeconds[0]} to ${excerptSeconds[1].toFixed(2)} s, ${sampleRateHertz} Hz, ${rank} templates, seed ${seed}; points from ${TRANSFER_BAND_HERTZ.minimum} to ${TRANSFER_BAND_HERTZ.maximum} Hz. Templates`,
    'are learnt in the representation of the row and applied to that of the column, with activations solved there. Each cell is the KL divergence',
    `relative to that of templates learnt in the column's representation (lower is better), with the prototype's in brackets. Computed in ${found.seconds.toFixed(0)} s.`,
    '',
    markdownTable(
      ['learnt from \\ applied to', ...subjects.map((subject) => subject.name)],
      paired(subjects, ratios).map(([subject, cells], row) => [
        subject.name,
        ...cells.map(({ ratio }, column) => `${ratio.toFixed(2)} (${prototypeRatio(row, column).toFixed(2)})`),
      ]),
    ),
    '',
    'Where the windows of the column are shorter, templates are smeared over frequency as these windows do. Without smearing:',
    '',
    markdownTable(
      ['learnt from \\ applied to', ...subjects.map((subject) => subject.name)],
      paired(subjects, ratios).map(([subject, cells]) => [
        subject.name,
        ...cells.map(({ plainRatio }) => plainRatio.toFixed(2)),
      ]),
    ),
    '',
    markdownTable(
      ['transform', 'points', `self-trained KL x 1e5`, 'training, s'],
      subjects.map(({ name, points, factors, trainingSeconds }) => [
        name,
        `${points.magnitudes.length}`,
        (1e5 * factors.divergence).toFixed(2),
        trainingSeconds.toFixed(1),
      ]),
    ),
    '',
    `Divergence: mean ${TRANSFER_UNIT}. The prototype used other speech and other settings of the transforms: its table is a`,
    'goal here, not a like-for-like comparison.',
    '',
    '## Goals',
    '',
    ...goals.map(({ text, isMet }) => `- ${text}: ${isMet ? 'met' : '**missed**'}.`),
    '',
    '![Points and their models](figure.svg)',
    '',
  ].join('\n');
  return {
    config: { command, name, sampleRateHertz, excerptSeconds, rank, seed, bandHertz: TRANSFER_BAND_HERTZ },
    results: {
      unit: TRANSFER_UNIT,
      goals,
      seconds: found.seconds,
      transforms: subjects.map(({ name, points, factors, trainingSeconds }) => ({
        name,
        points: points.magnitudes.length,
        divergence: factors.divergence,
        trainingSeconds,
      })),
      cells: found.cells.map(({ factors: _, ...cell }) => cell),
      prototypeRatios: PROTOTYPE_RATIOS,
    },
    figures: { [TRANSFER_FIGURES[0]]: figure(name, found) },
    markdown,
  };
}

function prototypeRatio(row: number, column: number): number {
  const ratio = PROTOTYPE_RATIOS[row]?.[column];
  if (ratio === undefined) throw new Error(`the prototype has no ratio for row ${row}, column ${column}`);
  return ratio;
}

function judged({ subjects, cells }: Transfer): { readonly text: string; readonly isMet: boolean }[] {
  const size = subjects.length;
  const others = cells.map((cell, index) => ({ ...cell, row: Math.floor(index / size), column: index % size }));
  const worse = others.filter(({ ratio, row, column }) => ratio > prototypeRatio(row, column) + 0.005);
  const close = others.filter(
    ({ row, column }) => row < CLOSE_TRANSFORMS && column < CLOSE_TRANSFORMS && row !== column,
  );
  const far = close.filter(({ ratio }) => ratio > CLOSE_RATIO);
  const list = (found: typeof others) =>
    found.map(({ trained, tested, ratio }) => `${trained} on ${tested} ${ratio.toFixed(2)}`).join(', ') || 'none';
  return [
    {
      text: `No cell above the prototype's: ${cells.length - worse.length} of ${cells.length} are not; above: ${list(worse)}`,
      isMet: worse.length === 0,
    },
    {
      text: `STFT and constant-Q at most ${CLOSE_RATIO}: ${close.length - far.length} of ${close.length} are; above: ${list(far)}`,
      isMet: far.length === 0,
    },
  ];
}

/** Draws the points in the first row, and below them their models with the templates of each row. */
function figure(name: string, { subjects, cells, durationSeconds }: Transfer): string {
  const { width, height, gap, left, top } = PICTURE;
  const seconds = Math.min(PICTURE_SECONDS, durationSeconds);
  const parts: string[] = [];
  const place = (column: number, row: number) => [left + column * (width + gap), top + row * (height + gap)] as const;
  subjects.forEach((subject, column) => {
    const original = raster(subject.points, subject.points.magnitudes, seconds);
    const loudest = quantile(original, 0.995);
    const [x] = place(column, 0);
    parts.push(text(x + width / 2, top - 8, subject.name, 'middle'));
    const pictures = [
      original,
      ...cells
        .filter((_, index) => index % subjects.length === column)
        .map(({ factors }) => raster(subject.points, modelled(subject.points, factors), seconds)),
    ];
    pictures.forEach((levels, row) => {
      const [left, upper] = place(column, row);
      const href = greyPicture(
        levels.map((level) => level / loudest),
        width,
      );
      parts.push(`<image x="${left}" y="${upper}" width="${width}" height="${height}" href="${href}"/>`);
    });
  });
  ['points', ...subjects.map((subject) => `from ${subject.name}`)].forEach((label, row) => {
    const [, y] = place(0, row);
    parts.push(text(left - 8, y + height / 2 + 4, label, 'end'));
  });
  const [right, bottom] = place(subjects.length, subjects.length + 1);
  const band = `${TRANSFER_BAND_HERTZ.minimum} to ${TRANSFER_BAND_HERTZ.maximum} Hz upwards, logarithmic; ${seconds.toFixed(1)} s`;
  parts.push(text(8, 20, `${escaped(name)}: templates learnt in one representation, applied to another`, 'start'));
  parts.push(text(8, 38, `${band}; darker is louder, |X|^0.5`, 'start'));
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="${right}" height="${bottom}" viewBox="0 0 ${right} ${bottom}" font-family="system-ui, sans-serif" font-size="11" style="background: white">
${parts.join('\n')}
</svg>
`;
}

/** @returns mean of the points in each pixel; a pixel without points repeats the last one of its row */
function raster(points: MagnitudePoints, magnitudes: Float32Array, seconds: Seconds): Float32Array {
  const { width, height } = PICTURE;
  const sums = new Float32Array(width * height);
  const counts = new Float32Array(width * height);
  const octaves = Math.log2(TRANSFER_BAND_HERTZ.maximum / TRANSFER_BAND_HERTZ.minimum);
  magnitudes.forEach((magnitude, point) => {
    const x = Math.floor((points.timesSeconds[point]! / seconds) * width);
    const octave = Math.log2(points.frequenciesHertz[point]! / TRANSFER_BAND_HERTZ.minimum);
    const y = height - 1 - Math.min(height - 1, Math.floor((octave / octaves) * height));
    if (x >= width) return;
    sums[y * width + x]! += magnitude;
    counts[y * width + x]!++;
  });
  return fillGaps(sums, counts);
}

function fillGaps(sums: Float32Array, counts: Float32Array): Float32Array {
  const { width, height } = PICTURE;
  const levels = sums.map((sum, pixel) => (counts[pixel]! > 0 ? sum / counts[pixel]! : Number.NaN));
  for (let y = 0; y < height; y++) {
    for (let x = 1; x < width; x++) {
      if (Number.isNaN(levels[y * width + x]!)) levels[y * width + x] = levels[y * width + x - 1]!;
    }
  }
  // Rows without points, between the bins of an STFT, repeat the row below.
  for (let y = height - 2; y >= 0; y--) {
    for (let x = 0; x < width; x++) {
      if (Number.isNaN(levels[y * width + x]!)) levels[y * width + x] = levels[(y + 1) * width + x]!;
    }
  }
  return levels.map((level) => (Number.isNaN(level) ? 0 : level));
}

function modelled(points: MagnitudePoints, { templates, activations }: PointFactors): Float32Array {
  const count = points.magnitudes.length;
  const model = new Float32Array(count);
  const piece = 8192;
  for (let first = 0; first < count; first += piece) {
    const last = Math.min(count, first + piece);
    const w = templates.sample(points.frequenciesHertz.subarray(first, last));
    const h = activations.sample(points.timesSeconds.subarray(first, last));
    for (let index = 0; index < w.length; index++) model[first + (index % (last - first))]! += w[index]! * h[index]!;
  }
  return model;
}

function quantile(values: Float32Array, share: number): number {
  return values.toSorted()[Math.floor(share * (values.length - 1))] || 1;
}

function text(x: number, y: number, words: string, anchor: 'start' | 'middle' | 'end'): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}">${words}</text>`;
}

function escaped(words: string): string {
  return words.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}
