import { FADER_LAW } from '../base/sliderLaw.ts';

/** Beside the fader where the strip is wide enough. */
export function FaderScale() {
  return (
    <div class="fader-scale" aria-hidden="true">
      {[12, 6, 0, -6, -12, -20, -30, -60].map((level) => (
        <span key={level} style={{ '--level': FADER_LAW.toTravel(level) }}>
          {Math.abs(level)}
        </span>
      ))}
    </div>
  );
}

export function MeterScale() {
  return (
    <div class="meter-scale" aria-hidden="true">
      {[0, -10, -20, -30, -40, -50].map((level) => (
        <span key={level} style={{ '--level': (level + 60) / 66 }}>
          {Math.abs(level)}
        </span>
      ))}
    </div>
  );
}
