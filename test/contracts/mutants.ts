import type { SpeakerSet } from '../../engine/model/SpeakerSet.ts';
import type { PackedSpeakerSet } from '../../engine/separator/PackedSpeakerSet.ts';
import { packSpeakerSet } from '../../engine/separator/packSpeakerSet.ts';
import { Separator, type SeparatorOptions, type SeparatorOutputs } from '../../engine/separator/Separator.ts';
import type { SeparatorState } from '../../engine/separator/SeparatorState.ts';
import type { PluginFactory } from '../../host/lab/validation/harness/Plugin.ts';
import type { Property } from '../../host/lab/validation/harness/Violation.ts';

/** A separator with a fault, and the check and property that must detect it. */
export interface Mutant {
  readonly fault: string;
  readonly check: string;
  readonly property: Property;
  readonly create: PluginFactory;
}

/** Calls `spoil` after each block. */
function spoiled(spoil: (outputs: SeparatorOutputs, count: number, input: Float32Array, call: number) => void) {
  return class extends Separator {
    private call = 0;
    override process(input: Float32Array, outputs: SeparatorOutputs, sampleCount = input.length): void {
      super.process(input, outputs, sampleCount);
      spoil(outputs, sampleCount, input, this.call++);
    }
  };
}

type SeparatorClass = new (speakerSet: SpeakerSet, options?: SeparatorOptions) => Separator;

const mutant = (fault: string, check: string, property: Property, Faulty: SeparatorClass): Mutant => ({
  fault,
  check,
  property,
  create: (speakerSet, options) => new Faulty(speakerSet, options),
});

class LatencyOffByOne extends Separator {
  override get latencySamples(): number {
    return super.latencySamples + 1;
  }
}

class LeaksOverReset extends Separator {
  private isDirty = false;
  override reset(): void {
    super.reset();
    this.isDirty = true;
  }
  override process(input: Float32Array, outputs: SeparatorOutputs, sampleCount = input.length): void {
    super.process(input, outputs, sampleCount);
    if (this.isDirty) outputs.rest![0]! += 1e-6;
    this.isDirty = false;
  }
}

class ForgetsActivations extends Separator {
  override restoreState(state: SeparatorState): void {
    const numbers = state.numbers.slice();
    numbers[Math.floor(numbers.length / 3)]! += 0.01;
    super.restoreState({ ...state, numbers });
  }
}

class RestoresNothing extends Separator {
  override restoreState(): void {}
}

/** Fault of two instances that share a work buffer. */
let shared = 0;
class SharesMemory extends Separator {
  override process(input: Float32Array, outputs: SeparatorOutputs, sampleCount = input.length): void {
    super.process(input, outputs, sampleCount);
    outputs.rest![0]! += 1e-5 * (shared - input[0]!);
    shared = input[0]!;
  }
}

class KnowsNoInvalidInput extends Separator {
  override process(input: Float32Array, outputs: SeparatorOutputs, sampleCount = input.length): void {
    super.process(input, outputs, sampleCount);
    this.telemetry.invalidSamples = 0;
  }
}

class NeverEndsSwap extends Separator {
  private hasSwapped = false;
  override swapTemplates(speakerSet: SpeakerSet | PackedSpeakerSet): void {
    this.hasSwapped = true;
    super.swapTemplates(speakerSet);
  }
  override get isSwapping(): boolean {
    return this.hasSwapped;
  }
}

class ReadsBeyond extends Separator {
  override process(input: Float32Array, outputs: SeparatorOutputs, sampleCount = input.length): void {
    super.process(input, outputs, sampleCount);
    // Reads one sample after the block, like a loop that ends too late.
    if (Number.isNaN(input[sampleCount])) this.telemetry.invalidSamples++;
  }
}

class Allocates extends Separator {
  kept: number[] = [];
  override process(input: Float32Array, outputs: SeparatorOutputs, sampleCount = input.length): void {
    super.process(input, outputs, sampleCount);
    this.kept = [sampleCount, input[0]!, this.kept.length];
  }
}

