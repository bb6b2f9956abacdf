import { SeparatedVoice } from './SeparatedVoice.mjs';

/**
 * Track processor for LiveKit (`TrackProcessor<Track.Kind.Audio>` of livekit-client): the others hear one voice only.
 *
 *     const track = await createLocalAudioTrack(UNPROCESSED);
 *     await track.setProcessor(new VoiceProcessor({ presets, processorUrl }, 0));
 */
export class VoiceProcessor {
  name = 'unmingle';
  /** @type {MediaStreamTrack | undefined} */
  processedTrack;
  /** @type {SeparatedVoice | null} */
  voice = null;

  /**
   * @param {import('unmingle/worklet').SeparatorNodeOptions} speakers
   * @param {number | 'rest'} chosen which of them the others hear
   */
  constructor(speakers, chosen) {
    this.speakers = speakers;
    this.chosen = chosen;
  }

  /** @param {{ readonly track: MediaStreamTrack, readonly audioContext: AudioContext }} options */
  async init({ track, audioContext }) {
    this.voice = await SeparatedVoice.create(audioContext, this.speakers, this.chosen);
    this.voice.start(new MediaStream([track]));
    this.processedTrack = this.voice.track;
  }

  /** Called with another track when the user has chosen another microphone. @param {{ readonly track: MediaStreamTrack, readonly audioContext: AudioContext }} options */
  async restart(options) {
    await this.destroy();
    await this.init(options);
  }

  async destroy() {
    this.voice?.close();
    this.voice = null;
    this.processedTrack = undefined;
  }
}
