import type { Hertz } from '../../engine/core/units.ts';

/** Start data of the worker that chooses the channels of a live input. */
export interface ChannelWorkerConfig {
  /** Ring of all channels, which only the worker reads. */
  readonly ring: SharedArrayBuffer;
  readonly sampleRateHertz: Hertz;
  /** Name of the input in the remark. */
  readonly name: string;
}

/** From the worker, once, when there has been enough speech. */
export interface ChannelsChosen {
  readonly type: 'chosen';
  /** [channels] Factors on the channels. */
  readonly weights: readonly number[];
  /** What was chosen and why, one line for the user. */
  readonly remark: string;
}
