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
 * representation", IEEE ASSP 1986): the loudest peak chooses first, and continues the nearest track that no louder one has taken.
 * @param frames peaks of each frame, by rising frequency
 * @param largestStepHertz a track ends where no peak is this near
 * @returns tracks in the order in which they begin
 */
export function linkTracks(frames: readonly (readonly SpectralPeak[])[], largestStepHertz: Hertz): PeakTrack[] {
  const tracks: PeakTrack[] = [];
  let living: PeakTrack[] = [];
  frames.forEach((peaks, frame) => {
    const free = new Set(living);
    const next: PeakTrack[] = [];
    for (const peak of peaks.toSorted((first, second) => second.magnitude - first.magnitude)) {
      const track = nearestTrack(free, peak, largestStepHertz);
      if (track === null) {
        const born = { firstFrame: frame, peaks: [peak] };
        tracks.push(born);
        next.push(born);
      } else {
        free.delete(track);
        track.peaks.push(peak);
        next.push(track);
      }
    }
    living = next;
  });
  return tracks;
}

function nearestTrack(tracks: ReadonlySet<PeakTrack>, peak: SpectralPeak, largestStepHertz: Hertz): PeakTrack | null {
  let nearest: PeakTrack | null = null;
  let smallest = largestStepHertz;
  for (const track of tracks) {
    const distance = Math.abs(track.peaks.at(-1)!.frequencyHertz - peak.frequencyHertz);
    if (distance > smallest) continue;
    nearest = track;
    smallest = distance;
  }
  return nearest;
}
