import { BehaviorSubject } from 'rxjs';
import type { Hertz, Seconds } from '../../engine/core/units.ts';
import {
  type ChunkPlan,
  chunkAt,
  chunkRange,
  chunkStart,
  type PlayAnchor,
  positionAt,
  wantedChunks,
} from './chunkSchedule.ts';
import { SoundChunks } from './SoundChunks.ts';

/** `loading`: it will play once the first chunks have arrived. */
export type PlayPhase = 'paused' | 'loading' | 'playing';

/** What is played: tracks of the same length, which start together. */
export interface PlayedTracks {
  readonly sampleRateHertz: Hertz;
  readonly totalSamples: number;
  readonly tracks: readonly number[];
  /** @returns [samples] */
  readonly load: (
    track: number,
    fromSample: number,
    samples: number,
    signal: AbortSignal,
  ) => Promise<Int16Array<ArrayBuffer>>;
}

/** Time between the decision to play and the first sample. */
const LEAD_SECONDS: Seconds = 0.08;
/** Sound has to be loaded this long before it is due; otherwise all tracks wait for it. */
const STALL_SECONDS: Seconds = 0.15;
const CHECK_MILLISECONDS = 100;
/** Time constant of gain changes, against clicks. */
const RAMP_SECONDS: Seconds = 0.008;

/**
 * Plays the tracks of a recording in sync, to the sample. Holds only the sound around the playhead. `phase$` is the state; `enter` is the
 * only function that changes it.
 */
export class TrackPlayer {
  readonly phase$ = new BehaviorSubject<PlayPhase>('paused');
  private readonly chunks: SoundChunks<AudioBuffer>;
  private readonly onProblem: (error: unknown) => void;
  private played: PlayedTracks | null = null;
  private context: AudioContext | null = null;
  private output: GainNode | null = null;
  private gains: ReadonlyMap<number, number> = new Map();
  private readonly gainNodes = new Map<number, GainNode>();
  private readonly sources = new Map<string, AudioBufferSourceNode>();
  /** Where it is, or will start; while it plays, `anchor` counts. */
  private heldSample = 0;
  private anchor: PlayAnchor | null = null;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(onProblem: (error: unknown) => void) {
    this.onProblem = onProblem;
    this.chunks = new SoundChunks(
      (track, chunk, signal) => this.loadChunk(track, chunk, signal),
      () => this.advance(),
      (error) => {
        // The first of several requests that fail together has already been reported.
        if (this.phase === 'paused') return;
        this.pause();
        onProblem(error);
      },
    );
  }

  /** The time that is heard now. */
  get positionSeconds(): Seconds {
    return this.played === null ? 0 : this.positionSample(this.latencySeconds) / this.played.sampleRateHertz;
  }

  get durationSeconds(): Seconds {
    return this.played === null ? 0 : this.played.totalSamples / this.played.sampleRateHertz;
  }

  /** Replaces the tracks of the recording; the playhead stays, and playing goes on. null: there is nothing to play. */
  setTracks(played: PlayedTracks | null): void {
    const { phase } = this;
    this.hold(this.positionSample());
    this.chunks.clear();
    for (const node of this.gainNodes.values()) node.disconnect();
    this.gainNodes.clear();
    if (this.context !== null && this.context.sampleRate !== played?.sampleRateHertz) {
      void this.context.close();
      this.context = null;
    }
    this.played = played;
    this.enter('paused');
    if (phase !== 'paused' && played !== null) void this.play();
  }

  /** @param gains linear, by track; a track that is not in it is silent */
  setGains(gains: ReadonlyMap<number, number>): void {
    this.gains = gains;
    for (const [track, { gain }] of this.gainNodes) {
      gain.setTargetAtTime(gains.get(track) ?? 0, this.context?.currentTime ?? 0, RAMP_SECONDS);
    }
  }

  /** Starts at the playhead; at the end of the recording, from its start. To be called on a user's action: browsers refuse sound otherwise. */
  async play(): Promise<void> {
    if (this.played === null || this.phase !== 'paused') return;
    if (this.heldSample >= this.played.totalSamples) this.heldSample = 0;
    try {
      this.context ??= this.openContext(this.played.sampleRateHertz);
      this.enter('loading');
      await this.context.resume();
      this.advance();
    } catch (error) {
      this.enter('paused');
      this.onProblem(error);
    }
  }

  pause(): void {
    this.hold(this.positionSample(this.latencySeconds));
    this.enter('paused');
  }

  toggle(): void {
    if (this.phase === 'paused') void this.play();
    else this.pause();
  }

  /** Moves the playhead; playing goes on there. */
  seek(seconds: Seconds): void {
    if (this.played === null) return;
    const { totalSamples, sampleRateHertz } = this.played;
    const isPlaying = this.phase !== 'paused';
    this.hold(Math.min(totalSamples, Math.max(0, Math.round(seconds * sampleRateHertz))));
    if (!isPlaying) return;
    this.enter('loading');
    this.advance();
  }

