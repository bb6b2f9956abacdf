import { useEffect, useRef } from 'preact/hooks';
import type { Decibels } from '../../../engine/core/units.ts';
import type { Strip } from '../../../host/protocol/LiveState.ts';
import { FADER_LAW } from '../../base/sliderLaw.ts';
import { Slider } from '../../controls/Slider.tsx';
import { Toggle } from '../../controls/Toggle.tsx';
import type { RenderLoop } from '../../model/RenderLoop.ts';
import { useTexts } from '../../texts/useTexts.ts';

interface LiveStripProps {
  readonly name: string;
  readonly colour: string;
  readonly strip: Strip;
  /** @returns null while nothing is separated */
  readonly level: () => Decibels | null;
  readonly renderLoop: RenderLoop;
  readonly onStrip: (strip: Strip) => void;
}

const QUIETEST: Decibels = -60;

/** Name, meter, mute, solo and fader of one voice or of the rest. */
export function LiveStrip({ name, colour, strip, level, renderLoop, onStrip }: LiveStripProps) {
  const texts = useTexts();
  const meter = useRef<HTMLMeterElement>(null);
  const latest = useRef(level);
  latest.current = level;
  useEffect(
    () =>
      renderLoop.add(() => {
        // It is gone a moment before the painter is.
        if (meter.current !== null) meter.current.value = Math.max(QUIETEST, latest.current() ?? QUIETEST);
      }),
    [renderLoop],
  );
  return (
    <fieldset class="live-strip" aria-label={name} style={{ '--speaker': colour, '--fill': colour }}>
      <span class="live-name" title={name}>
        {name}
      </span>
      <meter ref={meter} min={QUIETEST} max={0} value={QUIETEST} aria-label={texts.web.meter(name)} />
      <Toggle
        label={texts.mixer.mute(name)}
        kind="mute"
        isOn={strip.isMuted}
        onChange={(isMuted) => onStrip({ ...strip, isMuted })}
      >
        {texts.mixer.muteMark}
      </Toggle>
      <Toggle
        label={texts.mixer.solo(name)}
        kind="solo"
        isOn={strip.isSoloed}
        onChange={(isSoloed) => onStrip({ ...strip, isSoloed })}
      >
        {texts.mixer.soloMark}
      </Toggle>
      <Slider
        label={texts.mixer.level(name)}
        law={FADER_LAW}
        resetValue={0}
        value={strip.gainDecibels}
        onChange={(gainDecibels) => onStrip({ ...strip, gainDecibels })}
      />
    </fieldset>
  );
}
