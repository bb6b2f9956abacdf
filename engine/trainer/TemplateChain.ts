import { Random } from '../core/Random.ts';
import type { Hertz, Seconds } from '../core/units.ts';
import { Nmf } from '../factorization/Nmf.ts';
import { Kernel } from '../kernel/Kernel.ts';
import { RealFft } from '../kernel/RealFft.ts';
import { diverseExemplars } from './exemplars.ts';
import { resampleTemplates, type TemplateMatrix } from './resampleTemplates.ts';
import type { Spectra } from './spectra.ts';
import type { SpectraAtWindow } from './trainingTransform.ts';

/** Windows the templates are learnt at: 64 ms, which tells the harmonics of every voice apart, then its neighbours outwards. */
const START_WINDOW_SECONDS: Seconds = 0.064;
const OTHER_WINDOW_SECONDS: readonly Seconds[] = [0.128, 0.256, 0.032, 0.016];

/** Activations settle before templates move, or uniform activations would pull all templates together. */
const ACTIVATION_UPDATES = 5;

/** One speaker's templates at one window, with how much each is used. */
export interface ChainLink extends TemplateMatrix {
  /** KL divergence per frame and bin that the matrix reaches on the training speech. */
  readonly divergence: number;
  /** [templates] share of each template in the speech, summing to 1 */
  readonly shares: Float64Array;
}

/** Window sizes of the chain at a sample rate, in the order in which they are learnt. */
export function chainWindows(sampleRateHertz: Hertz): number[] {
  return [START_WINDOW_SECONDS, ...OTHER_WINDOW_SECONDS].map((seconds) =>
    RealFft.nearestSupportedSize(Math.round(seconds * sampleRateHertz)),
  );
}

/**
 * Learns templates at several windows, each starting from its neighbour, so that template k means the same sound at all of them.
 * @param spectraAt of the speech
 * @param updates multiplicative updates at the first window, half as many at each other
 * @param afterLink is awaited after each window, with the share of the chain done, 0 to 1
 * @returns one link per window, shortest window first
 */
export async function learnTemplateChain(
  spectraAt: SpectraAtWindow,
  sampleRateHertz: Hertz,
  templates: number,
  updates: number,
  seed: number,
  afterLink: (fraction: number) => Promise<void>,
): Promise<ChainLink[]> {
  const random = new Random(seed);
  const [startWindow, ...otherWindows] = chainWindows(sampleRateHertz);
  const start = spectraAt(startWindow!);
  const links = [learnTemplates(start, diverseExemplars(start, templates, random), updates)];
  await afterLink(links.length / (otherWindows.length + 1));
  for (const windowSamples of otherWindows) {
    const neighbour = links.reduce((nearest, link) =>
      distance(link.windowSamples, windowSamples) < distance(nearest.windowSamples, windowSamples) ? link : nearest,
    );
    const spectra = spectraAt(windowSamples);
    links.push(learnTemplates(spectra, resampleTemplates(neighbour, windowSamples), Math.ceil(updates / 2)));
    await afterLink(links.length / (otherWindows.length + 1));
  }
  return links.sort((first, second) => first.windowSamples - second.windowSamples);
}

/** Multiplicative updates of both factors from given templates; rows of the result have mean 1. */
export function learnTemplates(spectra: Spectra, start: TemplateMatrix, updates: number): ChainLink {
  const { frames, bins } = spectra;
  const { templates } = start;
  const nmf = createNmf(spectra, templates);
  nmf.templates.set(start.values);
  nmf.activations.fill(1 / templates);
  nmf.update(ACTIVATION_UPDATES, 'activations');
  nmf.update(updates, 'both');
  const values = nmf.templates.slice();
  const shares = new Float64Array(templates);
  let total = 0;
  for (let template = 0; template < templates; template++) {
    const row = values.subarray(template * bins, (template + 1) * bins);
    const mean = row.reduce((sum: number, value: number) => sum + value, 0) / bins;
    if (mean > 0) for (let bin = 0; bin < bins; bin++) row[bin]! /= mean;
    for (let frame = 0; frame < frames; frame++)
      shares[template]! += nmf.activations[frame * templates + template]! * mean;
    total += shares[template]!;
  }
  for (let template = 0; template < templates; template++) shares[template]! /= total;
  return {
    windowSamples: spectra.windowSamples,
    templates,
    values,
    shares,
    divergence: nmf.divergence() / (frames * bins),
  };
}

/** @returns KL divergence per frame and bin after the activations settled, templates held fixed */
export function fixedTemplateDivergence(spectra: Spectra, matrix: TemplateMatrix, updates: number): number {
  const nmf = createNmf(spectra, matrix.templates);
  nmf.templates.set(matrix.values);
  nmf.activations.fill(1 / matrix.templates);
  nmf.update(updates, 'activations');
  return nmf.divergence() / (spectra.frames * spectra.bins);
}

function createNmf(spectra: Spectra, templates: number): Nmf {
  const config = { frames: spectra.frames, bins: spectra.bins, templates };
  return new Nmf(new Kernel(Nmf.requiredBytes(config)), config, spectra.values);
}

function distance(firstSamples: number, secondSamples: number): number {
  return Math.abs(Math.log(firstSamples / secondSamples));
}
