import type { Hertz, Seconds } from '../../engine/core/units.ts';
import { decibelText, decimalText } from '../base/numberText.ts';
import type { Texts } from '../texts/catalogue.ts';
import { useTexts } from '../texts/useTexts.ts';
import { type FrequencyScale, heightOf, hertzLabel, ticksHertz, topHertz } from './frequencyScale.ts';
import type { SpectrogramReading } from './SpectrogramPainter.ts';

interface LaneOverlayProps {
  readonly lanes: readonly string[];
  readonly colours: readonly (string | null)[];
  readonly content: 'spectra' | 'activations';
  readonly scale: FrequencyScale;
  readonly sampleRateHertz: Hertz;
  readonly spanSeconds: Seconds;
  readonly laneHeightPixels: number;
  /** Cursor position, 0 to 1 of the width and height from the top left; null: no cursor */
  readonly point: { readonly x: number; readonly y: number } | null;
  readonly reading: SpectrogramReading | null;
}

/** Lane names, axes and the reading at the cursor, drawn over the canvas. */
export function LaneOverlay(props: LaneOverlayProps) {
  const { lanes, colours, content, scale, sampleRateHertz, spanSeconds, laneHeightPixels, point, reading } = props;
  const texts = useTexts().visualizer;
  const top = topHertz(sampleRateHertz || 16_000);
  const ticks = readableTicks(scale, top, laneHeightPixels);
  const seconds = Array.from({ length: 4 }, (_, index) => (spanSeconds / 5) * (index + 1));
  return (
    <div class="overlay">
      <div class="lane-marks" aria-hidden="true">
        {lanes.map((name, lane) => (
          <div key={lane} class="lane-mark" style={{ '--speaker': colours[lane] ?? 'var(--text-dim)' }}>
            <span class="lane-name">{name}</span>
            {content === 'spectra'
              ? ticks.map((hertz) => (
                  <span key={hertz} class="tick" style={{ '--height': heightOf(hertz, scale, top) }}>
                    {hertz < 1000 ? hertz : `${hertz / 1000}k`}
                  </span>
                ))
              : null}
          </div>
        ))}
      </div>
      <div class="time-marks" aria-hidden="true">
        {seconds.map((each) => (
          <span key={each} style={{ '--ago': each / spanSeconds }}>
            −{each} s
          </span>
        ))}
      </div>
      {point === null ? null : (
        <div class="readout">
          <div class="crosshair" aria-hidden="true" style={{ '--x': point.x, '--y': point.y }} />
          <output
            class="reading"
            style={{ '--x': point.x, '--y': point.y }}
            data-side={point.x > 0.6 ? 'left' : 'right'}
          >
            {reading === null ? texts.noSignal : readingText(reading, texts)}
          </output>
        </div>
      )}
    </div>
  );
}

function readingText(
  { secondsAgo, hertz, decibels, template, activation }: SpectrogramReading,
  texts: Texts['visualizer'],
): string {
  const time = `−${decimalText(secondsAgo, 2)} s`;
  if (template !== null) return `${time}   ${texts.templateNumber(template + 1)}   ${decimalText(activation ?? 0, 3)}`;
  const level = decibels === null || decibels <= -119 ? texts.silent : decibelText(decibels);
  return `${time}   ${hertzLabel(hertz ?? 0)}   ${level}`;
}

/** Drops ticks whose labels would overlap; round frequencies take precedence. */
function readableTicks(scale: FrequencyScale, top: Hertz, laneHeightPixels: number): Hertz[] {
  const all = [...ticksHertz(scale, top)].sort((one, other) => rank(one) - rank(other));
  const kept: Hertz[] = [];
  for (const hertz of all) {
    const y = heightOf(hertz, scale, top) * laneHeightPixels;
    const isNear = (other: Hertz) => Math.abs(heightOf(other, scale, top) * laneHeightPixels - y) < TICK_PIXELS;
    if (y > TICK_PIXELS / 2 && y < laneHeightPixels - TICK_PIXELS / 2 && !kept.some(isNear)) kept.push(hertz);
  }
  return kept;
}

const TICK_PIXELS = 13;

/** Lower ranks take precedence. */
function rank(hertz: Hertz): number {
  return [1000, 4000, 100, 5000, 10_000].indexOf(hertz) + 1 || 9;
}
