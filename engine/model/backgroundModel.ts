import { InputError } from '../core/errors.ts';
import type { SpeakerSet } from './SpeakerSet.ts';

/**
 * Adds a model of everything that is none of the speakers, so that voices that are not loaded go to the rest: see `BackgroundMask`.
 * @param background the same speakers and then the background, sampled for the same plan and adapted to each other
 * @throws InputError if the two do not fit together
 */
export function withBackgroundModel(speakerSet: SpeakerSet, background: SpeakerSet): SpeakerSet {
  const { plan, magnitudeExponent, speakers } = speakerSet;
  const count = speakers.length + 1;
  if (background.speakers.length !== count)
    throw new InputError(`background must have ${count} speakers, got ${background.speakers.length}`);
  if (background.magnitudeExponent !== magnitudeExponent)
    throw new InputError(
      `magnitudeExponent of background must be ${magnitudeExponent}, got ${background.magnitudeExponent}`,
    );
  for (const name of ['sampleRateHertz', 'windowSamples', 'hopSamples'] as const) {
    if (background.plan[name] !== plan[name])
      throw new InputError(`${name} of background must be ${plan[name]}, got ${background.plan[name]}`);
  }
  return { ...speakerSet, background };
}
