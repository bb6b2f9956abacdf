import { useEffect, useRef } from 'preact/hooks';
import { usePanel } from '../model/PanelContext.ts';
import { useTexts } from '../texts/useTexts.ts';

/** Probabilities at which the light goes on and off; apart, so that it does not flicker. */
const ON = 0.6;
const OFF = 0.4;
/** The least time that the light stays on, so that a single syllable is seen. */
const LEAST_MILLISECONDS = 120;

/** Lights up while the speaker of this slot is speaking. */
export function ActivityLight({ slot }: { readonly slot: number }) {
  const light = useRef<HTMLSpanElement>(null);
  const { telemetryHistory, renderLoop } = usePanel();
  const texts = useTexts().mixer;
  useEffect(() => {
    let isOn = false;
    let since = 0;
    return renderLoop.add((now) => {
      const probability = telemetryHistory.activityAt(slot, now);
      const isActive = probability > (isOn ? OFF : ON) || (isOn && now - since < LEAST_MILLISECONDS);
      if (isActive && !isOn) since = now;
      if (isActive === isOn) return;
      isOn = isActive;
      light.current?.setAttribute('data-active', String(isOn));
    });
  }, [telemetryHistory, renderLoop, slot]);
  return <span ref={light} class="activity-light" data-active="false" title={texts.speaking} />;
}
