import type { MaskNetworkShape } from '../network/MaskNetwork.ts';
import type { SampledSpeaker, SpeakerSet } from './SpeakerSet.ts';

/** A speaker set without its matrices and weights: what their layout in memory depends on, and where each speaker is heard. Plain data, a few kilobytes. */
export interface SpeakerSetShape extends Pick<SpeakerSet, 'plan' | 'magnitudeExponent' | 'bins'> {
  readonly speakers: readonly (Omit<SampledSpeaker, 'values'> & { readonly voice: number })[];
  /** [speakers] index of each speaker's output in the separator, below `MAXIMUM_OUTPUTS`. */
  readonly outputs: readonly number[];
  /** Whether each speaker has output templates for the activations of all speakers. */
  readonly isAdapted: boolean;
  readonly network: MaskNetworkShape | null;
  /** Shape of the same speakers and then the background; null: voices that are not loaded are not recognised. */
  readonly background: SpeakerSetShape | null;
}

export function shapeOf(speakerSet: SpeakerSet): SpeakerSetShape {
  const { plan, magnitudeExponent, bins, speakers, outputTemplates, network, background } = speakerSet;
  return {
    plan,
    magnitudeExponent,
    bins,
    speakers: speakers.map(({ name, templates, coreTemplates = templates, voice, channel }, s) => ({
      name,
      templates,
      coreTemplates,
      voice: voice ?? s + 1,
      ...(channel === undefined ? {} : { channel }),
    })),
    outputs: speakers.map((_, s) => s),
    isAdapted: outputTemplates !== undefined,
    network: network === undefined ? null : networkShape(network),
    background: background === undefined ? null : shapeOf(background),
  };
}

function networkShape({ bandwidthHertz, speakers, temporalPrior }: MaskNetworkShape): MaskNetworkShape {
  return { bandwidthHertz, speakers, temporalPrior };
}
