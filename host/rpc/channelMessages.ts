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

/** Start data of the worker that estimates how to demix the channels of a live input. */
export interface DemixingWorkerConfig {
  /** Ring of all channels, which only the worker reads. */
  readonly ring: SharedArrayBuffer;
  /** Of the `DemixingSlot` that it writes to. */
  readonly slot: SharedArrayBuffer;
  /** Channels that belong to a voice. */
  readonly voiced: readonly number[];
  readonly sampleRateHertz: Hertz;
}

/** From the worker, once, when the first demixing is in the slot. */
export interface ChannelsDemixed {
  readonly type: 'demixed';
}
