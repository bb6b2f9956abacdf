import { useEffect, useRef } from 'preact/hooks';
import type { Seconds } from '../../engine/core/units.ts';
import { decibelText } from '../base/numberText.ts';
import { usePanel } from '../model/PanelContext.ts';
import { useTexts } from '../texts/useTexts.ts';

const READ_SECONDS: Seconds = 0.5;
const SILENT_DECIBELS = -100;

/** Peak level of the last half second, as a number. */
export function PeakReading({ signal }: { readonly signal: number }) {
  const { telemetryHistory, renderLoop } = usePanel();
  const { peak, silent } = useTexts().mixer;
  const text = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const element = text.current!;
    let highest = Number.NEGATIVE_INFINITY;
    let readAt = 0;
    return renderLoop.add((nowMilliseconds) => {
      highest = Math.max(highest, telemetryHistory.peakAt(signal, nowMilliseconds));
      if (nowMilliseconds < readAt) return;
      readAt = nowMilliseconds + READ_SECONDS * 1000;
      element.textContent = highest > SILENT_DECIBELS ? decibelText(highest) : silent;
      highest = Number.NEGATIVE_INFINITY;
    });
  }, [telemetryHistory, renderLoop, signal, silent]);
  return <span ref={text} class="peak" title={peak} />;
}
