import { useEffect, useRef } from 'preact/hooks';
import { usePanel } from '../model/PanelContext.ts';
import { SIGNAL } from '../model/TelemetryHistory.ts';

/** The input's level while a voice is recorded, with the zone that is good. */
export function LevelBar() {
  const { history, pictures } = usePanel();
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { style } = bar.current!;
    let shown = 0;
    return pictures.add((now) => {
      const level = Math.min(1, Math.max(0, (history.peakAt(SIGNAL.input, now) + 60) / 60));
      shown = Math.max(level, shown - 0.008);
      style.transform = `scaleX(${shown.toFixed(3)})`;
    });
  }, [history, pictures]);
  return (
    <div class="level-bar" aria-hidden="true">
      <div class="level-zone" />
      <div ref={bar} class="level-fill" />
    </div>
  );
}
