import { encodePcm16 } from '../../engine/core/pcm16.ts';
import type { Hertz, Samples } from '../../engine/core/units.ts';
import { isSameName } from '../../engine/model/PresetName.ts';
import { TAP_CHANNELS, TAP_FIRST_SPEAKER } from '../../engine/realtime/tapChannels.ts';
import { Resampler } from '../audio/Resampler.ts';
import type { VoiceStreamFormat } from '../protocol/voiceStreamFormat.ts';
import type { LoadedVoice, RecordingFigures } from '../rpc/takeMessages.ts';
import type { TapBlock } from './TapBlock.ts';

/**
 * One voice as raw PCM for another program: 16-bit little-endian integers, mono. It is silent while no voice of that name is loaded, and
 * independent of the faders.
 * @thread worker
 */
export class VoiceStream {
  private readonly format: VoiceStreamFormat;
  private readonly resampler: Resampler;
  private readonly onSound: (pcm: Uint8Array) => void;
  /** Voices of that name: one that is unloaded and loaded again has another id. */
  private readonly ids = new Set<number>();
  private samples: Samples = 0;
  private bytes = 0;

  private constructor(format: VoiceStreamFormat, resampler: Resampler, onSound: (pcm: Uint8Array) => void) {
    this.format = format;
    this.resampler = resampler;
    this.onSound = onSound;
  }

  /** @param voices loaded voices @param sampleRateHertz of the tap */
  static async create(
    format: VoiceStreamFormat,
    voices: readonly LoadedVoice[],
    sampleRateHertz: Hertz,
    onSound: (pcm: Uint8Array) => void,
  ): Promise<VoiceStream> {
    const resampler = await Resampler.create(sampleRateHertz, format.rateHertz);
    const stream = new VoiceStream(format, resampler, onSound);
    stream.nameVoices(voices);
    return stream;
  }

  get figures(): RecordingFigures {
    return { samples: this.samples, bytes: this.bytes };
  }

  /** Names voices before they are heard. */
  nameVoices(voices: readonly LoadedVoice[]): void {
    for (const { id, name } of voices) if (isSameName(name, this.format.voice)) this.ids.add(id);
  }

  async append({ frames, first, count, state }: TapBlock): Promise<void> {
    const output = state.voices.findIndex((id) => this.ids.has(id));
    const samples = new Float32Array(count);
    if (output >= 0) {
      for (let n = 0; n < count; n++) samples[n] = frames[(first + n) * TAP_CHANNELS + TAP_FIRST_SPEAKER + output]!;
    }
    this.samples += count;
    this.send(this.resampler.process(samples));
  }

  async close(): Promise<void> {
    this.send(this.resampler.flush());
    this.resampler.close();
  }

  private send(samples: Float32Array): void {
    if (samples.length === 0) return;
    const { bytes } = encodePcm16(samples);
    this.bytes += bytes.length;
    this.onSound(bytes);
  }
}
