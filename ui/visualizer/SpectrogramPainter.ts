import { MAXIMUM_SPEAKERS } from '../../engine/core/limits.ts';
import type { Seconds } from '../../engine/core/units.ts';
import { levelDecibels, SPECTRUM_BANDS } from '../../engine/realtime/telemetryFrame.ts';
import type { Theme } from '../base/theme.ts';
import {
  COLUMNS_PER_SECOND,
  HISTORY_COLUMNS,
  MAXIMUM_TEMPLATES,
  type TelemetryHistory,
} from '../model/TelemetryHistory.ts';
import { activationRamp, faintRamp, groundColour, levelRamp } from './colourRamp.ts';
import { type FrequencyScale, hertzAt, mapRows, topHertz } from './frequencyScale.ts';

/** What the painter shows, and how. */
export interface SpectrogramLook {
  readonly content: 'spectra' | 'activations';
  readonly scale: FrequencyScale;
  /** Speakers' lanes show the mixture, coloured by the speaker's mask. */
  readonly isMaskShown: boolean;
  /** Adds a lane for the rest below the speakers' lanes. */
  readonly isRestShown: boolean;
  readonly spanSeconds: Seconds;
  readonly theme: Theme;
  /** #rrggbb of each speaker */
  readonly colours: readonly string[];
  /** For each speaker, the template shown at each position, bottom first; null: in the preset's order. */
  readonly orders: readonly (Uint16Array | null)[];
}

/** Values at one point of the canvas. `hertz` and `decibels` are null for activations, the last two fields for spectra. */
export interface SpectrogramReading {
  readonly secondsAgo: Seconds;
  readonly hertz: number | null;
  readonly decibels: number | null;
  readonly template: number | null;
  readonly activation: number | null;
}

/** Gap between lanes, in device pixels. */
const GAP_ROWS = 2;
/** Height of the line below a speaker's lane where the speaker is active, in device pixels. */
const ACTIVITY_ROWS = 3;
/** Probability, in 255ths, above which a speaker counts as active. */
const ACTIVE = 127;
/** The playhead runs at the nominal rate and corrects this share of its lag behind the latest column per animation frame. */
const CLOCK_FOLLOW = 0.06;
/** Lag beyond which the playhead jumps to the latest column. */
const CLOCK_SNAP_COLUMNS = 40;

/**
 * Paints all lanes into one canvas. Each new column of the history is coloured once, into an off-screen ring as wide as the history;
 * every animation frame then only copies two parts of that ring, and does nothing if the picture is the same.
 */
export class SpectrogramPainter {
  private readonly history: TelemetryHistory;
  private readonly context: CanvasRenderingContext2D;
  private readonly ring = document.createElement('canvas');
  private ringContext: CanvasRenderingContext2D;
  private column = new ImageData(1, 1);
  private pixels = new Uint32Array(1);
  private bands = new Uint8Array(0);
  private weights = new Uint8Array(0);
  private look: SpectrogramLook;
  private readonly mixtureRamp = { dark: levelRamp('dark', null), light: levelRamp('light', null) };
  private readonly faintRamp = { dark: faintRamp('dark'), light: faintRamp('light') };
  private speakerRamps: Uint32Array[] = [];
  private activationRamps: Uint32Array[] = [];
  private lanes = 0;
  private laneRows = 0;
  private paintedColumn = -1;
  private playhead = 0;
  private copiedPlayhead = Number.NaN;
  private hasRingChanged = true;
  private lastMilliseconds = 0;
  private rateHertz = 0;
  private revision = 0;

  constructor(canvas: HTMLCanvasElement, history: TelemetryHistory, look: SpectrogramLook) {
    this.history = history;
    this.look = look;
    this.context = canvas.getContext('2d', { alpha: false })!;
    this.ringContext = this.ring.getContext('2d', { alpha: false })!;
    this.setLook(look);
  }

  setLook(look: SpectrogramLook): void {
    this.look = look;
    this.speakerRamps = look.colours.map((colour) => levelRamp(look.theme, colour));
    this.activationRamps = look.colours.map((colour) => activationRamp(look.theme, colour));
    this.layOut();
  }

  /** @param width, height in device pixels */
  resize(width: number, height: number): void {
    const { canvas } = this.context;
    if (canvas.width === width && canvas.height === height) return;
    canvas.width = width;
    canvas.height = height;
    this.layOut();
  }

