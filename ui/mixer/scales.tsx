import { FADER_LAW } from '../base/sliderLaw.ts';

/** Decibel marks beside a fader; hidden by the style sheet where the strip is too narrow. */
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

/** Decibel marks beside the input meter. */
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