class TakesTooLong extends Separator {
  override process(input: Float32Array, outputs: SeparatorOutputs, sampleCount = input.length): void {
    const end = performance.now() + (1100 * sampleCount) / 48_000;
    super.process(input, outputs, sampleCount);
    while (performance.now() < end);
  }
}

class PacksOnAudioThread extends Separator {
  private readonly speakerSet: SpeakerSet;
  private isPending = false;
  constructor(speakerSet: SpeakerSet, options: SeparatorOptions = {}) {
    super(speakerSet, options);
    this.speakerSet = speakerSet;
  }
  override swapTemplates(): void {
    this.isPending = true;
  }
  override get isSwapping(): boolean {
    return this.isPending || super.isSwapping;
  }
  override process(input: Float32Array, outputs: SeparatorOutputs, sampleCount = input.length): void {
    if (this.isPending) super.swapTemplates(packSpeakerSet(this.speakerSet));
    this.isPending = false;
    super.process(input, outputs, sampleCount);
  }
}

class AllocatesInSwaps extends Separator {
  override process(input: Float32Array, outputs: SeparatorOutputs, sampleCount = input.length): void {
    super.process(input.slice(), outputs, sampleCount);
  }
}

const NotANumber = spoiled(({ speakers }, count, _, call) => {
  if (call === 3) speakers[0]![count - 1] = Number.NaN;
});
const Denormal = spoiled(({ speakers }, count, _, call) => {
  if (call === 3) speakers[0]![count - 1] = 1e-40;
});
/** Four times the input instead of the voice, whose share of a random speaker set may be less than a quarter. */
const TooLoud = spoiled(({ speakers, dry }, count) => {
  for (let n = 0; n < count; n++) speakers[0]![n] = 4 * dry![n]!;
});
const WritesBeyond = spoiled(({ rest }, count) => {
  rest![count] = 0;
});
const WritesInput = spoiled((_, count, input) => {
  input[count - 1]! += 1;
});
const DependsOnBlocks = spoiled(({ speakers }, count) => {
  speakers[0]![0]! += count > 500 ? 1e-6 : 0;
});
const LosesSound = spoiled(({ speakers }, count) => {
  for (let n = 0; n < count; n++) speakers[0]![n]! *= 0.99;
});
const ChangesDry = spoiled(({ dry }) => {
  dry![0]! += 1e-6;
});

export const MUTANTS: readonly Mutant[] = [
  mutant('a NaN in the fourth block', 'blocks', 'finite', NotANumber),
  mutant('a denormal number in the fourth block', 'blocks', 'no-denormals', Denormal),
  mutant('12 dB too loud', 'blocks', 'loudness', TooLoud),
  mutant('writes a sample too many', 'blocks', 'fences', WritesBeyond),
  mutant('writes into its input', 'blocks', 'input-untouched', WritesInput),
  mutant('reads a sample too many', 'blocks', 'clean-input', ReadsBeyond),
  mutant('depends on the blocks', 'blocks', 'same-for-any-blocks', DependsOnBlocks),
  mutant('loses a hundredth of a voice', 'automation', 'sum', LosesSound),
  mutant('adds to the dry signal', 'automation', 'dry', ChangesDry),
  mutant('says that a swap goes on for ever', 'swaps', 'swap-ends', NeverEndsSwap),
  mutant('leaks a sample over a reset', 'reset', 'reset', LeaksOverReset),
  mutant('restores one number a little off', 'state', 'state', ForgetsActivations),
  mutant('restores nothing', 'state', 'state', RestoresNothing),
  mutant('reports a sample of latency too many', 'latency', 'latency', LatencyOffByOne),
  mutant('shares a number with other instances', 'instances', 'instances', SharesMemory),
  mutant('counts no invalid samples', 'invalid-input', 'invalid-input', KnowsNoInvalidInput),
  mutant('allocates one small array a block', 'allocation', 'allocation', Allocates),
  mutant('takes longer than the sound lasts', 'time', 'time', TakesTooLong),
  mutant('packs templates on the audio thread', 'swap-time', 'swap-time', PacksOnAudioThread),
  mutant('copies each block to a new array during a swap', 'swap-time', 'allocation', AllocatesInSwaps),
];
