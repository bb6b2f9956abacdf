import type { StateReader, StateWriter } from '../core/StateNumbers.ts';
import type { Seconds } from '../core/units.ts';
import type { Kernel } from '../kernel/Kernel.ts';
import { MatrixVectorProduct } from '../kernel/MatrixVectorProduct.ts';
import {
  ACTIVITY_BANDS,
  ACTIVITY_INPUTS,
  ACTIVITY_LAYERS,
  ACTIVITY_UNITS,
  type ActivityLayer,
  activityShape,
  activityWeights,
} from './ActivityNetwork.ts';

/** Hop at which the decays of the recurrences are those of the weights; at another hop they are raised to hop / this. */
const REFERENCE_HOP_SECONDS: Seconds = 0.008;
const OUTPUT_SCALE = 4;
const LAYER_NAMES = Object.keys(ACTIVITY_LAYERS) as ActivityLayer[];

/** What the network remembers of a speaker. */
interface SpeakerMemory {
  /** [units] */
  readonly units: Float32Array;
  /** [units] the next `units`, until those of all speakers are known */
  readonly mixed: Float32Array;
  /** [units] state of the first and of the second recurrence */
  readonly first: Float32Array;
  readonly second: Float32Array;
}

/**
 * Runs the activity network on the kernel, once for each speaker: two gated linear recurrences over time, between which every speaker sees
 * the mean of the others' units. So it is the same for any number and order of speakers.
 * @thread audio, except the constructor and `setWeights`. Allocates nothing after construction.
 */
export class ActivityInference {
  /** [speakers][ACTIVITY_INPUTS] filled by the caller before `run` */
  readonly inputs: readonly Float32Array[];
  /** [speakers][ACTIVITY_BANDS] corrections of the logarithms of the speakers' shares; overwritten by `run` */
  readonly corrections: readonly Float32Array[];
  /** [speakers] logits of the probabilities that a speaker is active; overwritten by `run` */
  readonly logits: Float32Array;

  private readonly layers: Readonly<Record<ActivityLayer, MatrixVectorProduct>>;
  private readonly operands: Readonly<Record<ActivityLayer, Float32Array>>;
  private readonly memories: readonly SpeakerMemory[];
  /** Exponent of the decays. */
  private readonly hops: number;

  static requiredBytes(): number {
    return LAYER_NAMES.reduce((total, layer) => total + MatrixVectorProduct.requiredBytes(activityShape(layer)), 0);
  }

  constructor(kernel: Kernel, speakers: number, hopSeconds: Seconds) {
    const each = <Value>(create: (layer: ActivityLayer) => Value) =>
      Object.fromEntries(LAYER_NAMES.map((layer) => [layer, create(layer)])) as Record<ActivityLayer, Value>;
    this.layers = each((layer) => new MatrixVectorProduct(kernel, activityShape(layer)));
    // The last element stays 1, for the biases.
    this.operands = each((layer) => new Float32Array(ACTIVITY_LAYERS[layer].inputs + 1).fill(1));
    this.hops = hopSeconds / REFERENCE_HOP_SECONDS;
    const perSpeaker = (length: number) => Array.from({ length: speakers }, () => new Float32Array(length));
    this.inputs = perSpeaker(ACTIVITY_INPUTS);
    this.corrections = perSpeaker(ACTIVITY_BANDS);
    this.logits = new Float32Array(speakers);
    this.memories = Array.from({ length: speakers }, () => ({
      units: new Float32Array(ACTIVITY_UNITS),
      mixed: new Float32Array(ACTIVITY_UNITS),
      first: new Float32Array(ACTIVITY_UNITS),
      second: new Float32Array(ACTIVITY_UNITS),
    }));
  }

  /** To be called before the first `run`, unless the kernel's memory is copied from an image. */
  setWeights(): void {
    const weights = activityWeights();
    for (const layer of LAYER_NAMES) this.layers[layer].setSigned(weights[layer]);
  }

  run(): void {
    const { memories, inputs } = this;
    for (let s = 0; s < memories.length; s++) {
      const { units, first } = memories[s]!;
      this.operands.input.set(inputs[s]!);
      this.activate('input', units);
      this.remember('firstGates', 'firstOutput', units, first);
    }
    this.mix();
    for (let s = 0; s < memories.length; s++) {
      const { units, second } = memories[s]!;
      this.remember('secondGates', 'secondOutput', units, second);
    }
    for (let s = 0; s < memories.length; s++) this.correct(s);
    this.limitToSolo();
  }

