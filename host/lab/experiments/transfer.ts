import { InputError } from '../../../engine/core/errors.ts';
import type { Hertz, Seconds } from '../../../engine/core/units.ts';
import { activatePoints, factorizePoints, type PointFactors } from '../../../engine/factorization/factorizePoints.ts';
import { durationsOver, SmearedFunctions } from '../../../engine/factorization/SmearedFunctions.ts';
import {
  ConstantQ,
  filterPoints,
  MorseWavelet,
  ReassignedSpectrogram,
  raisePoints,
  StftTransform,
  type TimeFrequencyPoints,
  type TimeFrequencyTransform,
} from '../../../engine/transform/index.ts';

export interface TransferOptions {
  readonly name: string;
  readonly samples: Float32Array;
  readonly sampleRateHertz: Hertz;
  readonly rank: number;
  readonly seed: number;
  readonly onProgress?: (fraction: number, detail: string) => void;
}

export interface TransferCell {
  readonly trained: string;
  readonly tested: string;
  /** Mean KL per tested point with the trained templates and activations solved for them. */
  readonly divergence: number;
  /** `divergence` over that of templates learnt on the tested points. */
  readonly ratio: number;
  /** The ratio without smearing templates as the tested windows do. */
  readonly plainRatio: number;
  /** The model, for the figure. */
  readonly factors: PointFactors;
}

export interface TransferSubject {
  readonly name: string;
  readonly points: TimeFrequencyPoints;
  readonly trainingSeconds: Seconds;
  readonly factors: PointFactors;
}

export interface Transfer {
  readonly subjects: readonly TransferSubject[];
  readonly cells: readonly TransferCell[];
  readonly seconds: Seconds;
  readonly durationSeconds: Seconds;
}

export const TRANSFER_UNIT = 'KL per point of (|X| / sqrt(sum w^2 * sample rate))^0.5';
const EXPONENT = 0.5;
/** Band in which all transforms have points. */
export const TRANSFER_BAND_HERTZ = { minimum: 80, maximum: 6000 } as const;
/** Spacing of the knots of W and H: bins and hop of the longest window. */
const SPACING = { spacingHertz: 15, spacingSeconds: 0.016 } as const;
const UPDATES = 60;
const ACTIVATION_UPDATES = 40;

/** Figure 4 of the paper: applies templates learnt in one representation to the same speech in others. @throws InputError for a sample rate under 12 kHz */
export async function transfer(options: TransferOptions): Promise<Transfer> {
  const { samples, sampleRateHertz, rank, seed } = options;
  if (sampleRateHertz < 2 * TRANSFER_BAND_HERTZ.maximum) {
    throw new InputError(
      `${options.name}: sample rate must be at least ${2 * TRANSFER_BAND_HERTZ.maximum} Hz, got ${sampleRateHertz} Hz`,
    );
  }
  const start = performance.now();
  const transforms = transferTransforms(sampleRateHertz);
  const steps = transforms.length * (transforms.length + 1);
  let done = 0;
  const subjects: TransferSubject[] = [];
  for (const transform of transforms) {
    options.onProgress?.(done++ / steps, `learning from ${transform.name}`);
    await breathe();
    const all = transform.points(samples, sampleRateHertz);
    const inside = filterPoints(all, (point) => {
      const hertz = all.frequenciesHertz[point]!;
      return hertz >= TRANSFER_BAND_HERTZ.minimum && hertz <= TRANSFER_BAND_HERTZ.maximum;
    });
    const points = raisePoints(inside, EXPONENT);
    const began = performance.now();
    const factors = factorizePoints(points, rank, { ...SPACING, iterations: UPDATES, starts: 1, seed });
    subjects.push({ name: transform.name, points, factors, trainingSeconds: (performance.now() - began) / 1000 });
  }
  const cells: TransferCell[] = [];
  for (const trained of subjects) {
    for (const tested of subjects) {
      options.onProgress?.(done++ / steps, `${trained.name} on ${tested.name}`);
      await breathe();
      const settings = { ...SPACING, iterations: ACTIVATION_UPDATES };
      const { templates } = trained.factors;
      const smeared = new SmearedFunctions(templates, durations(trained), durations(tested));
      const factors = activatePoints(tested.points, smeared, settings);
      const plain = activatePoints(tested.points, templates, settings);
      cells.push({
        trained: trained.name,
        tested: tested.name,
        divergence: factors.divergence,
        ratio: factors.divergence / tested.factors.divergence,
        plainRatio: plain.divergence / tested.factors.divergence,
        factors,
      });
    }
  }
  return {
    subjects,
    cells,
    seconds: (performance.now() - start) / 1000,
    durationSeconds: samples.length / sampleRateHertz,
  };
}

/** The paper's windows at 16 kHz, with about the same duration at other rates. */
function transferTransforms(rate: Hertz): TimeFrequencyTransform[] {
  const samples = (at16Kilohertz: number) => 2 ** Math.round(Math.log2((at16Kilohertz * rate) / 16_000));
  const short = samples(256);
  const long = samples(1024);
  const { maximum: maximumHertz } = TRANSFER_BAND_HERTZ;
  return [
    new StftTransform(short, short / 2),
    new StftTransform(long, long / 4),
    new ConstantQ({ minimumHertz: TRANSFER_BAND_HERTZ.minimum, maximumHertz, hopsPerWindow: 3 }),
    new MorseWavelet({ minimumHertz: TRANSFER_BAND_HERTZ.minimum, maximumHertz, shortestHopSeconds: 0.004 }),
    new ReassignedSpectrogram(long, long / 4),
  ];
}

function durations({ points }: TransferSubject) {
  return durationsOver(points.frequenciesHertz, points.durationsSeconds);
}

/** Lets the event loop draw progress and handle Ctrl-C. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
