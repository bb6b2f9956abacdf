import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { WebSocket } from 'ws';
import type { Random } from '../../engine/core/Random.ts';
import { PARAMETERS } from '../../engine/separator/parameters.ts';
import { DEMO_SPEAKERS } from '../../host/files/demoFiles.ts';
import type { ControlMessage } from '../../host/protocol/controlMessages.ts';
import type { LiveProgram } from '../host/LiveProgram.ts';

/** The speakers that run by default. */
export const START_PRESETS = DEMO_SPEAKERS;
const MODES = ['ear', 'monitor', 'call', 'studio'] as const;
const MAXIMUM_PANELS = 6;
const KEPT_TAKES = 2;

/** Random user: moves faders, changes presets, windows and recordings, opens and closes panels. */
export class RandomPanelUser {
  readonly counts: Record<string, number> = {};
  private readonly live: LiveProgram;
  private readonly random: Random;
  private readonly presets: readonly string[];
  private readonly takes: string;
  private readonly panels = new Set<WebSocket>();
  /** Number of loaded speakers, as far as this user knows. */
  private speakers: number = START_PRESETS.length;
  /** The session is started with `--record`. */
  private isRecording = true;

  constructor(live: LiveProgram, random: Random, presets: readonly string[], takes: string) {
    this.live = live;
    this.random = random;
    this.presets = presets;
    this.takes = takes;
  }

  /** Performs one random action. */
  async act(): Promise<void> {
    const { random } = this;
    const actions: readonly (readonly [number, string, () => Promise<void>])[] = [
      [40, 'faders', () => this.turnFader()],
      [10, 'parameters', () => this.turnParameters()],
      [8, 'presets swapped', () => this.swapPreset()],
      [2, 'speakers added or removed', () => this.addOrRemove()],
      [3, 'windows', () => this.control({ type: 'setWindow', latency: MODES[random.integer(MODES.length)]! })],
      [6, 'panels opened or closed', () => this.openOrClosePanel()],
      [1, 'recordings started or stopped', () => this.record()],
      [1, 'messages refused', () => this.control({ type: 'unloadPreset', slot: 7 })],
    ];
    const total = actions.reduce((sum, [weight]) => sum + weight, 0);
    let choice = random.uniform() * total;
    for (const [weight, name, act] of actions) {
      choice -= weight;
      if (choice >= 0) continue;
      await act();
      this.counts[name] = (this.counts[name] ?? 0) + 1;
      return;
    }
  }

  /** Restores the settings of the start, so that rests can be compared with each other. */
  async rest(): Promise<void> {
    for (const panel of this.panels) panel.terminate();
    this.panels.clear();
    if (this.isRecording) await this.record();
    while (this.speakers > START_PRESETS.length) await this.control({ type: 'unloadPreset', slot: --this.speakers });
    while (this.speakers < START_PRESETS.length)
      await this.control({ type: 'loadPreset', slot: this.speakers, preset: START_PRESETS[this.speakers++]! });
    for (const [slot, preset] of START_PRESETS.entries()) await this.control({ type: 'loadPreset', slot, preset });
    await this.control({ type: 'setWindow', latency: 'monitor' });
    await this.control({
      type: 'setParameters',
      iterations: PARAMETERS.iterations.default,
      maskExponent: PARAMETERS.maskExponent.default,
      rest: PARAMETERS.rest.default,
    });
  }

  private control(message: ControlMessage): Promise<void> {
    return this.live.control(message);
  }

  private turnFader(): Promise<void> {
    const { random } = this;
    const gainDecibels = random.between(-30, 6);
    const choice = random.integer(6);
    const slot = random.integer(this.speakers);
    if (choice === 0) return this.control({ type: 'setSpeaker', slot, isMuted: random.uniform() < 0.3 });
    if (choice === 1) return this.control({ type: 'setSpeaker', slot, isSoloed: random.uniform() < 0.3 });
    if (choice === 2) return this.control({ type: 'setRest', gainDecibels });
    if (choice === 3)
      return this.control({ type: 'setMaster', wet: random.uniform(), isBypassed: random.uniform() < 0.2 });
    return this.control({ type: 'setSpeaker', slot, gainDecibels });
  }

  private turnParameters(): Promise<void> {
    const { random } = this;
    return this.control({
      type: 'setParameters',
      iterations: 1 + random.integer(16),
      maskExponent: random.between(0.5, 4),
      rest: random.uniform(),
    });
  }

  private swapPreset(): Promise<void> {
    return this.control({
      type: 'loadPreset',
      slot: this.random.integer(this.speakers),
      preset: this.presets[this.random.integer(this.presets.length)]!,
    });
  }

  private async addOrRemove(): Promise<void> {
    const isMore = this.speakers < 2 || (this.speakers < 4 && this.random.uniform() < 0.5);
    if (isMore) await this.control({ type: 'loadPreset', slot: this.speakers++, preset: this.presets[0]! });
    else await this.control({ type: 'unloadPreset', slot: --this.speakers });
  }

  /** Half of the closed panels are terminated without a closing handshake. */
  private async openOrClosePanel(): Promise<void> {
    const { panels, random } = this;
    const [oldest] = panels;
    if (oldest !== undefined && (panels.size >= MAXIMUM_PANELS || random.uniform() < 0.5)) {
      panels.delete(oldest);
      if (random.uniform() < 0.5) oldest.terminate();
      else oldest.close();
      return;
    }
    const panel = await this.live.connect();
    panel.on('error', () => {});
    panels.add(panel);
  }

  private async record(): Promise<void> {
    this.isRecording = !this.isRecording;
    await this.control({ type: this.isRecording ? 'startRecording' : 'stopRecording' });
    if (this.isRecording) return;
    const takes = (await readdir(this.takes).catch(() => [])).toSorted();
    for (const take of takes.slice(0, -KEPT_TAKES)) await rm(join(this.takes, take), { recursive: true, force: true });
  }
}
