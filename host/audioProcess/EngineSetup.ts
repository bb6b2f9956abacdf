import { InputError } from '../../engine/core/errors.ts';
import type { Hertz } from '../../engine/core/units.ts';
import type { MixSettings } from '../../engine/realtime/MixSettings.ts';
import type { SeparatorParameters } from '../../engine/separator/parameters.ts';
import { LATENCY_MODE_SECONDS, type StftPlanOptions } from '../../engine/stft/StftPlan.ts';
import type { SpeakerSetRequest } from '../rpc/audioMessages.ts';
import type { EngineThread } from './EngineThread.ts';

/** Current mix, parameters and speaker set, with which the next engine starts. */
export class EngineSetup {
  mix: MixSettings;
  parameters: SeparatorParameters;
  /** The speaker set that was loaded last; null: none yet. */
  speakerSet: SpeakerSetRequest | null = null;
  private readonly sampleRateHertz: Hertz;
  private readonly hasVoiceChannels: boolean;

  /** @param hasVoiceChannels whether voices take their sound from channels of the input */
  constructor(
    start: { readonly mix: MixSettings; readonly parameters: SeparatorParameters },
    sampleRateHertz: Hertz,
    hasVoiceChannels = false,
  ) {
    this.mix = start.mix;
    this.parameters = start.parameters;
    this.sampleRateHertz = sampleRateHertz;
    this.hasVoiceChannels = hasVoiceChannels;
  }

  /** Window and hop of the loaded speaker set: the latency of a new engine equals that of its predecessor, so its output does not jump in time. */
  get plan(): StftPlanOptions {
    return this.speakerSet === null ? { sampleRateHertz: this.sampleRateHertz } : this.planOf(this.speakerSet);
  }

  /** @throws InputError for a latency below that of demixed channels */
  planOf({ latency, windowSeconds }: SpeakerSetRequest): StftPlanOptions {
    if (this.hasVoiceChannels && typeof latency === 'number' && latency < LATENCY_MODE_SECONDS.ear) {
      const least = 1000 * LATENCY_MODE_SECONDS.ear;
      throw new InputError(
        `latency must be at least ${least} ms while each voice has a channel (--per-channel), got ${1000 * latency} ms`,
      );
    }
    return { sampleRateHertz: this.sampleRateHertz, latency, ...(windowSeconds === null ? {} : { windowSeconds }) };
  }

  /**
   * Loads the speaker set that was loaded last into a new engine.
   * @returns one line for the user if that failed and the engine therefore plays the input alone; else null
   */
  async reloadSpeakers(engine: Pick<EngineThread, 'loadSpeakers'>): Promise<string | null> {
    const { speakerSet } = this;
    if (speakerSet === null) return null;
    try {
      await engine.loadSpeakers(speakerSet, this.planOf(speakerSet));
      return null;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return `the restarted engine could not load the speakers, so only the input is heard (${reason}); load them again`;
    }
  }
}
