import type { SpeakerSet } from '../../../../engine/model/SpeakerSet.ts';
import { planStft } from '../../../../engine/stft/StftPlan.ts';
import { defaultSpeakerSet, plainSpeakerSet } from '../../../library/defaultSpeakerSet.ts';

/** A speaker set on which the checks that measure run. */
export interface SteadySpeakerSet {
  readonly name: 'default' | 'plain';
  readonly speakerSet: SpeakerSet;
}

/** Speaker sets at 48 kHz and the default latency: the one that runs by default, and the same voices without adaptation. */
export async function steadySpeakerSets(): Promise<SteadySpeakerSet[]> {
  const plan = planStft({ sampleRateHertz: 48_000 });
  return [
    { name: 'default', speakerSet: await defaultSpeakerSet(plan) },
    { name: 'plain', speakerSet: await plainSpeakerSet(plan) },
  ];
}

/** Name of a figure: that of the default speaker set has no prefix. */
export function figureName({ name }: SteadySpeakerSet, figure: string): string {
  return name === 'default' ? figure : `${name}${figure.charAt(0).toUpperCase()}${figure.slice(1)}`;
}
