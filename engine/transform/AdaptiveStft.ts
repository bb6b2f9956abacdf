import { InputError } from '../core/errors.ts';
import type { Hertz, Samples } from '../core/units.ts';
import { magnitudeScale, writeMagnitudes } from '../stft/magnitudes.ts';
import { sineWindow } from '../stft/window.ts';
import { isEdge } from './StftTransform.ts';
import { visitFrames } from './signalFrames.ts';
import { PointCollector, type TimeFrequencyPoints } from './TimeFrequencyPoints.ts';
import type { TimeFrequencyTransform } from './TimeFrequencyTransform.ts';

/** All frames of one window size; the frame times are the same for all sizes. */
interface Candidate {
  readonly windowSamples: Samples;
  /** [frames x bins] */
  readonly magnitudes: Float32Array;
  /** [frames] integrals over the spectrum of m^2 and m^4 */
  readonly squares: Float64Array;
  readonly fourths: Float64Array;
}

/**
 * STFT whose window size is chosen for each frame: the one that makes the plane around the frame sparsest, measured by the ratio of norms
 * sum m^4 / (sum m^2)^2 (D. L. Jones, T. W. Parks, "A high resolution data-adaptive time-frequency representation", IEEE ASSP 1990).
 * Steady tones are analysed with long windows, onsets with short ones.
 */
export class AdaptiveStft implements TimeFrequencyTransform {
  readonly name: string;
  private readonly windowsSamples: readonly Samples[];
  private readonly longestSamples: Samples;
  private readonly hopSamples: Samples;

  /**
   * @param windowsSamples sizes of the sine windows to choose from, at least one
   * @param hopSamples common to all sizes @default half of the shortest window
   * @throws InputError if `windowsSamples` is empty
   */
  constructor(windowsSamples: readonly Samples[], hopSamples?: Samples) {
    this.windowsSamples = windowsSamples.toSorted((first, second) => first - second);
    const [shortest] = this.windowsSamples;
    const longest = this.windowsSamples.at(-1);
    if (shortest === undefined || longest === undefined) {
      throw new InputError('windowsSamples must contain at least one window size, got 0');
    }
    this.longestSamples = longest;
    this.hopSamples = hopSamples ?? shortest / 2;
    this.name = `adaptive-${shortest}-${longest}`;
  }

  points(signal: Float32Array, sampleRateHertz: Hertz): TimeFrequencyPoints {
    const { hopSamples } = this;
    const candidates = this.windowsSamples.map((size) => candidate(signal, size, hopSamples, sampleRateHertz));
    const reachFrames = Math.ceil(this.longestSamples / 2 / hopSamples);
    const collector = new PointCollector();
    for (let frame = 0; frame < frameCount(signal, hopSamples); frame++) {
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

function frameCount(signal: Float32Array, hopSamples: Samples): number {
  return Math.floor(signal.length / hopSamples) + 1;
}

function candidate(signal: Float32Array, windowSamples: Samples, hopSamples: Samples, rate: Hertz): Candidate {
  const window = sineWindow(windowSamples);
  const bins = windowSamples / 2 + 1;
  const scale = magnitudeScale(window, rate);
  const frames = frameCount(signal, hopSamples);
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

/**
 * The candidate with the sparsest plane around a frame. All sizes are compared over the same stretch of time, that of the longest window;
 * otherwise short ones would win by covering less.
 */
function sparsest(candidates: readonly Candidate[], frame: number, reachFrames: number): Candidate {
  return candidates.reduce((best, candidate) =>
    sparsity(candidate, frame, reachFrames) > sparsity(best, frame, reachFrames) ? candidate : best,
  );
}

function sparsity(candidate: Candidate, frame: number, reachFrames: number): number {
  const first = Math.max(0, frame - reachFrames);
  const last = Math.min(candidate.squares.length - 1, frame + reachFrames);
  let squares = 0;
  let fourths = 0;
  for (let near = first; near <= last; near++) {
    squares += candidate.squares[near]!;
    fourths += candidate.fourths[near]!;
  }
  return squares > 0 ? fourths / (squares * squares) : 0;
}
