import type { Hertz, Seconds } from '../core/units.ts';

/**
 * A signal in the time-frequency plane as a list of points: the common form of regular and irregular transforms.
 * Structure of arrays; all are [points], in the order of the transform.
 */
export interface TimeFrequencyPoints {
  readonly timesSeconds: Float64Array;
  readonly frequenciesHertz: Float64Array;
  /** |X| / sqrt(sum of |kernel|^2 * sample rate), >= 0: the level of white noise is independent of transform, window and sample rate. */
  readonly magnitudes: Float32Array;
  /** Duration of the sine window with the same noise bandwidth as the kernel of the point: an input of template networks. */
  readonly durationsSeconds: Float32Array;
  /** Area of the plane that the point represents, seconds * hertz: the energy of the signal is 2 * sum of magnitude^2 * area. */
  readonly areas: Float32Array;
}

const FIRST_CAPACITY = 1024;

/** Collects points in arrays that grow as needed. */
export class PointCollector {
  private count = 0;
  private timesSeconds = new Float64Array(FIRST_CAPACITY);
  private frequenciesHertz = new Float64Array(FIRST_CAPACITY);
  private magnitudes = new Float32Array(FIRST_CAPACITY);
  private durationsSeconds = new Float32Array(FIRST_CAPACITY);
  private areas = new Float32Array(FIRST_CAPACITY);

  add(timeSeconds: Seconds, frequencyHertz: Hertz, magnitude: number, durationSeconds: Seconds, area: number): void {
    if (this.count === this.areas.length) this.grow();
    const index = this.count++;
    this.timesSeconds[index] = timeSeconds;
    this.frequenciesHertz[index] = frequencyHertz;
    this.magnitudes[index] = magnitude;
    this.durationsSeconds[index] = durationSeconds;
    this.areas[index] = area;
  }

  points(): TimeFrequencyPoints {
    const { count } = this;
    return {
      timesSeconds: this.timesSeconds.slice(0, count),
      frequenciesHertz: this.frequenciesHertz.slice(0, count),
      magnitudes: this.magnitudes.slice(0, count),
      durationsSeconds: this.durationsSeconds.slice(0, count),
      areas: this.areas.slice(0, count),
    };
  }

  private grow(): void {
    const capacity = 2 * this.areas.length;
    const doubles = (old: Float64Array) => {
      const larger = new Float64Array(capacity);
      larger.set(old);
      return larger;
    };
    const floats = (old: Float32Array) => {
      const larger = new Float32Array(capacity);
      larger.set(old);
      return larger;
    };
    this.timesSeconds = doubles(this.timesSeconds);
    this.frequenciesHertz = doubles(this.frequenciesHertz);
    this.magnitudes = floats(this.magnitudes);
    this.durationsSeconds = floats(this.durationsSeconds);
    this.areas = floats(this.areas);
  }
}

/** The points whose index satisfies a condition, in the same order. */
export function filterPoints(points: TimeFrequencyPoints, keep: (index: number) => boolean): TimeFrequencyPoints {
  const collector = new PointCollector();
  appendPoints(collector, points, keep);
  return collector.points();
}

/** Concatenates sets of points. */
export function joinPoints(sets: readonly TimeFrequencyPoints[]): TimeFrequencyPoints {
  const collector = new PointCollector();
  for (const points of sets) appendPoints(collector, points, () => true);
  return collector.points();
}

/** Raises magnitudes to a power, the domain that templates model. The other arrays are shared, not copied. */
export function raisePoints(points: TimeFrequencyPoints, exponent: number): TimeFrequencyPoints {
  return { ...points, magnitudes: points.magnitudes.map((magnitude) => magnitude ** exponent) };
}

/** Energy of the signal, 2 * sum of magnitude^2 * area, in units of sum of samples^2 / sample rate. */
export function pointEnergy({ magnitudes, areas }: TimeFrequencyPoints): number {
  let energy = 0;
  for (let index = 0; index < magnitudes.length; index++) energy += 2 * magnitudes[index]! ** 2 * areas[index]!;
  return energy;
}

function appendPoints(collector: PointCollector, points: TimeFrequencyPoints, keep: (index: number) => boolean): void {
  for (let index = 0; index < points.magnitudes.length; index++) {
    if (!keep(index)) continue;
    collector.add(
      points.timesSeconds[index]!,
      points.frequenciesHertz[index]!,
      points.magnitudes[index]!,
      points.durationsSeconds[index]!,
      points.areas[index]!,
    );
  }
}
