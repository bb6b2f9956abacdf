import type { Kernel } from '../kernel/Kernel.ts';
import { MatrixVectorProduct } from '../kernel/MatrixVectorProduct.ts';
import type { TemplateShape } from '../kernel/PackedTemplates.ts';
import { HIDDEN_UNITS, type MaskNetwork, type MaskNetworkShape, networkSizes } from './MaskNetwork.ts';

/** Runs a mask network on the kernel. @thread audio, except the constructor and `setWeights`. Allocates nothing after construction. */
export class MaskNetworkInference {
  /** [inputs] filled by the caller before `run` */
  readonly inputs: Float32Array;
  /** [speakers * output bands] shares, which sum to 1 over the speakers; overwritten by `run` */
  readonly shares: Float32Array;

  private readonly first: MatrixVectorProduct;
  private readonly second: MatrixVectorProduct;
  /** [inputs + 1] operand of the first layer; the last element is 1, for the biases */
  private readonly operand: Float32Array;
  /** [hidden units + 1] operand of the second layer; the last element is 1, for the biases */
  private readonly hidden: Float32Array;
  private readonly bands: number;

  static requiredBytes(network: MaskNetworkShape): number {
    const [first, second] = layerShapes(network);
    return MatrixVectorProduct.requiredBytes(first) + MatrixVectorProduct.requiredBytes(second);
  }

  constructor(kernel: Kernel, network: MaskNetworkShape) {
    const [first, second] = layerShapes(network);
    this.first = new MatrixVectorProduct(kernel, first);
    this.second = new MatrixVectorProduct(kernel, second);
    this.operand = new Float32Array(first.templates).fill(1);
    this.hidden = new Float32Array(second.templates).fill(1);
    this.inputs = this.operand.subarray(0, first.templates - 1);
    this.shares = this.second.output.subarray(0, second.bins);
    this.bands = second.bins / network.speakers;
  }

  /** To be called before the first `run`, unless the kernel's memory is copied from an image. */
  setWeights(network: MaskNetwork): void {
    this.first.setSigned(network.first);
    this.second.setSigned(network.second);
  }

  run(): void {
    const { first, second, operand, hidden } = this;
    first.multiply(operand, 0);
    first.applyTanh();
    for (let unit = 0; unit < HIDDEN_UNITS; unit++) hidden[unit] = first.output[unit]!;
    second.multiply(hidden, 0);
    this.softmax();
  }

  /** Softmax over the speakers in each band, in place. */
  private softmax(): void {
    const { shares, bands } = this;
    for (let band = 0; band < bands; band++) {
      let largest = Number.NEGATIVE_INFINITY;
      for (let index = band; index < shares.length; index += bands) largest = Math.max(largest, shares[index]!);
      let sum = 0;
      for (let index = band; index < shares.length; index += bands) {
        shares[index] = Math.exp(shares[index]! - largest);
        sum += shares[index]!;
      }
      for (let index = band; index < shares.length; index += bands) shares[index]! /= sum;
    }
  }
}

function layerShapes({ bandwidthHertz, speakers }: MaskNetworkShape): readonly [TemplateShape, TemplateShape] {
  const { first, second } = networkSizes(bandwidthHertz, speakers);
  return [
    { bins: HIDDEN_UNITS, templates: first / HIDDEN_UNITS },
    { bins: second / (HIDDEN_UNITS + 1), templates: HIDDEN_UNITS + 1 },
  ];
}
