import type { Hertz } from '../core/units.ts';

export interface SpectralPeak {
  readonly frequencyHertz: Hertz;
  readonly magnitude: number;
}

/** One partial over consecutive frames. */
export interface PeakTrack {
  readonly firstFrame: number;
  readonly peaks: SpectralPeak[];
}

/**
 * Links peaks of consecutive frames to tracks (R. J. McAulay, T. F. Quatieri, "Speech analysis/synthesis based on a sinusoidal
 * representation", IEEE ASSP 1986): in order of decreasing magnitude, each peak continues the nearest track not yet continued.
 * @param frames peaks of each frame, by ascending frequency
 * @param largestStepHertz a track ends if no peak is within this distance
 * @returns tracks in the order in which they begin
 */
export function linkTracks(frames: readonly (readonly SpectralPeak[])[], largestStepHertz: Hertz): PeakTrack[] {
  const tracks: PeakTrack[] = [];
  let active: PeakTrack[] = [];
  frames.forEach((peaks, frame) => {
    const free = new Set(active);
    const next: PeakTrack[] = [];
    for (const peak of peaks.toSorted((first, second) => second.magnitude - first.magnitude)) {
      const track = nearestTrack(free, peak, largestStepHertz);
      if (track === null) {
        const started = { firstFrame: frame, peaks: [peak] };
        tracks.push(started);
        next.push(started);
      } else {
        free.delete(track);
        track.peaks.push(peak);
        next.push(track);
      }
    }
    active = next;
  });
  return tracks;
}

function nearestTrack(tracks: ReadonlySet<PeakTrack>, peak: SpectralPeak, largestStepHertz: Hertz): PeakTrack | null {
  let nearest: PeakTrack | null = null;
  let smallest = largestStepHertz;
  for (const track of tracks) {
    const last = track.peaks.at(-1);
    if (last === undefined) continue;
    const distance = Math.abs(last.frequencyHertz - peak.frequencyHertz);
    if (distance > smallest) continue;
    nearest = track;
    smallest = distance;
  }
  return nearest;
}
