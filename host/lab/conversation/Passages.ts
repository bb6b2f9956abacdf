import type { Hertz, Samples, Seconds } from '../../../engine/core/units.ts';
import type { SpeechActivity } from './speechActivity.ts';

/** Samples from `start` up to `end`. */
export interface Passage {
  readonly start: Samples;
  readonly end: Samples;
}

/** Passages end this long before and begin this long after a change of who speaks. */
const MARGIN_SECONDS: Seconds = 0.05;
/** A listener recognises a clipped onset within the first syllable's consonant. */
const ONSET_SECONDS: Seconds = 0.06;
/** An onset follows at least this much silence of the same voice. */
const SILENCE_BEFORE_ONSET_SECONDS: Seconds = 0.3;

/** Cuts a conversation into passages by who really speaks. */
export class Passages {
  private readonly activity: SpeechActivity;
  private readonly sampleRateHertz: Hertz;
  /** [frames] number of voices that speak */
  private readonly talkers: Uint8Array;

  constructor(activity: SpeechActivity, sampleRateHertz: Hertz) {
    this.activity = activity;
    this.sampleRateHertz = sampleRateHertz;
    this.talkers = new Uint8Array(activity.frames);
    for (const flags of activity.isActive) {
      for (const [frame, flag] of flags.entries()) this.talkers[frame] = (this.talkers[frame] ?? 0) + flag;
    }
  }

  /** Where this voice speaks and no other. */
  solo(speaker: number): readonly Passage[] {
    return this.where((frame) => this.speaks(speaker, frame) && this.talkers[frame] === 1);
  }

  /** Where this voice and at least one other speak. */
  overlap(speaker: number): readonly Passage[] {
    return this.where((frame) => this.speaks(speaker, frame) && this.talkersIn(frame) > 1);
  }

  /** Where at least two voices speak. */
  anyOverlap(): readonly Passage[] {
    return this.where((frame) => this.talkersIn(frame) > 1);
  }

  /** Where no voice speaks. */
  silence(): readonly Passage[] {
    return this.where((frame) => this.talkersIn(frame) === 0);
  }

  /** The first 60 ms of this voice after at least 300 ms of its silence. */
  onsets(speaker: number): readonly Passage[] {
    const { frames, frameSamples, hangoverFrames } = this.activity;
    const onsetFrames = this.framesOf(ONSET_SECONDS);
    const silentFrames = this.framesOf(SILENCE_BEFORE_ONSET_SECONDS);
    const onsets: Passage[] = [];
    let silent = silentFrames;
    for (let frame = 0; frame + hangoverFrames + onsetFrames <= frames; frame++) {
      if (!this.speaks(speaker, frame)) {
        silent++;
        continue;
      }
      if (silent >= silentFrames) {
        // Activity begins a hangover before the voice does.
        const first = frame + hangoverFrames;
        onsets.push({ start: first * frameSamples, end: (first + onsetFrames) * frameSamples });
      }
      silent = 0;
    }
    return onsets;
  }

  private speaks(speaker: number, frame: number): boolean {
    return this.activity.isActive[speaker]?.[frame] === 1;
  }

  private talkersIn(frame: number): number {
    return this.talkers[frame] ?? 0;
  }

  private framesOf(seconds: Seconds): number {
    return Math.round((seconds * this.sampleRateHertz) / this.activity.frameSamples);
  }

  /** @returns the runs of frames for which `holds`, shortened by the margin at both ends */
  private where(holds: (frame: number) => boolean): readonly Passage[] {
    const { frames, frameSamples } = this.activity;
    const margin = this.framesOf(MARGIN_SECONDS);
    const passages: Passage[] = [];
    let first: number | null = null;
    for (let frame = 0; frame <= frames; frame++) {
      if (frame < frames && holds(frame)) {
        first ??= frame;
        continue;
      }
      if (first !== null && frame - first > 2 * margin) {
        passages.push({ start: (first + margin) * frameSamples, end: (frame - margin) * frameSamples });
      }
      first = null;
    }
    return passages;
  }
}

export function lengthOf({ start, end }: Passage): Samples {
  return end - start;
}
