import type { ChannelFinding } from './ChannelAnalysis.ts';
import { type Mixdown, oneWeight } from './Mixdown.ts';

export interface BestChannels {
  readonly mixdown: Mixdown;
  /** What was chosen and why, one line for the user. */
  readonly remark: string;
}

/**
 * @param name of the recording or device, in the remark
 * @param finding about a recording with several channels
 * @returns weights that suit the channels, and keep the level of those that sound
 */
export function bestChannels(name: string, finding: ChannelFinding): BestChannels {
  const { relation, sounding, channels } = finding;
  const loudest = (sounding[0] ?? 0) + 1;
  const one = oneWeight(channels, loudest - 1);
  const silent = channels - sounding.length;
  const silence = silent === 0 ? '' : `${silent} of ${channels} channels ${silent === 1 ? 'is' : 'are'} silent; `;
  const mean = sounding.length === channels ? null : meanOf(channels, sounding);
  const count = silent === 0 ? channels : sounding.length;
  switch (relation) {
    case 'single':
      return { mixdown: one, remark: `${name}: ${silence}channel ${loudest} is used` };
    case 'same':
      return { mixdown: mean, remark: averagedText(name, count, silence) };
    case 'cancelling':
      return {
        mixdown: one,
        remark: `${name}: ${silence}the channels have opposite polarity and would cancel each other; channel ${loudest} is used`,
      };
    case 'shifted':
      return {
        mixdown: one,
        remark: `${name}: ${silence}the channels hold the same sound at different times; channel ${loudest}, the louder one, is used`,
      };
    case 'separate':
      return {
        mixdown: mean,
        remark: averagedText(name, count, `${silence}the channels hold different voices; `),
      };
  }
}

/** @returns one line for the user */
export function averagedText(name: string, channels: number, reason = ''): string {
  return `${name}: ${reason}${channels} channels were averaged to one`;
}

function meanOf(channels: number, sounding: readonly number[]): number[] {
  return Array.from({ length: channels }, (_, index) => (sounding.includes(index) ? 1 / sounding.length : 0));
}
