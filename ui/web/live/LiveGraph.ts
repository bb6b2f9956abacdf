import { MAXIMUM_SPEAKERS } from '../../../engine/core/limits.ts';
import { amplitudeToDecibels, type Decibels, decibelsToAmplitude, type Seconds } from '../../../engine/core/units.ts';
import { SeparatorNode, type SeparatorSpeakers } from '../../../engine/worklet/index.ts';
import type { Strip } from '../../../host/protocol/LiveState.ts';
import { closeMicrophone, openMicrophone } from './microphone.ts';

export type LiveSource = { readonly type: 'microphone' } | { readonly type: 'demo'; readonly file: Blob };

/** Time constant of gain changes, against clicks. */
const RAMP_SECONDS: Seconds = 0.01;
const QUIETEST_AMPLITUDE = 1e-6;

/** The audio graph of live separation: source, separator, a fader and a meter for each voice and the rest, and the output. */
export class LiveGraph {
  private readonly context: AudioContext;
  private readonly media: MediaStream | null;
  private readonly separator: SeparatorNode;
  private readonly faders: readonly GainNode[];
  private readonly meters: readonly AnalyserNode[];
  private readonly output: GainNode;
  private readonly samples = new Float32Array(2048);

  private constructor(context: AudioContext, media: MediaStream | null, separator: SeparatorNode) {
    this.context = context;
    this.media = media;
    this.separator = separator;
    this.output = new GainNode(context, { gain: 0 });
    this.output.connect(context.destination);
    this.faders = Array.from({ length: MAXIMUM_SPEAKERS + 1 }, () => new GainNode(context));
    this.meters = this.faders.map((fader, voice) => {
      const meter = new AnalyserNode(context, { fftSize: this.samples.length });
      separator.connect(fader, voice < MAXIMUM_SPEAKERS ? voice : 'rest');
      fader.connect(meter).connect(this.output);
      return meter;
    });
  }

  /**
   * Opens the source and the separator. On failure, closes everything it has opened and rejects.
   * @param onEnded called with null if the microphone is disconnected, with the error if the separator fails
   */
  static async open(
    source: LiveSource,
    speakers: SeparatorSpeakers,
    onEnded: (error: Error | null) => void,
  ): Promise<LiveGraph> {
    const media = source.type === 'microphone' ? await openMicrophone() : null;
    const context = new AudioContext({ latencyHint: 'interactive' });
    try {
      const separator = await SeparatorNode.create(context, {
        ...speakers,
        maximumSpeakers: MAXIMUM_SPEAKERS,
        processorUrl: new URL('./separator-processor.js', location.href),
        onError: onEnded,
      });
      const graph = new LiveGraph(context, media, separator);
      for (const track of media?.getTracks() ?? []) track.addEventListener('ended', () => onEnded(null));
      const node = media === null ? await looped(context, source) : context.createMediaStreamSource(media);
      node.connect(separator.node);
      await context.resume();
      return graph;
    } catch (error) {
      closeMicrophone(media);
      await context.close();
      throw error;
    }
  }

  /** Of the separation, and of the browser. */
  get latencySeconds(): { readonly separation: Seconds; readonly browser: Seconds } {
    const { baseLatency, outputLatency = 0 } = this.context;
    return { separation: this.separator.latencySeconds, browser: baseLatency + outputLatency };
  }

  /** @throws as SeparatorNode.loadPresets */
  load(speakers: SeparatorSpeakers): Promise<void> {
    return this.separator.loadPresets(speakers);
  }

  /** @param strips of the voices @param rest strip of the rest @param isHeard whether they are played */
  mix(strips: readonly Strip[], rest: Strip, isHeard: boolean): void {
    const isAnySoloed = [...strips, rest].some(({ isSoloed }) => isSoloed);
    for (const [index, fader] of this.faders.entries()) {
      const strip = index === MAXIMUM_SPEAKERS ? rest : strips[index];
      const isAudible = strip !== undefined && !strip.isMuted && (strip.isSoloed || !isAnySoloed);
      this.ramp(fader, isAudible ? decibelsToAmplitude(strip.gainDecibels) : 0);
    }
    this.ramp(this.output, isHeard ? 1 : 0);
  }

  /** Level after the fader, of the latest 2048 samples. @param voice index of the voice; null: the rest */
  level(voice: number | null): Decibels {
    this.meters[voice ?? MAXIMUM_SPEAKERS]!.getFloatTimeDomainData(this.samples);
    let power = 0;
    for (const sample of this.samples) power += sample * sample;
    return amplitudeToDecibels(Math.max(QUIETEST_AMPLITUDE, Math.sqrt(power / this.samples.length)));
  }

  async close(): Promise<void> {
    closeMicrophone(this.media);
    this.separator.close();
    await this.context.close();
  }

  private ramp({ gain }: GainNode, value: number): void {
    gain.setTargetAtTime(value, this.context.currentTime, RAMP_SECONDS);
  }
}

async function looped(context: AudioContext, source: LiveSource): Promise<AudioNode> {
  const node = context.createBufferSource();
  if (source.type === 'demo') node.buffer = await context.decodeAudioData(await source.file.arrayBuffer());
  node.loop = true;
  node.start();
  return node;
}
