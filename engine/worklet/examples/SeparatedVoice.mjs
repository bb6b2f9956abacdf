import { SeparatorNode } from 'unmingle/worklet';

/**
 * One voice of a microphone, as a MediaStream for WebRTC, a MediaRecorder or an audio element.
 *
 *     const microphone = await navigator.mediaDevices.getUserMedia({ audio: UNPROCESSED });
 *     const voice = await SeparatedVoice.create(context, { presets, processorUrl }, 0);
 *     voice.start(microphone);
 *     connection.addTrack(voice.track, voice.stream);
 */
export class SeparatedVoice {
  /**
   * @param {AudioContext} context resumed by the page once its user has clicked
   * @param {import('unmingle/worklet').SeparatorNodeOptions} options presets of all who can be heard
   * @param {number | 'rest'} voice which of them is let through, by its index among the presets
   */
  static async create(context, options, voice) {
    return new SeparatedVoice(context, await SeparatorNode.create(context, options), voice);
  }

  /**
   * @param {AudioContext} context
   * @param {SeparatorNode} separator
   * @param {number | 'rest'} voice
   */
  constructor(context, separator, voice) {
    this.context = context;
    this.separator = separator;
    this.destination = context.createMediaStreamDestination();
    /** @type {MediaStreamAudioSourceNode | null} */
    this.source = null;
    separator.connect(this.destination, voice);
  }

  /** The separated voice, the same stream for as long as this exists. */
  get stream() {
    return this.destination.stream;
  }

  get track() {
    const [track] = this.stream.getAudioTracks();
    if (track === undefined) throw new Error('the destination of an AudioContext has one track');
    return track;
  }

  /** Separates this stream from now on, instead of the one before. @param {MediaStream} microphone */
  start(microphone) {
    this.stop();
    this.source = this.context.createMediaStreamSource(microphone);
    this.source.connect(this.separator.node);
  }

  /** Stops listening; the voice is silent until `start`. */
  stop() {
    this.source?.disconnect();
    this.source = null;
  }

  close() {
    this.stop();
    this.separator.close();
    this.track.stop();
  }
}

/** For `getUserMedia`: what browsers do to voices in calls would change the sound that presets were trained on. */
export const UNPROCESSED = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