  reset(): void {
    for (let s = 0; s < this.memories.length; s++) {
      this.memories[s]!.first.fill(0);
      this.memories[s]!.second.fill(0);
    }
  }

  save(state: StateWriter): void {
    for (const { first, second } of this.memories) {
      state.addAll(first);
      state.addAll(second);
    }
  }

  restore(state: StateReader): void {
    for (const { first, second } of this.memories) {
      state.fill(first);
      state.fill(second);
    }
  }

  /** Writes the hyperbolic tangents of a layer's outputs to `units`. */
  private activate(layer: 'input' | 'mixing', units: Float32Array): void {
    const output = this.multiply(layer);
    this.layers[layer].applyTanh();
    for (let unit = 0; unit < ACTIVITY_UNITS; unit++) units[unit] = output[unit]!;
  }

  /** Adds a recurrence's output to `units`. @param state [units] updated */
  private remember(
    gates: 'firstGates' | 'secondGates',
    output: 'firstOutput' | 'secondOutput',
    units: Float32Array,
    state: Float32Array,
  ): void {
    const { operands, hops } = this;
    operands[gates].set(units);
    const values = this.multiply(gates);
    const operand = operands[output];
    for (let unit = 0; unit < ACTIVITY_UNITS; unit++) {
      const forget = sigmoid(values[ACTIVITY_UNITS + unit]!);
      const decay = hops === 1 ? forget : forget ** hops;
      state[unit] = decay * state[unit]! + (1 - decay) * values[unit]!;
      operand[unit] = state[unit]! * sigmoid(values[2 * ACTIVITY_UNITS + unit]!);
    }
    const added = this.multiply(output);
    for (let unit = 0; unit < ACTIVITY_UNITS; unit++) units[unit]! += added[unit]!;
  }

  /** Mixes every speaker's units with the mean of the others'. */
  private mix(): void {
    const { memories } = this;
    for (let s = 0; s < memories.length; s++) {
      this.gather('mixing', s);
      this.activate('mixing', memories[s]!.mixed);
    }
    for (let s = 0; s < memories.length; s++) memories[s]!.units.set(memories[s]!.mixed);
  }

  /** Fills the operand of a layer with the units of a speaker and the mean of the others'. */
  private gather(layer: 'mixing' | 'head', speaker: number): void {
    const { memories } = this;
    const operand = this.operands[layer];
    const others = Math.max(1, memories.length - 1);
    for (let unit = 0; unit < ACTIVITY_UNITS; unit++) {
      let sum = 0;
      for (let s = 0; s < memories.length; s++) if (s !== speaker) sum += memories[s]!.units[unit]!;
      operand[unit] = memories[speaker]!.units[unit]!;
      operand[ACTIVITY_UNITS + unit] = sum / others;
    }
  }

  private correct(speaker: number): void {
    this.gather('head', speaker);
    const output = this.multiply('head');
    const corrections = this.corrections[speaker]!;
    for (let band = 0; band < ACTIVITY_BANDS; band++) corrections[band] = OUTPUT_SCALE * output[band]!;
    this.logits[speaker] = OUTPUT_SCALE * output[ACTIVITY_BANDS]!;
  }

  /** Reduces the corrections by the probability that a second speaker is active: there they do more harm than good. */
  private limitToSolo(): void {
    const { logits, corrections } = this;
    let largest = Number.NEGATIVE_INFINITY;
    let second = Number.NEGATIVE_INFINITY;
    for (let s = 0; s < logits.length; s++) {
      second = Math.max(second, Math.min(largest, logits[s]!));
      largest = Math.max(largest, logits[s]!);
    }
    const alone = 1 - sigmoid(second);
    for (let s = 0; s < corrections.length; s++)
      for (let band = 0; band < ACTIVITY_BANDS; band++) corrections[s]![band]! *= alone;
  }

  private multiply(layer: ActivityLayer): Float32Array {
    const product = this.layers[layer];
    product.multiply(this.operands[layer], 0);
    return product.output;
  }
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
