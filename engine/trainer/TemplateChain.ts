import { Random } from '../core/Random.ts';
import type { Hertz, Seconds } from '../core/units.ts';
import { RealFft } from '../kernel/RealFft.ts';
import { diverseExemplars } from './exemplars.ts';
import { NmfMemory } from './NmfMemory.ts';
import { resampleTemplates, type TemplateMatrix } from './resampleTemplates.ts';
import type { Spectra } from './spectra.ts';
import type { SpectraAtWindow } from './trainingTransform.ts';

/** Windows at which templates are learnt: first 64 ms, which resolves the harmonics of every voice, then outwards from there. */
const START_WINDOW_SECONDS: Seconds = 0.064;
const OTHER_WINDOW_SECONDS: readonly Seconds[] = [0.128, 0.256, 0.032, 0.016];

/** Updates of the activations alone before templates change: equal activations would make all templates equal. */
const ACTIVATION_UPDATES = 5;

/** Templates of a speaker at one window, and how much each is used. */
export interface ChainLink extends TemplateMatrix {
  /** KL divergence per frame and bin on the training speech. */
  readonly divergence: number;
  /** [templates] share of each template in the speech; the sum is 1 */
  readonly shares: Float64Array;
}

/** Window sizes of the chain in samples, in the order of learning. */
export function chainWindows(sampleRateHertz: Hertz): number[] {
  return [START_WINDOW_SECONDS, ...OTHER_WINDOW_SECONDS].map((seconds) =>
    RealFft.nearestSupportedSize(Math.round(seconds * sampleRateHertz)),
  );
}

/**
 * Learns templates at several windows, each starting from the nearest window learnt before, so that template k represents the same sound
 * at all of them.
 * @param spectraAt spectra of the speech at a window size
 * @param updates number of multiplicative updates at the first window; half as many are made at the others
 * @param afterLink awaited after each window, with the completed fraction of the chain, 0 to 1
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
  const windows = chainWindows(sampleRateHertz);
  const memory = new NmfMemory();
  const links: ChainLink[] = [];
  for (const windowSamples of windows) {
    const spectra = spectraAt(windowSamples);
    const neighbour = nearestLink(links, windowSamples);
    links.push(
      neighbour === undefined
        ? learnTemplates(spectra, diverseExemplars(spectra, templates, random), updates, memory)
        : learnTemplates(spectra, resampleTemplates(neighbour, windowSamples), Math.ceil(updates / 2), memory),
    );
    await afterLink(links.length / windows.length);
  }
  return links.sort((first, second) => first.windowSamples - second.windowSamples);
}

/**
 * Learns templates by multiplicative updates of both factors, starting from given ones.
 * @param memory no longer used when this returns
 * @returns templates with mean 1
 */
export function learnTemplates(
  spectra: Spectra,
  start: TemplateMatrix,
  updates: number,
  memory = new NmfMemory(),
): ChainLink {
  const { frames, bins } = spectra;
  const { templates } = start;
  const nmf = memory.create(spectra, templates);
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

/**
 * @param memory no longer used when this returns
 * @returns KL divergence per frame and bin after `updates` updates of the activations, templates held fixed
 */
export function fixedTemplateDivergence(
  spectra: Spectra,
  matrix: TemplateMatrix,
  updates: number,
  memory = new NmfMemory(),
): number {
  const nmf = memory.create(spectra, matrix.templates);
  nmf.templates.set(matrix.values);
  nmf.activations.fill(1 / matrix.templates);
  nmf.update(updates, 'activations');
  return nmf.divergence() / (spectra.frames * spectra.bins);
}

/** The link whose window is nearest in ratio, the earliest of equally near ones; undefined if there are none. */
function nearestLink(links: readonly ChainLink[], windowSamples: number): ChainLink | undefined {
  const distance = (link: ChainLink) => Math.abs(Math.log(link.windowSamples / windowSamples));
  let nearest: ChainLink | undefined;
  for (const link of links) if (nearest === undefined || distance(link) < distance(nearest)) nearest = link;
  return nearest;
}
