import type { Hertz, Samples } from '../core/units.ts';
import { ChannelSpectra } from './ChannelSpectra.ts';
import { DcBlocker } from './DcBlocker.ts';
import type { DemixingSlot } from './DemixingSlot.ts';
import { estimateDemixing } from './estimateDemixing.ts';
import { planLiveDemixing } from './liveDemixing.ts';
import { RecentFrames } from './RecentFrames.ts';

/** An estimate follows when there are twice as many frames of speech, or so many more: 5 s. */
const FRAMES_BETWEEN = 80;

/** Estimates, again and again, how to demix the channels of a live input from its latest speech. @thread worker */
export class DemixingEstimator {
  private readonly slot: DemixingSlot;
  private readonly blockers: readonly DcBlocker[];
  private readonly spectra: ChannelSpectra;
  private readonly frames: RecentFrames;
  /** Frames of speech at the latest estimate; null before the first. */
  private estimatedAt: number | null = null;

  /** @param voiced channels that belong to a voice, at least one */
  constructor(slot: DemixingSlot, voiced: readonly number[], sampleRateHertz: Hertz) {
    const { channels } = slot;
    const { estimation, bins } = planLiveDemixing(sampleRateHertz);
    this.slot = slot;
    this.blockers = Array.from({ length: channels }, () => new DcBlocker(sampleRateHertz));
    this.spectra = new ChannelSpectra(channels, estimation);
    this.frames = new RecentFrames(channels, voiced, bins, sampleRateHertz / estimation.windowSamples);
  }

  /** Whether there has been enough speech since the latest estimate for another one. */
  get isDue(): boolean {
    const { frames, estimatedAt } = this;
    if (estimatedAt === null) return frames.isSufficient;
    return frames.speechFrames >= estimatedAt + Math.min(estimatedAt, FRAMES_BETWEEN);
  }

  /** @param channels [channels] of the same length; overwritten */
  add(channels: readonly Float32Array[]): void {
    const length: Samples = channels[0]!.length;
    this.blockers.forEach((blocker, channel) => {
      blocker.process(channels[channel]!);
    });
    for (let offset = 0; offset < length; ) {
      const count = Math.min(length - offset, this.spectra.samplesUntilFrame);
      if (this.spectra.push(channels, offset, count)) this.frames.add(this.spectra.spectra);
      offset += count;
    }
  }

  /**
   * Estimates a demixing and writes it to the slot, in 0.1 s for two channels and some seconds for eight.
   * @returns false if the slot is still being read; then the next estimate is due immediately
   */
  update(): boolean {
    const isWritten = this.slot.write(estimateDemixing(this.frames));
    if (isWritten) this.estimatedAt = this.frames.speechFrames;
    return isWritten;
  }
}
