import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Samples } from '../../engine/core/units.ts';
import type { Strip } from '../../host/protocol/LiveState.ts';
import type { OpenRecording } from '../../host/protocol/recordingState.ts';
import { useDesk } from './RecordingDesk.ts';
import { TrackPlayer } from './TrackPlayer.ts';
import { type Listening, MIXTURE_TRACK, trackGains } from './trackGains.ts';

/**
 * Whether there are tracks that fit the rows of the present voices. Outdated ones do as long as no voice was added or merged since they
 * were made.
 */
export function usePlayableTracks({ tracks, tracksRevision, voices }: OpenRecording): boolean {
  const made = useRef<{ readonly revision: number; readonly voices: number } | null>(null);
  if (tracks === 'current') made.current = { revision: tracksRevision, voices: voices.length };
  if (tracks === 'none') return false;
  return made.current?.revision !== tracksRevision || made.current.voices === voices.length;
}

/** A player of the mixture and, if there are any, the tracks of the open recording. @param strips of the voices and the rest */
export function useTrackPlayer(
  { id, seconds, sampleRateHertz, tracksRevision, voices }: OpenRecording,
  hasTracks: boolean,
  listening: Listening,
  strips: readonly Strip[],
): TrackPlayer {
  const { recordings, notices } = useDesk();
  const player = useMemo(() => new TrackPlayer((error) => notices.problem(error)), [notices]);
  const tracks = hasTracks ? voices.length + 1 : 0;
  useEffect(() => () => player.close(), [player]);
  useEffect(() => {
    player.setTracks({
      sampleRateHertz,
      totalSamples: totalSamples({ seconds, sampleRateHertz }),
      tracks: Array.from({ length: tracks + 1 }, (_, index) => MIXTURE_TRACK + index),
      load: (track, fromSample, samples, signal) =>
        recordings.sound(id, { track, tracksRevision, fromSample, samples }, signal),
    });
  }, [player, recordings, id, seconds, sampleRateHertz, tracksRevision, tracks]);
  useEffect(() => player.setGains(trackGains(listening, strips)));
  return player;
}

/** Length of mixture and tracks. */
export function totalSamples({
  seconds,
  sampleRateHertz,
}: Pick<OpenRecording, 'seconds' | 'sampleRateHertz'>): Samples {
  return Math.floor(seconds * sampleRateHertz + 1e-6);
}
