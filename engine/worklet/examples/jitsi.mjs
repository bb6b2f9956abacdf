import { SeparatedVoice } from './SeparatedVoice.mjs';

/**
 * Stream effect for lib-jitsi-meet: the others hear one voice only. Jitsi starts effects without waiting, so the separator is made before.
 *
 *     const voice = await SeparatedVoice.create(context, { presets, processorUrl }, 0);
 *     await localAudioTrack.setEffect(new VoiceEffect(voice));
 */
export class VoiceEffect {
  /** @param {SeparatedVoice} voice */
  constructor(voice) {
    this.voice = voice;
  }

  /** @param {{ isAudioTrack(): boolean }} track of lib-jitsi-meet */
  isEnabled(track) {
    return track.isAudioTrack();
  }

  /** @param {MediaStream} microphone @returns {MediaStream} */
  startEffect(microphone) {
    this.voice.start(microphone);
    return this.voice.stream;
  }

  stopEffect() {
    this.voice.stop();
  }
}
