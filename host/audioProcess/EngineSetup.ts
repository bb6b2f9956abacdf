import type { Hertz } from '../../engine/core/units.ts';
import type { MixSettings } from '../../engine/realtime/MixSettings.ts';
import type { SeparatorParameters } from '../../engine/separator/parameters.ts';
import type { StftPlanOptions } from '../../engine/stft/StftPlan.ts';
import type { SpeakerSetRequest } from '../rpc/audioMessages.ts';

/** Mix, parameters and speaker set as they were set last: what the next engine starts with. */
export class EngineSetup {
  mix: MixSettings;
  parameters: SeparatorParameters;
  /** The speaker set that was loaded last; null: none yet. */
  speakerSet: SpeakerSetRequest | null = null;
  private readonly sampleRateHertz: Hertz;

  constructor(start: { readonly mix: MixSettings; readonly parameters: SeparatorParameters }, sampleRateHertz: Hertz) {
    this.mix = start.mix;
    this.parameters = start.parameters;
    this.sampleRateHertz = sampleRateHertz;
  }

  /** Of the loaded speaker set: the latency of a new engine equals that of its predecessor, so its output does not jump in time. */
  get plan(): StftPlanOptions {
    return this.speakerSet === null ? { sampleRateHertz: this.sampleRateHertz } : this.planOf(this.speakerSet);
  }

  planOf({ latency, windowSeconds }: SpeakerSetRequest): StftPlanOptions {
    return { sampleRateHertz: this.sampleRateHertz, latency, ...(windowSeconds === null ? {} : { windowSeconds }) };
  }
}