  /** @param x, y 0 to 1 from the top left of the canvas @returns the values there; null outside the lanes and where there is no data */
  readingAt(x: number, y: number): SpectrogramReading | null {
    const { history, look } = this;
    const row = Math.floor(y * this.context.canvas.height);
    const lane = Math.floor(row / (this.laneRows + GAP_ROWS));
    const rowInLane = row - lane * (this.laneRows + GAP_ROWS);
    if (lane >= this.lanes || rowInLane >= this.laneRows || history.latestColumn < 0) return null;
    const secondsAgo = (1 - x) * look.spanSeconds;
    const column = Math.round(this.playhead - secondsAgo * COLUMNS_PER_SECOND);
    const speaker = look.content === 'activations' ? lane : lane - 1;
    if (column > history.latestColumn || column <= history.latestColumn - HISTORY_COLUMNS || column < 0) return null;
    const place = column % HISTORY_COLUMNS;
    if (look.content === 'activations') {
      const template = this.templateAt(speaker, rowInLane);
      const activation = (history.activations[speaker]?.[place * MAXIMUM_TEMPLATES + template] ?? 0) / 255;
      return { secondsAgo, hertz: null, decibels: null, template, activation: activation ** 4 };
    }
    const values = speaker < 0 ? history.mixture : this.isRestLane(lane) ? history.rest : history.speakers[speaker];
    if (values === undefined) return null;
    return {
      secondsAgo,
      hertz: hertzAt((this.laneRows - rowInLane - 0.5) / this.laneRows, look.scale, topHertz(history.sampleRateHertz)),
      decibels: levelDecibels(values[place * SPECTRUM_BANDS + this.bands[rowInLane]!]!),
      template: null,
      activation: null,
    };
  }

  readonly paint = (nowMilliseconds: number): void => {
    const { history, context } = this;
    const { width, height } = context.canvas;
    if (width === 0 || height === 0) return;
    const hasMoved = history.revision !== this.revision || history.latestColumn < this.paintedColumn;
    if (history.sampleRateHertz !== this.rateHertz || hasMoved) this.layOut();
    const oldest = Math.max(this.paintedColumn + 1, history.latestColumn - HISTORY_COLUMNS + 1, 0);
    for (let column = oldest; column <= history.latestColumn; column++) this.paintColumn(column);
    this.paintedColumn = history.latestColumn;
    this.movePlayhead(nowMilliseconds);
    if (!this.hasRingChanged && this.playhead === this.copiedPlayhead) return;
    this.hasRingChanged = false;
    this.copiedPlayhead = this.playhead;
    this.copyRing(width, height);
  };

  private movePlayhead(nowMilliseconds: number): void {
    const { latestColumn } = this.history;
    const elapsedSeconds = Math.min(0.2, (nowMilliseconds - this.lastMilliseconds) / 1000);
    this.lastMilliseconds = nowMilliseconds;
    const lag = latestColumn - this.playhead;
    if (Math.abs(lag) > CLOCK_SNAP_COLUMNS) this.playhead = latestColumn;
    else if (lag > -2) this.playhead += elapsedSeconds * COLUMNS_PER_SECOND + CLOCK_FOLLOW * (lag - 1);
  }

  private copyRing(width: number, height: number): void {
    const { context, ring, playhead } = this;
    const visible = this.look.spanSeconds * COLUMNS_PER_SECOND;
    const pixelsPerColumn = width / visible;
    const first = playhead - visible;
    const start = ((first % HISTORY_COLUMNS) + HISTORY_COLUMNS) % HISTORY_COLUMNS;
    const before = Math.min(visible, HISTORY_COLUMNS - start);
    context.imageSmoothingEnabled = true;
    context.drawImage(ring, start, 0, before, height, 0, 0, before * pixelsPerColumn, height);
    if (before >= visible) return;
    const x = before * pixelsPerColumn;
    context.drawImage(ring, 0, 0, visible - before, height, x, 0, width - x, height);
  }

  /** Clears the ring and recomputes the layout after a change of size, look, sample rate or speakers. */
  private layOut(): void {
    const { height } = this.context.canvas;
    this.rateHertz = this.history.sampleRateHertz;
    this.revision = this.history.revision;
    const { colours, content, isRestShown } = this.look;
    const speakers = Math.min(colours.length, MAXIMUM_SPEAKERS);
    this.lanes = Math.max(1, content === 'activations' ? speakers : speakers + (isRestShown ? 2 : 1));
    this.laneRows = Math.max(1, Math.floor((height - GAP_ROWS * (this.lanes - 1)) / this.lanes));
    if (this.ring.height !== height || this.ring.width !== HISTORY_COLUMNS) {
      this.ring.width = HISTORY_COLUMNS;
      this.ring.height = Math.max(1, height);
      this.ringContext = this.ring.getContext('2d', { alpha: false })!;
      this.column = new ImageData(1, Math.max(1, height));
      this.pixels = new Uint32Array(this.column.data.buffer);
    }
    this.bands = new Uint8Array(this.laneRows);
    this.weights = new Uint8Array(this.laneRows);
    if (this.rateHertz > 0) mapRows(this.rateHertz, this.look.scale, this.laneRows, this.bands, this.weights);
    this.ringContext.fillStyle = this.look.theme === 'dark' ? '#0d1013' : '#faf9f6';
    this.ringContext.fillRect(0, 0, this.ring.width, this.ring.height);
    this.paintedColumn = -1;
    this.hasRingChanged = true;
  }

