import type { Hertz, Samples, Seconds } from '../../engine/core/units.ts';
import type { TakeFile, TakeGap, TakeInterval, TakeLatency, TakeVoice } from '../protocol/takeFile.ts';

type Identity = Omit<TakeVoice, 'heard'>;

/** What happened in a take, and when. Positions are samples from its start, and never decrease. */
export class TakeTimeline {
  private readonly sampleRateHertz: Hertz;
  private readonly startTime: Date;
  private readonly files: TakeFile['files'];
  /** By id, in the order in which they were added. */
  private readonly voices = new Map<number, Identity & { readonly heard: TakeInterval[] }>();
  private readonly latencies: TakeLatency[] = [];
  private readonly gaps: TakeGap[] = [];
  /** null before the first frame. */
  private droppedSamples: Samples | null = null;
  private samples: Samples | null = null;
  private reason: string | null = null;

  constructor(sampleRateHertz: Hertz, startTime: Date, files: TakeFile['files']) {
    this.sampleRateHertz = sampleRateHertz;
    this.startTime = startTime;
    this.files = files;
  }

  get file(): TakeFile {
    const { sampleRateHertz, samples, reason } = this;
    return {
      format: 'unmingle-take',
      version: 1,
      state: samples === null ? 'recording' : reason === null ? 'complete' : 'broken-off',
      reason,
      startTime: this.startTime.toISOString(),
      sampleRateHertz,
      samples,
      seconds: samples === null ? null : this.seconds(samples),
      files: this.files,
      voices: [...this.voices.values()],
      latencies: this.latencies,
      gaps: this.gaps,
    };
  }

  addVoice(voice: Identity): void {
    this.voices.set(voice.id, { ...voice, heard: [] });
  }

  beginVoice(id: number, sample: Samples): void {
    const interval = { fromSample: sample, toSample: null, fromSeconds: this.seconds(sample), toSeconds: null };
    this.voices.get(id)?.heard.push(interval);
  }

  endVoice(id: number, sample: Samples): void {
    const heard = this.voices.get(id)?.heard;
    const interval = heard?.pop();
    if (interval !== undefined) heard?.push({ ...interval, toSample: sample, toSeconds: this.seconds(sample) });
  }

  setLatency(sample: Samples, latencySamples: Samples): void {
    if (this.latencies.at(-1)?.latencySamples === latencySamples) return;
    this.latencies.push({
      fromSample: sample,
      fromSeconds: this.seconds(sample),
      latencySamples,
      latencySeconds: this.seconds(latencySamples),
    });
  }

  /** @param droppedSamples since any fixed time before the take */
  setDropped(sample: Samples, droppedSamples: Samples): void {
    const missingSamples = droppedSamples - (this.droppedSamples ?? droppedSamples);
    this.droppedSamples = droppedSamples;
    if (missingSamples === 0) return;
    this.gaps.push({
      atSample: sample,
      atSeconds: this.seconds(sample),
      missingSamples,
      missingSeconds: this.seconds(missingSamples),
    });
  }

  /** @param reason why the take was broken off; null: it is complete */
  end(samples: Samples, reason: string | null): void {
    this.samples = samples;
    this.reason = reason;
  }

  private seconds(samples: Samples): Seconds {
    return samples / this.sampleRateHertz;
  }
}
