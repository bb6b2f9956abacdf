import type { KernelVariant } from '../kernel/Kernel.ts';
import { KernelLayers } from '../network/KernelLayers.ts';
import type { EmbeddingInference } from './EmbeddingInference.ts';
import { EMBEDDING_DIMENSIONS, EMBEDDING_UNITS } from './EmbeddingNetwork.ts';
import { blocksIn, type SpeechBlock } from './SpeechBlocks.ts';
import { similarity } from './similarity.ts';
import { embedSurroundings } from './surroundings.ts';
import {
  TARGET_CONVOLUTIONS,
  TARGET_INPUTS,
  TARGET_LAYERS,
  TARGET_UNITS,
  type TargetLayer,
  targetActivityWeights,
} from './TargetActivityNetwork.ts';

/** Blocks before and after each one: 1.5 s are long enough to tell voices apart, 0.5 s short enough to show when they change. */
export const LONG_REACH_BLOCKS = blocksIn(0.7);
const SHORT_REACH_BLOCKS = blocksIn(0.2);
/** Scales of the inputs, as in the training. */
const PROFILE_SCALE = 8;
const SIMILARITY_SCALE = 4;
const FULL_WEIGHT = 10;
const WEIGHT_FLOOR = 1e-3;

/** Inputs of the network that depend on the recording alone, not on the voice that is looked for. */
export interface TargetInputs {
  /** [blocks x TARGET_UNITS] */
  readonly units: Float32Array;
  /** [2][blocks] embeddings of the 1.5 s and of the 0.5 s around each block, of unit length */
  readonly surroundings: readonly (readonly Float32Array[])[];
}

export interface TargetActivity {
  /** [blocks] probability that the voice speaks, 0 to 1 */
  readonly own: Float32Array;
  /** [blocks] probability that somebody else does, 0 to 1 */
  readonly others: Float32Array;
}

/**
 * Finds where a voice speaks whose embedding is known, also where others speak at the same time: target-speaker voice activity detection.
 * (I. Medennikov et al., "Target-Speaker Voice Activity Detection: a Novel Approach for Multi-Speaker Diarization in a Dinner Party
 * Scenario", Interspeech 2020)
 */
export class TargetActivityInference {
  private readonly layers: KernelLayers<TargetLayer>;

  constructor(variant?: KernelVariant) {
    this.layers = new KernelLayers(TARGET_LAYERS, targetActivityWeights(), variant);
  }

  /**
   * Prepares what the activities of all voices of a recording are computed from.
   * @param blocks [blocks] of the recording
   * @param embedding the network that made them
   * @param long of `embedSurroundings`, with a reach of `LONG_REACH_BLOCKS`
   */
  inputs(
    blocks: readonly SpeechBlock[],
    embedding: EmbeddingInference,
    long = embedSurroundings(blocks, LONG_REACH_BLOCKS, embedding),
  ): TargetInputs {
    return this.inputsBeside(blocks, [long, embedSurroundings(blocks, SHORT_REACH_BLOCKS, embedding)]);
  }

  /**
   * As `inputs`, of surroundings that are already embedded.
   * @param surroundings [2][blocks] of `embedSurroundings`, with a reach of 0.7 s and of 0.2 s
   */
  inputsBeside(blocks: readonly SpeechBlock[], surroundings: TargetInputs['surroundings']): TargetInputs {
    const { layers } = this;
    const operand = layers.operand('input');
    const units = new Float32Array(blocks.length * TARGET_UNITS);
    blocks.forEach((block, index) => {
      for (let unit = 0; unit < EMBEDDING_UNITS; unit++)
        operand[unit] = Math.log1p(Math.max(0, block.units[unit]! / (block.weight + 1e-6)));
      operand[EMBEDDING_UNITS] = block.speech;
      operand[EMBEDDING_UNITS + 1] = block.overlap;
      operand[EMBEDDING_UNITS + 2] = block.disturbance;
      operand[TARGET_INPUTS - 1] = Math.log(block.weight / FULL_WEIGHT + WEIGHT_FLOOR);
      const output = layers.multiply('input');
      for (let unit = 0; unit < TARGET_UNITS; unit++) units[index * TARGET_UNITS + unit] = Math.max(0, output[unit]!);
    });
    return { units, surroundings };
  }

  /**
   * @param voice [EMBEDDING_DIMENSIONS] embedding of the voice, of unit length
   * @param others [EMBEDDING_DIMENSIONS] sum of those of all other voices, of unit length; zeros: they are not known
   */
  activity({ units, surroundings }: TargetInputs, voice: Float32Array, others: Float32Array): TargetActivity {
    const { layers } = this;
    const conditioned = this.conditioned(units, surroundings, voice, others);
    let values = conditioned;
    for (const name of ['near', 'middle', 'far'] as const) {
      const added = layers.convolve(name, TARGET_CONVOLUTIONS[name], values);
      values = values.map((value, index) => value + added[index]!);
    }
    const blocks = values.length / TARGET_UNITS;
    const result = { own: new Float32Array(blocks), others: new Float32Array(blocks) };
    const operand = layers.operand('output');
    for (let block = 0; block < blocks; block++) {
      operand.set(values.subarray(block * TARGET_UNITS, (block + 1) * TARGET_UNITS));
      const output = layers.multiply('output');
      result.own[block] = sigmoid(output[0]!);
      result.others[block] = sigmoid(output[1]!);
    }
    return result;
  }

  /** @returns [blocks x TARGET_UNITS] the units, scaled and shifted by how each block compares with the voices */
  private conditioned(
    units: Float32Array,
    surroundings: TargetInputs['surroundings'],
    voice: Float32Array,
    others: Float32Array,
  ): Float32Array {
    const { layers } = this;
    const profile = layers.operand('profile');
    for (let element = 0; element < EMBEDDING_DIMENSIONS; element++) {
      profile[element] = PROFILE_SCALE * voice[element]!;
      profile[EMBEDDING_DIMENSIONS + element] = PROFILE_SCALE * others[element]!;
    }
    const condition = layers.multiply('profile').slice();
    const operand = layers.operand('similarity');
    const conditioned = new Float32Array(units.length);
    for (let block = 0; block < units.length / TARGET_UNITS; block++) {
      surroundings.forEach((vectors, index) => {
        operand[2 * index] = SIMILARITY_SCALE * similarity(vectors[block]!, voice);
        operand[2 * index + 1] = SIMILARITY_SCALE * similarity(vectors[block]!, others);
      });
      const offset = layers.multiply('similarity');
      for (let unit = 0; unit < TARGET_UNITS; unit++) {
        const index = block * TARGET_UNITS + unit;
        const value = units[index]! * condition[unit]! + condition[TARGET_UNITS + unit]! + offset[unit]!;
        conditioned[index] = Math.max(0, value);
      }
    }
    return conditioned;
  }
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
