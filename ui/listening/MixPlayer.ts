import type { Hertz, Seconds } from '../../engine/core/units.ts';
import type { SoundFrame } from '../../host/protocol/soundFrame.ts';
import { PlayoutSchedule } from './PlayoutSchedule.ts';

/** Ramp at the beginning of sound that follows a gap, against a click. */
const RAMP_SECONDS: Seconds = 0.005;

/** Plays sound frames of one sample rate as they arrive. */
export class MixPlayer {
  readonly sampleRateHertz: Hertz;
  private readonly context: AudioContext;
  private readonly schedule = new PlayoutSchedule();
  private frameSeconds: Seconds = 0;

  /** A browser allows sound only after a click: the first player of a page has to be created in its handler. */
  constructor(sampleRateHertz: Hertz) {
    this.sampleRateHertz = sampleRateHertz;
    this.context = contextAt(sampleRateHertz);
    void this.context.resume();
  }

  /** Time from the arrival of a frame's pictures to its sound at the ear. */
  get delaySeconds(): Seconds {
    const { context, frameSeconds } = this;
    // Firefox and Safari report no output latency in some versions.
    const outputSeconds = context.outputLatency || context.baseLatency || 0;
    return this.schedule.delaySeconds(context.currentTime) + frameSeconds / 2 + outputSeconds;
  }

  /** @returns whether the browser plays sound */
  play({ samples, sampleRateHertz }: SoundFrame): boolean {
    const { context } = this;
    if (context.state !== 'running' || samples.length === 0) return false;
    this.frameSeconds = samples.length / sampleRateHertz;
    const placement = this.schedule.place(context.currentTime, this.frameSeconds);
    if (placement === null) return true;
    if (placement.isRestart) rampUp(samples, sampleRateHertz);
    const buffer = context.createBuffer(1, samples.length, sampleRateHertz);
    buffer.copyToChannel(samples, 0);
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(context.destination);
    source.start(placement.startSeconds);
    return true;
  }

  async close(): Promise<void> {
    await this.context.close();
  }
}

/** At the rate of the frames, adjacent ones join to the sample. */
function contextAt(sampleRate: Hertz): AudioContext {
  try {
    return new AudioContext({ sampleRate, latencyHint: 'interactive' });
  } catch {
    return new AudioContext({ latencyHint: 'interactive' });
  }
}

function rampUp(samples: Float32Array, sampleRateHertz: Hertz): void {
  const length = Math.min(samples.length, Math.round(RAMP_SECONDS * sampleRateHertz));
  for (let n = 0; n < length; n++) samples[n] = (samples[n]! * n) / length;
}
