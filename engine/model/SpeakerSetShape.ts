import type { MaskNetworkShape } from '../network/MaskNetwork.ts';
import type { SampledSpeaker, SpeakerSet } from './SpeakerSet.ts';

/** A speaker set without its matrices and weights: what their layout in memory depends on. Plain data, a few kilobytes. */
export interface SpeakerSetShape extends Pick<SpeakerSet, 'plan' | 'magnitudeExponent' | 'bins'> {
  readonly speakers: readonly Omit<SampledSpeaker, 'values'>[];
  /** Whether each speaker has output templates for the activations of all speakers. */
  readonly isAdapted: boolean;
  readonly network: MaskNetworkShape | null;
}

export function shapeOf(speakerSet: SpeakerSet): SpeakerSetShape {
  const { plan, magnitudeExponent, bins, speakers, outputTemplates, network } = speakerSet;
  return {
    plan,
    magnitudeExponent,
    bins,
    speakers: speakers.map(({ name, templates, coreTemplates = templates }) => ({ name, templates, coreTemplates })),
    isAdapted: outputTemplates !== undefined,
    network: network === undefined ? null : networkShape(network),
  };
}

function networkShape({ bandwidthHertz, speakers, temporalPrior }: MaskNetworkShape): MaskNetworkShape {
  return { bandwidthHertz, speakers, temporalPrior };
}