  close(): void {
    this.setTracks(null);
    void this.context?.close();
    this.context = null;
  }

  private get phase(): PlayPhase {
    return this.phase$.value;
  }

  private enter(phase: PlayPhase): void {
    clearInterval(this.timer);
    if (phase !== 'paused') this.timer = setInterval(() => this.advance(), CHECK_MILLISECONDS);
    if (phase !== this.phase) this.phase$.next(phase);
  }

  /** Time from the context's clock to the ear. */
  private get latencySeconds(): Seconds {
    return this.context?.outputLatency ?? 0;
  }

  private positionSample(latencySeconds: Seconds = 0): number {
    if (this.played === null || this.anchor === null || this.context === null) return this.heldSample;
    return positionAt(this.played, this.anchor, this.context.currentTime - latencySeconds);
  }

  /** Starts, continues or ends what is due now. */
  private advance(): void {
    const { played, context, chunks } = this;
    if (played === null || context === null || this.phase === 'paused') return;
    const position = this.positionSample();
    if (position >= played.totalSamples) {
      this.hold(played.totalSamples);
      this.enter('paused');
      return;
    }
    const wanted = wantedChunks(played, position);
    chunks.want(played.tracks, wanted);
    const soon = Math.min(played.totalSamples - 1, position + Math.round(STALL_SECONDS * played.sampleRateHertz));
    const isReady =
      chunks.has(played.tracks, chunkAt(played, position)) && chunks.has(played.tracks, chunkAt(played, soon));
    if (!isReady) {
      if (this.phase === 'loading') return;
      this.hold(position);
      this.enter('loading');
      return;
    }
    if (this.anchor === null) this.begin(context, played, position);
    for (const chunk of wanted) this.schedule(context, played, chunk);
  }

  private begin(context: AudioContext, { sampleRateHertz }: ChunkPlan, positionSample: number): void {
    const contextSeconds = Math.ceil((context.currentTime + LEAD_SECONDS) * sampleRateHertz) / sampleRateHertz;
    this.anchor = { positionSample, contextSeconds };
    this.output!.gain.setTargetAtTime(1, contextSeconds, RAMP_SECONDS);
    this.enter('playing');
  }

  private schedule(context: AudioContext, played: PlayedTracks, chunk: number): void {
    if (this.anchor === null || !this.chunks.has(played.tracks, chunk)) return;
    for (const track of played.tracks) {
      const key = `${track}/${chunk}`;
      if (this.sources.has(key)) continue;
      const start = chunkStart(played, this.anchor, chunk, context.currentTime);
      const buffer = this.chunks.get(track, chunk);
      if (start === null || buffer === null) continue;
      const source = new AudioBufferSourceNode(context, { buffer });
      source.connect(this.gainNode(context, track));
      source.onended = () => {
        source.disconnect();
        if (this.sources.get(key) === source) this.sources.delete(key);
      };
      source.start(start.contextSeconds, start.skippedSamples / played.sampleRateHertz);
      this.sources.set(key, source);
    }
  }

  /** Stops all sound, and remembers where. */
  private hold(sample: number): void {
    const { context } = this;
    this.heldSample = sample;
    this.anchor = null;
    if (context === null) return;
    this.output?.gain.cancelScheduledValues(context.currentTime);
    this.output?.gain.setTargetAtTime(0, context.currentTime, RAMP_SECONDS);
    for (const source of this.sources.values()) source.stop(context.currentTime + LEAD_SECONDS / 2);
    this.sources.clear();
  }

  private gainNode(context: AudioContext, track: number): GainNode {
    let node = this.gainNodes.get(track);
    if (node === undefined) {
      node = new GainNode(context, { gain: this.gains.get(track) ?? 0 });
      node.connect(this.output!);
      this.gainNodes.set(track, node);
    }
    return node;
  }

  /** At the recording's rate, so that chunks are not resampled one by one. @throws a DOMException if the browser does not support it */
  private openContext(sampleRate: Hertz): AudioContext {
    const context = new AudioContext({ sampleRate, latencyHint: 'playback' });
    this.output = new GainNode(context, { gain: 0 });
    this.output.connect(context.destination);
    return context;
  }

  private async loadChunk(track: number, chunk: number, signal: AbortSignal): Promise<AudioBuffer> {
    const { sampleRateHertz, load, totalSamples } = this.played!;
    const { fromSample, samples } = chunkRange({ sampleRateHertz, totalSamples }, chunk);
    const integers = await load(track, fromSample, samples, signal);
    const buffer = new AudioBuffer({ length: samples, sampleRate: sampleRateHertz });
    const values = buffer.getChannelData(0);
    for (let index = 0; index < samples; index++) values[index] = integers[index]! / 32_768;
    return buffer;
  }
}
