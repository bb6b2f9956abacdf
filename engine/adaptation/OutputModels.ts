import { BatchedProducts } from '../kernel/BatchedProducts.ts';
import { CROSS_LEVEL } from '../model/JointAdaptation.ts';
import type { SpeakerGains } from './SpeakerGains.ts';

export interface OutputModelShape {
  /** Templates of all speakers. */
  readonly templates: number;
  /** Index of the speaker's first template among all. */
  readonly firstOwn: number;
  /** [own templates x points] the speaker's own output templates at a gain of 1; points are bins, or merged bands */
  readonly base: Float32Array;
  /** [points] fractional band index of each point in the gains, see `bandPosition` */
  readonly positions: Float32Array;
  /** Frames of a batch, a multiple of 4. */
  readonly frames: number;
}

/**
 * One speaker's models of a batch of frames from its output templates, and the gradient of its gains. The output templates for other
 * speakers' templates are gains times a constant, so their products are computed at the frequencies of the gains, of which there are
 * far fewer than points.
 */
export class OutputModels {
  /** [frames x stride] models after `compute`; overwritten by the caller with the gradient of the loss before `backward` */
  readonly models: Float32Array;
  /** Elements from one frame of `models` to the next. */
  readonly stride: number;

  private readonly shape: OutputModelShape;
  private readonly gains: SpeakerGains;
  /** Index after the speaker's last own template. */
  private readonly endOwn: number;
  /** Index of the first gain of the speaker's own templates. */
  private readonly firstOwnGain: number;
  /** Index after their last gain. */
  private readonly endOwnGain: number;
  private readonly own: BatchedProducts;
  private readonly cross: BatchedProducts;
  /** [points] gain at or below each point */
  private readonly lower: Int32Array;
  /** [points] weight of the next higher gain */
  private readonly upperWeights: Float32Array;
  /** [own templates x points] output templates, then their gradient */
  private readonly ownTemplates: Float32Array;
  /** [other speakers' templates x bands] output templates, then their gradient */
  private readonly crossTemplates: Float32Array;

  constructor(shape: OutputModelShape, gains: SpeakerGains) {
    const { base, positions, templates, firstOwn, frames } = shape;
    const points = positions.length;
    const ownCount = base.length / points;
    const { bands } = gains;
    this.shape = shape;
    this.gains = gains;
    this.endOwn = firstOwn + ownCount;
    this.firstOwnGain = firstOwn * bands;
    this.endOwnGain = this.endOwn * bands;
    this.own = new BatchedProducts({ bins: points, templates: ownCount, frames });
    this.cross = new BatchedProducts({ bins: bands, templates: templates - ownCount, frames });
    this.models = this.own.gradients.values;
    this.stride = this.own.binStride;
    this.lower = Int32Array.from(positions, (position) => Math.min(bands - 2, Math.floor(position)));
    this.upperWeights = positions.map((position, point) => position - this.lower[point]!);
    this.ownTemplates = new Float32Array(base.length);
    this.crossTemplates = new Float32Array((templates - ownCount) * bands);
  }

  /** Sets one frame's activations. @param activations [templates], from `first` on */
  setActivations(frame: number, activations: Float32Array, first: number): void {
    const { own, cross, endOwn } = this;
    const { templates, firstOwn } = this.shape;
    // Copied in loops, because a view of every row would have to be collected.
    const ownRow = frame * own.templateStride - firstOwn;
    for (let n = firstOwn; n < endOwn; n++) own.activations.values[ownRow + n] = activations[first + n]!;
    const crossRow = frame * cross.templateStride;
    for (let n = 0; n < firstOwn; n++) cross.activations.values[crossRow + n] = activations[first + n]!;
    const laterRow = crossRow + firstOwn - endOwn;
    for (let n = endOwn; n < templates; n++) cross.activations.values[laterRow + n] = activations[first + n]!;
  }

  /** Computes `models` from the activations and the gains. */
  compute(): void {
    const { own, cross, lower, upperWeights, models, stride } = this;
    own.multiply(this.adaptedOwnTemplates());
    cross.multiply(this.adaptedCrossTemplates());
    const ownModels = own.models.values;
    const crossModels = cross.models.values;
    for (let frame = 0; frame < this.shape.frames; frame++) {
      const row = frame * stride;
      const crossRow = frame * cross.binStride;
      for (let point = 0; point < lower.length; point++) {
        const below = crossModels[crossRow + lower[point]!]!;
        const above = crossModels[crossRow + lower[point]! + 1]!;
        models[row + point] = ownModels[row + point]! + below + upperWeights[point]! * (above - below);
      }
    }
  }

  /** Sets the gradient of the gains from that of the models, which is in their place. */
  backward(): void {
    this.sumIntoBands();
    this.own.multiplyTransposed(this.ownTemplates);
    this.cross.multiplyTransposed(this.crossTemplates);
    const { gains, firstOwnGain, endOwnGain, crossTemplates, lower, upperWeights, ownTemplates, shape } = this;
    const { bands, gradient } = gains;
    for (let index = 0; index < crossTemplates.length; index++)
      gradient[index < firstOwnGain ? index : index + endOwnGain - firstOwnGain] = CROSS_LEVEL * crossTemplates[index]!;
    gradient.fill(0, firstOwnGain, endOwnGain);
    const points = lower.length;
    for (let row = 0, first = firstOwnGain; first < endOwnGain; row += points, first += bands) {
      for (let point = 0; point < points; point++) {
        const slope = ownTemplates[row + point]! * shape.base[row + point]!;
        const above = upperWeights[point]! * slope;
        const at = first + lower[point]!;
        gradient[at] = gradient[at]! + slope - above;
        gradient[at + 1] = gradient[at + 1]! + above;
      }
    }
  }

  /** Sums the models' gradient from points into the frequencies of the gains, for the templates of other speakers. */
  private sumIntoBands(): void {
    const { cross, lower, upperWeights, models, stride, shape } = this;
    const sums = cross.gradients.values;
    sums.fill(0);
    for (let frame = 0; frame < shape.frames; frame++) {
      const row = frame * stride;
      const sumRow = frame * cross.binStride;
      for (let point = 0; point < lower.length; point++) {
        const slope = models[row + point]!;
        const above = upperWeights[point]! * slope;
        const at = sumRow + lower[point]!;
        sums[at] = sums[at]! + slope - above;
        sums[at + 1] = sums[at + 1]! + above;
      }
    }
  }

  private adaptedOwnTemplates(): Float32Array {
    const { gains, firstOwnGain, endOwnGain, lower, upperWeights, ownTemplates, shape } = this;
    const { bands, gains: values } = gains;
    const points = lower.length;
    for (let row = 0, first = firstOwnGain; first < endOwnGain; row += points, first += bands) {
      for (let point = 0; point < points; point++) {
        const below = values[first + lower[point]!]!;
        const above = values[first + lower[point]! + 1]!;
        ownTemplates[row + point] = shape.base[row + point]! * (below + upperWeights[point]! * (above - below));
      }
    }
    return ownTemplates;
  }

  private adaptedCrossTemplates(): Float32Array {
    const { firstOwnGain, endOwnGain, crossTemplates } = this;
    const { gains } = this.gains;
    for (let index = 0; index < crossTemplates.length; index++)
      crossTemplates[index] = CROSS_LEVEL * gains[index < firstOwnGain ? index : index + endOwnGain - firstOwnGain]!;
    return crossTemplates;
  }
}
