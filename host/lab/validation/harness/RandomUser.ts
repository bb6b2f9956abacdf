import type { Random } from '../../../../engine/core/Random.ts';
import type { Hertz, Samples } from '../../../../engine/core/units.ts';
import type { SpeakerSet } from '../../../../engine/model/SpeakerSet.ts';
import { packSpeakerSet } from '../../../../engine/separator/packSpeakerSet.ts';
import { PARAMETERS, resolveParameters, type SeparatorParameters } from '../../../../engine/separator/parameters.ts';
import type { Plugin } from './Plugin.ts';
import { randomSpeakerSet } from './randomSpeakerSet.ts';
import { LARGEST_BLOCK_SAMPLES } from './TestBench.ts';

/** More iterations take longer and find nothing new. */
const MOST_ITERATIONS = 16;
const TURN_PROBABILITY = 0.3;
const SWAP_PROBABILITY = 0.06;
const MOST_SWAPS = 5;

/** Changes all settings of a plugin at random and records their values. */
export class RandomUser {
  parameters: SeparatorParameters = resolveParameters();
  /** All speaker sets loaded so far, the newest last. */
  readonly speakerSets: SpeakerSet[];

  private readonly random: Random;
  private readonly sampleRateHertz: Hertz;

  constructor(random: Random, speakerSet: SpeakerSet) {
    this.random = random;
    this.sampleRateHertz = speakerSet.plan.sampleRateHertz;
    this.speakerSets = [speakerSet];
  }

  /** @returns a block size of 1 to 8192 samples, uniform on a logarithmic scale */
  readonly cut = (): Samples => Math.floor((LARGEST_BLOCK_SAMPLES + 1) ** this.random.uniform());

  /** Longest memory of all speaker sets so far: window plus delay. */
  get reachSamples(): Samples {
    return Math.max(...this.speakerSets.map(({ plan }) => plan.windowSamples + plan.windows.synthesis.length));
  }

  /** Occasionally changes parameters that preserve the sum of the outputs. */
  readonly turn = (plugin: Plugin): void => {
    if (this.random.uniform() < TURN_PROBABILITY) this.setParameters(plugin, 0);
  };

  /** Occasionally changes parameters, low-complexity mode or suspension. */
  readonly turnAll = (plugin: Plugin): void => {
    const { random } = this;
    if (random.uniform() >= TURN_PROBABILITY) return;
    const choice = random.integer(4);
    if (choice === 0) plugin.setLowComplexity(random.uniform() < 0.5);
    else if (choice === 1) plugin.setSuspended(random.uniform() < 0.3);
    else this.setParameters(plugin, random.uniform() < 0.5 ? 0 : random.uniform());
  };

  /** Like `turnAll`, and occasionally swaps speakers, window or latency. */
  readonly turnAndSwap = (plugin: Plugin): void => {
    this.turnAll(plugin);
    if (this.random.uniform() >= SWAP_PROBABILITY || this.speakerSets.length > MOST_SWAPS) return;
    const speakerSet = randomSpeakerSet(this.random, this.sampleRateHertz);
    this.speakerSets.push(speakerSet);
    plugin.swapTemplates(this.random.uniform() < 0.5 ? speakerSet : packSpeakerSet(speakerSet));
  };

  private setParameters(plugin: Plugin, maskFloor: number): void {
    const { random } = this;
    const { maskExponent } = PARAMETERS;
    this.parameters = resolveParameters({
      iterations: 1 + random.integer(MOST_ITERATIONS),
      maskExponent: random.between(maskExponent.minimum, maskExponent.maximum),
      maskFloor,
      rest: random.uniform() < 0.5 ? 0 : random.uniform(),
    });
    plugin.setParameters(this.parameters);
  }
}