  private paintColumn(column: number): void {
    const { history, look, pixels } = this;
    const place = column % HISTORY_COLUMNS;
    pixels.fill(groundColour(look.theme));
    for (let lane = 0; lane < this.lanes; lane++) {
      const firstRow = lane * (this.laneRows + GAP_ROWS);
      if (look.content === 'activations') this.paintActivations(lane, place, firstRow);
      else if (lane === 0) this.paintMixture(place, firstRow);
      else if (this.isRestLane(lane)) this.paintRest(place, firstRow);
      else if (lane <= history.speakerCount) this.paintSpeaker(lane - 1, place, firstRow);
    }
    this.ringContext.putImageData(this.column, place, 0);
    this.hasRingChanged = true;
  }

  /** The rest is the last lane, if shown. */
  private isRestLane(lane: number): boolean {
    const { content, isRestShown } = this.look;
    return content === 'spectra' && isRestShown && lane === this.lanes - 1;
  }

  private paintRest(place: number, firstRow: number): void {
    const { history, look, pixels, bands, weights } = this;
    const offset = place * SPECTRUM_BANDS;
    const ramp = this.mixtureRamp[look.theme];
    for (let row = 0; row < this.laneRows; row++)
      pixels[firstRow + row] = ramp[between(history.rest, offset + bands[row]!, weights[row]!)]!;
  }

  private paintMixture(place: number, firstRow: number): void {
    const { history, look, pixels, bands, weights } = this;
    const offset = place * SPECTRUM_BANDS;
    const plain = this.mixtureRamp[look.theme];
    for (let row = 0; row < this.laneRows; row++) {
      const at = offset + bands[row]!;
      const ramp = look.isMaskShown ? this.rampOfLoudest(at) : plain;
      pixels[firstRow + row] = ramp[between(history.mixture, at, weights[row]!)]!;
    }
  }

  /** Colour ramp of the loudest speaker at an offset of the spectra; the mixture's ramp if all are silent. */
  private rampOfLoudest(at: number): Uint32Array {
    let best = -1;
    let loudest = 0;
    for (let speaker = 0; speaker < this.history.speakerCount; speaker++) {
      const level = this.history.speakers[speaker]![at]!;
      if (level > loudest) {
        loudest = level;
        best = speaker;
      }
    }
    return this.speakerRamps[best] ?? this.mixtureRamp[this.look.theme];
  }

  private paintSpeaker(speaker: number, place: number, firstRow: number): void {
    const { history, look, pixels, bands, weights } = this;
    const ramp = this.speakerRamps[speaker];
    const spectra = history.speakers[speaker];
    if (ramp === undefined || spectra === undefined) return;
    const offset = place * SPECTRUM_BANDS;
    const grey = this.faintRamp[look.theme];
    const isActive = (history.activities[speaker]?.[place] ?? 0) > ACTIVE;
    const lineRow = isActive ? this.laneRows - ACTIVITY_ROWS : this.laneRows;
    pixels.fill(ramp[255]!, firstRow + lineRow, firstRow + this.laneRows);
    for (let row = 0; row < lineRow; row++) {
      const at = offset + bands[row]!;
      const level = between(spectra, at, weights[row]!);
      if (!look.isMaskShown) pixels[firstRow + row] = ramp[level]!;
      else {
        const mixture = between(history.mixture, at, weights[row]!);
        pixels[firstRow + row] = mixed(grey[mixture]!, ramp[mixture]!, MASK_GAINS[Math.max(0, mixture - level)]!);
      }
    }
  }

  private paintActivations(speaker: number, place: number, firstRow: number): void {
    const { history, pixels } = this;
    const ramp = this.activationRamps[speaker];
    const values = history.activations[speaker];
    if (ramp === undefined || values === undefined || history.templates[speaker] === 0) return;
    const offset = place * MAXIMUM_TEMPLATES;
    for (let row = 0; row < this.laneRows; row++) {
      pixels[firstRow + row] = ramp[values[offset + this.templateAt(speaker, row)]!]!;
    }
  }

  /** @param row from the top of the lane */
  private templateAt(speaker: number, row: number): number {
    const templates = this.history.templates[speaker] ?? 0;
    const place = Math.floor(((this.laneRows - 1 - row) / this.laneRows) * templates);
    const order = this.look.orders[speaker];
    return (order?.length === templates ? order[place] : undefined) ?? place;
  }
}

/** Mask gain in 256ths, by the speaker's level below the mixture in half decibels. */
const MASK_GAINS = Uint16Array.from({ length: 256 }, (_, halves) => Math.round(256 * 10 ** (-halves / 40)));

/** Interpolates between two neighbouring bands. @param weight of the upper band, in 256ths */
function between(values: Uint8Array, at: number, weight: number): number {
  const low = values[at]!;
  return low + (((values[at + 1]! - low) * weight) >> 8);
}

/** Blends two packed pixels. @param share of `other`, in 256ths */
function mixed(one: number, other: number, share: number): number {
  const red = (one & 255) + ((((other & 255) - (one & 255)) * share) >> 8);
  const green = ((one >> 8) & 255) + (((((other >> 8) & 255) - ((one >> 8) & 255)) * share) >> 8);
  const blue = ((one >> 16) & 255) + (((((other >> 16) & 255) - ((one >> 16) & 255)) * share) >> 8);
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
