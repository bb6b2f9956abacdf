import { useEffect, useRef } from 'preact/hooks';
import { usePanel } from '../model/PanelContext.ts';
import { SIGNAL } from '../model/TelemetryHistory.ts';

/** Input level while a voice is recorded, with the recommended range marked. */
export function LevelBar() {
  const { telemetryHistory, renderLoop } = usePanel();
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { style } = bar.current!;
    let shown = 0;
    return renderLoop.add((now) => {
      const level = Math.min(1, Math.max(0, (telemetryHistory.peakAt(SIGNAL.input, now) + 60) / 60));
      shown = Math.max(level, shown - 0.008);
      style.transform = `scaleX(${shown.toFixed(3)})`;
    });
  }, [telemetryHistory, renderLoop]);
  return (
    <div class="level-bar" aria-hidden="true">
      <div class="level-zone" />
      <div ref={bar} class="level-fill" />
    </div>
  );
}
