import { BehaviorSubject } from 'rxjs';
import { InputError } from '../../../engine/core/errors.ts';
import { MAXIMUM_SPEAKERS } from '../../../engine/core/limits.ts';
import type { Decibels } from '../../../engine/core/units.ts';
import { adaptationRecipe } from '../../../engine/model/adaptationRecipe.ts';
import { type JointAdaptation, parseAdaptation } from '../../../engine/model/JointAdaptation.ts';
import type { Preset } from '../../../engine/model/Preset.ts';
import type { LatencyMode } from '../../../engine/stft/StftPlan.ts';
import type { Strip } from '../../../host/protocol/LiveState.ts';
import { UNITY_STRIP } from '../../recording/trackGains.ts';
import { currentTexts } from '../../texts/useTexts.ts';
import type { BundledFiles } from '../storage/BundledFiles.ts';
import type { KeptVoices } from '../storage/KeptVoices.ts';
import { WorkThread } from '../work/WorkThread.ts';
import { LiveGraph, type LiveSource } from './LiveGraph.ts';

/** A voice that can be loaded. */
export interface LiveVoice {
  readonly parsed: Preset;
  readonly preset: string;
  readonly evidence: string | null;
}

export interface LoadedVoice extends LiveVoice {
  readonly strip: Strip;
}

export type AdaptationPhase = 'none' | 'learning' | 'adapted' | 'impossible';

export interface LiveState {
  readonly phase: 'off' | 'opening' | 'running';
  /** null: off */
  readonly source: LiveSource['type'] | null;
  /** In the order of the separator's outputs. */
  readonly voices: readonly LoadedVoice[];
  readonly rest: Strip;
  readonly isHeard: boolean;
  readonly latency: LatencyMode;
  readonly adaptation: AdaptationPhase;
  /** Of learning the adaptation, 0 to 1. */
  readonly progress: number;
}

const INITIAL: LiveState = {
  phase: 'off',
  source: null,
  voices: [],
  rest: { ...UNITY_STRIP, isMuted: true },
  isHeard: false,
  latency: 'monitor',
  adaptation: 'none',
  progress: 0,
};

/**
 * Live separation in this page: off, opening or running. The only owner of its audio graph. Voices are separated at once, and better as soon
 * as they are adapted to each other, which is learnt once for each set of voices and kept.
 */
export class LiveSeparation {
  readonly state$ = new BehaviorSubject<LiveState>(INITIAL);
  private readonly kept: KeptVoices;
  private readonly bundled: BundledFiles;
  private readonly onProblem: (error: unknown) => void;
  private readonly thread = new WorkThread();
  private graph: LiveGraph | null = null;
  /** Counts starts and stops: what opens after a later one is closed. */
  private starts = 0;
  /** Of learning an adaptation. */
  private abortion = new AbortController();

  constructor(kept: KeptVoices, bundled: BundledFiles, onProblem: (error: unknown) => void) {
    this.kept = kept;
    this.bundled = bundled;
    this.onProblem = onProblem;
  }

  /** Opens the source. To be called on a user's action: browsers refuse sound otherwise. */
  async start(source: LiveSource): Promise<void> {
    if (this.state.voices.length === 0) throw new InputError(currentTexts().web.chooseVoices);
    this.stop();
    const start = this.starts;
    // The demo is there to be heard; a microphone may howl.
    this.change({ phase: 'opening', source: source.type, isHeard: source.type === 'demo' });
    const onEnded = (error: Error | null) => this.ended(start, error);
    const opening = this.keptAdaptation().then((kept) => LiveGraph.open(source, this.speakers(kept), onEnded));
    const graph = await opening.catch((error: unknown) => {
      if (start === this.starts) this.stop();
      throw error;
    });
    if (start !== this.starts) return graph.close();
    this.graph = graph;
    this.change({ phase: 'running' });
    await this.adapt();
  }

  stop(): void {
    this.starts++;
    this.abortion.abort();
    void this.graph?.close();
    this.graph = null;
    this.change({ phase: 'off', source: null, adaptation: 'none', progress: 0 });
  }

