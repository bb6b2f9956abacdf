import type { Random } from '../core/Random.ts';
import { Kernel, type KernelArray, type KernelVariant } from '../kernel/Kernel.ts';
import { ADAM, GATHERED_FRAMES, TILE_BINS } from '../kernel/KernelFunctions.ts';
import { PackedTemplates, paddedShape } from '../kernel/PackedTemplates.ts';

export interface LayerShape {
  readonly inputs: number;
  readonly width: number;
  /** Frames of a batch, a multiple of 4. */
  readonly frames: number;
}

/**
 * Fully connected linear layer during training, one batch at a time: fill `inputs`, call `forward`, fill `outputGradients`, call
 * `backward` if the layer has a predecessor, then `step`. Weights, gradients and the optimiser's moments stay in the memory of a kernel, in
 * its layout.
 */
export class TrainableLayer {
  /** [frames] of [inputs + 1]: inputs of each frame; the last one must stay 1. */
  readonly inputs: readonly Float32Array[];
  /** [frames] of [width]: outputs of each frame, after `forward`. */
  readonly outputs: readonly Float32Array[];
  /** [frames] of [width]: gradient of the loss with respect to each frame's outputs, to be filled before `backward` and `step`. */
  readonly outputGradients: readonly Float32Array[];
  /** [frames] of [inputs]: gradient of the loss with respect to each frame's inputs, after `backward`. */
  readonly inputGradients: readonly Float32Array[];

  private readonly shape: LayerShape;
  private readonly weightDecay: number;
  private readonly kernel: Kernel;
  /** [inputs + 1 x width]; the last row holds the biases. */
  private readonly weights: PackedTemplates;
  private readonly weightGradient: PackedTemplates;
  private readonly firstMoment: KernelArray;
  private readonly secondMoment: KernelArray;
  private readonly allInputs: KernelArray;
  private readonly allOutputs: KernelArray;
  private readonly allOutputGradients: KernelArray;
  private readonly allInputGradients: KernelArray;
  private readonly scratch: KernelArray;
  private steps = 0;

  /**
   * @param weightDecay factor of the weights, not the biases, in the gradient
   * @param random draws the initial weights
   * @param variant of the kernel; default: the fastest one that runs here
   */
  constructor(shape: LayerShape, weightDecay: number, random: Random, variant?: KernelVariant) {
    const { inputs, width, frames } = shape;
    const matrix = { bins: width, templates: inputs + 1 };
    const { tiles, templates } = paddedShape(matrix);
    const rowBins = tiles * TILE_BINS;
    const scratchLength = Math.max(GATHERED_FRAMES * TILE_BINS, 4 * TILE_BINS + 16 * templates);
    const lengths = [templates * rowBins, frames * templates, frames * rowBins].map(
      (length) => 2 * Kernel.bytesFor(length),
    );
    this.shape = shape;
    this.weightDecay = weightDecay;
    this.kernel = new Kernel(
      lengths.reduce((sum, bytes) => sum + bytes, 2 * PackedTemplates.requiredBytes(matrix)) +
        Kernel.bytesFor(scratchLength),
      variant,
    );
    this.weights = new PackedTemplates(this.kernel, matrix);
    this.weightGradient = new PackedTemplates(this.kernel, matrix);
    this.firstMoment = this.kernel.float32(templates * rowBins);
    this.secondMoment = this.kernel.float32(templates * rowBins);
    this.allInputs = this.kernel.float32(frames * templates);
    this.allInputGradients = this.kernel.float32(frames * templates);
    this.allOutputs = this.kernel.float32(frames * rowBins);
    this.allOutputGradients = this.kernel.float32(frames * rowBins);
    this.scratch = this.kernel.float32(scratchLength);
    this.inputs = rows(this.allInputs, frames, templates, inputs + 1);
    this.inputGradients = rows(this.allInputGradients, frames, templates, inputs);
    this.outputs = rows(this.allOutputs, frames, rowBins, width);
    this.outputGradients = rows(this.allOutputGradients, frames, rowBins, width);
    for (const row of this.inputs) row[inputs] = 1;
    const range = Math.sqrt(3 / inputs);
    const drawn = Float32Array.from({ length: (inputs + 1) * width }, (_, index) =>
      index < inputs * width ? random.between(-range, range) : 0,
    );
    this.weights.setSigned(drawn);
  }

  forward(): void {
    const { packed, tiles, templates } = this.weights;
    const { functions } = this.kernel;
    const { frames } = this.shape;
    functions.multiplyFrames(packed.address, tiles, templates, this.allInputs.address, frames, this.allOutputs.address);
  }

  /** Replaces the outputs by their hyperbolic tangents, for a hidden layer; absolute error below 1e-6. */
  applyTanh(): void {
    this.kernel.functions.applyTanh(this.allOutputs.address, this.allOutputs.values.length);
  }

  /** Propagates gradients from outputs to inputs. */
  backward(): void {
    const { packed, tiles, templates } = this.weights;
    this.kernel.functions.correlateFrames(
      packed.address,
      tiles,
      templates,
      this.allOutputGradients.address,
      this.shape.frames,
      this.allInputGradients.address,
      this.scratch.address,
    );
  }

  /**
   * Updates the weights by one step of Adam, after `outputGradients` of all frames are filled: the gradient is their sum.
   * @param rate learning rate
   */
  step(rate: number): void {
    const { weights, weightGradient, firstMoment, secondMoment, shape, weightDecay } = this;
    const { packed, tiles, templates } = weightGradient;
    const { functions } = this.kernel;
    packed.values.fill(0);
    functions.gatherFrames(
      packed.address,
      tiles,
      templates,
      this.allInputs.address,
      shape.frames,
      this.allOutputGradients.address,
      this.scratch.address,
    );
    this.steps++;
    const scaledRate = rate / (1 - ADAM.firstMomentDecay ** this.steps);
    const secondScale = 1 / (1 - ADAM.secondMomentDecay ** this.steps);
    const update = (firstRow: number, count: number, decay: number) => {
      const offset = 4 * TILE_BINS * firstRow;
      functions.adamStep(
        weights.packed.address + offset,
        packed.address + offset,
        firstMoment.address + offset,
        secondMoment.address + offset,
        TILE_BINS * count,
        decay,
        scaledRate,
        secondScale,
      );
    };
    for (let tile = 0; tile < tiles; tile++) {
      const firstRow = tile * templates;
      update(firstRow, shape.inputs, weightDecay);
      update(firstRow + shape.inputs, 1, 0);
    }
  }

  /** @returns [inputs + 1 x width] row-major; the last row holds the biases */
  result(): Float32Array {
    const { inputs, width } = this.shape;
    const values = new Float32Array((inputs + 1) * width);
    this.weights.get(values);
    return values;
  }
}

/** @returns [frames] the first `count` elements of rows that are `stride` elements apart */
function rows({ values }: KernelArray, frames: number, stride: number, count: number): Float32Array[] {
  return Array.from({ length: frames }, (_, frame) => values.subarray(frame * stride, frame * stride + count));
}
