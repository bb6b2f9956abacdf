import { useEffect, useState } from 'preact/hooks';
import type { OpenRecording } from '../../host/protocol/recordingState.ts';
import { OverviewTiles } from './OverviewTiles.ts';
import { useDesk } from './RecordingDesk.ts';
import type { Overview } from './TimelinePainter.ts';

/** Overview of the open recording, and a number that counts up with each tile that arrives. null until it is known. */
export function useOverview({ id, phase }: OpenRecording): {
  readonly overview: Overview | null;
  readonly loaded: number;
} {
  const { recordings, notices } = useDesk();
  const [overview, setOverview] = useState<Overview | null>(null);
  const [loaded, setLoaded] = useState(0);
  const isImporting = phase === 'importing';
  useEffect(() => {
    if (isImporting) return;
    let tiles: OverviewTiles | null = null;
    let isCurrent = true;
    recordings.overview(id).then(
      (facts) => {
        if (!isCurrent) return;
        tiles = new OverviewTiles(
          facts.levels,
          (level, from, columns) => recordings.overviewPart(id, facts, level, from, columns),
          () => setLoaded((count) => count + 1),
        );
        setOverview({ facts, tiles });
      },
      (error) => isCurrent && notices.problem(error),
    );
    return () => {
      isCurrent = false;
      tiles?.close();
      setOverview(null);
    };
  }, [recordings, notices, id, isImporting]);
  return { overview, loaded };
}