  /** Loads or unloads a voice. @throws InputError if there are too many; as SeparatorNode.loadPresets */
  async toggle(voice: LiveVoice): Promise<void> {
    const { voices } = this.state;
    const others = voices.filter(({ parsed }) => parsed.name !== voice.parsed.name);
    if (others.length === MAXIMUM_SPEAKERS) throw new InputError(currentTexts().web.mostVoices(MAXIMUM_SPEAKERS));
    const next = others.length < voices.length ? others : [...voices, { ...voice, strip: UNITY_STRIP }];
    this.change({ voices: next });
    if (next.length === 0) this.stop();
    else await this.reload();
  }

  async setLatency(latency: LatencyMode): Promise<void> {
    this.change({ latency });
    await this.reload();
  }

  /** @param index of the voice; null: the rest */
  setStrip(index: number | null, strip: Strip): void {
    const { voices } = this.state;
    this.change(
      index === null
        ? { rest: strip }
        : { voices: voices.map((voice, each) => (each === index ? { ...voice, strip } : voice)) },
    );
  }

  setHeard(isHeard: boolean): void {
    this.change({ isHeard });
  }

  /** @param index of the voice; null: the rest @returns null while it is off */
  level(index: number | null): Decibels | null {
    return this.graph?.level(index) ?? null;
  }

  get latencySeconds() {
    return this.graph?.latencySeconds ?? null;
  }

  private get state(): LiveState {
    return this.state$.value;
  }

  private change(part: Partial<LiveState>): void {
    const next = { ...this.state, ...part };
    this.graph?.mix(
      next.voices.map(({ strip }) => strip),
      next.rest,
      next.isHeard,
    );
    this.state$.next(next);
  }

  private ended(start: number, error: Error | null): void {
    if (start !== this.starts) return;
    this.stop();
    this.onProblem(error ?? currentTexts().web.microphoneGone);
  }

  private speakers(adaptation: JointAdaptation | null) {
    const { voices, latency } = this.state;
    const presets = voices.map(({ parsed }) => parsed);
    return { presets, latency, ...(adaptation === null ? {} : { adaptation }) };
  }

  private async reload(): Promise<void> {
    const { graph } = this;
    if (graph === null) return;
    this.abortion.abort();
    await graph.load(this.speakers(await this.keptAdaptation()));
    await this.adapt();
  }

  /** @returns the adaptation of the loaded voices, of this browser or bundled; null: there is none yet */
  private async keptAdaptation(): Promise<JointAdaptation | null> {
    const recipe = adaptationRecipe(this.state.voices.map(({ parsed }) => parsed));
    if (recipe === null) return null;
    const isBundled = (await this.bundled.listing()).adaptations.includes(recipe.key);
    const text = isBundled ? await this.bundled.adaptation(recipe.key) : await this.kept.adaptation(recipe.key);
    return text === null ? null : parseAdaptation(text, recipe.key);
  }

  /** Learns the adaptation of the loaded voices unless there is one, and loads it. */
  private async adapt(): Promise<void> {
    const { voices } = this.state;
    const recipe = adaptationRecipe(voices.map(({ parsed }) => parsed));
    if (recipe === null) return this.change({ adaptation: 'none' });
    if ((await this.keptAdaptation()) !== null) return this.change({ adaptation: 'adapted' });
    const speakers = voices.flatMap(({ preset, evidence }) => (evidence === null ? [] : [{ preset, evidence }]));
    if (speakers.length < voices.length) return this.change({ adaptation: 'impossible' });
    const abortion = new AbortController();
    this.abortion = abortion;
    this.change({ adaptation: 'learning', progress: 0 });
    const onProgress = ({ fraction }: { readonly fraction: number }) => {
      if (!abortion.signal.aborted) this.change({ progress: fraction });
    };
    try {
      const text = await this.thread.call('adapt', { speakers }, { signal: abortion.signal, onProgress });
      await this.kept.keepAdaptation(recipe.key, text);
      if (abortion.signal.aborted) return;
      await this.graph?.load(this.speakers(parseAdaptation(text, recipe.key)));
      this.change({ adaptation: 'adapted' });
    } catch (error) {
      if (!abortion.signal.aborted) {
        this.change({ adaptation: 'none' });
        throw error;
      }
    }
  }
}
