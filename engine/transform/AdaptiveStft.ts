import { InputError } from '../core/errors.ts';
import type { Hertz, Samples } from '../core/units.ts';
import { magnitudeScale, writeMagnitudes } from '../stft/magnitudes.ts';
import { sineWindow } from '../stft/window.ts';
import { isEdge } from './StftTransform.ts';
import { visitFrames } from './signalFrames.ts';
import { PointCollector, type TimeFrequencyPoints } from './TimeFrequencyPoints.ts';
import type { TimeFrequencyTransform } from './TimeFrequencyTransform.ts';

/** All frames of one window size, on the grid of times that all sizes share. */
interface Candidate {
  readonly windowSamples: Samples;
  /** [frames x bins] */
  readonly magnitudes: Float32Array;
  /** [frames] sums over the spectrum of m^2 and m^4, per hertz */
  readonly squares: Float64Array;
  readonly fourths: Float64Array;
}

/**
 * STFT whose window is chosen frame by frame: the one that makes the plane around the frame sparsest, by the ratio of norms
 * sum m^4 / (sum m^2)^2 (D. L. Jones, T. W. Parks, "A high resolution data-adaptive time-frequency representation", IEEE ASSP 1990).
 * Steady tones get long windows, onsets short ones.
 */
export class AdaptiveStft implements TimeFrequencyTransform {
  readonly name: string;
  private readonly windowsSamples: readonly Samples[];
  private readonly hopSamples: Samples;

  /**
   * @param windowsSamples sizes of sine windows to choose from
   * @param hopSamples the same for all @default half the shortest window
   */
  constructor(windowsSamples: readonly Samples[], hopSamples?: Samples) {
    if (windowsSamples.length === 0) throw new InputError('windowsSamples must name at least one window, got none');
    this.windowsSamples = windowsSamples.toSorted((first, second) => first - second);
    this.hopSamples = hopSamples ?? this.windowsSamples[0]! / 2;
    this.name = `adaptive-${this.windowsSamples[0]}-${this.windowsSamples.at(-1)}`;
  }

  points(signal: Float32Array, sampleRateHertz: Hertz): TimeFrequencyPoints {
    const { hopSamples } = this;
    const candidates = this.windowsSamples.map((size) => candidate(signal, size, hopSamples, sampleRateHertz));
    const frames = candidates[0]!.squares.length;
    const reachFrames = Math.ceil(this.windowsSamples.at(-1)! / 2 / hopSamples);
    const collector = new PointCollector();
    for (let frame = 0; frame < frames; frame++) {
      const { windowSamples, magnitudes } = sparsest(candidates, frame, reachFrames);
      const bins = windowSamples / 2 + 1;
      const area = hopSamples / windowSamples;
      for (let bin = 0; bin < bins; bin++) {
        collector.add(
          (frame * hopSamples) / sampleRateHertz,
          (bin * sampleRateHertz) / windowSamples,
          magnitudes[frame * bins + bin]!,
          windowSamples / sampleRateHertz,
          isEdge(bin, bins) ? area / 2 : area,
        );
      }
    }
    return collector.points();
  }
}

function candidate(signal: Float32Array, windowSamples: Samples, hopSamples: Samples, rate: Hertz): Candidate {
  const window = sineWindow(windowSamples);
  const bins = windowSamples / 2 + 1;
  const scale = magnitudeScale(window, rate);
  const frames = Math.floor(signal.length / hopSamples) + 1;
  const magnitudes = new Float32Array(frames * bins);
  const squares = new Float64Array(frames);
  const fourths = new Float64Array(frames);
  visitFrames(signal, window, hopSamples, (centreSamples, spectrum) => {
    const frame = Math.round(centreSamples / hopSamples);
    writeMagnitudes(spectrum, scale, 1, magnitudes, frame * bins);
    for (let bin = 0; bin < bins; bin++) {
      const square = magnitudes[frame * bins + bin]! ** 2;
      squares[frame]! += (square * rate) / windowSamples;
      fourths[frame]! += (square * square * rate) / windowSamples;
    }
  });
  return { windowSamples, magnitudes, squares, fourths };
}

/** All sizes are judged over the same stretch of time, the longest window's, or a short one would win by seeing less. */
function sparsest(candidates: readonly Candidate[], frame: number, reachFrames: number): Candidate {
  const first = Math.max(0, frame - reachFrames);
  const last = Math.min(candidates[0]!.squares.length - 1, frame + reachFrames);
  let best = candidates[0]!;
  let bestSparsity = Number.NEGATIVE_INFINITY;
  for (const candidate of candidates) {
    let squares = 0;
    let fourths = 0;
    for (let near = first; near <= last; near++) {
      squares += candidate.squares[near]!;
      fourths += candidate.fourths[near]!;
    }
    const sparsity = squares > 0 ? fourths / (squares * squares) : 0;
    if (sparsity > bestSparsity) {
      best = candidate;
      bestSparsity = sparsity;
    }
  }
  return best;
}
