import { levelByte } from '../../engine/realtime/telemetryFrame.ts';
import type { RecordingOverviewFacts } from '../../host/protocol/recordingState.ts';
import type { Theme } from '../base/theme.ts';
import type { OverviewPart } from '../link/RecordingFiles.ts';
import { levelRamp } from '../visualizer/colourRamp.ts';
import type { OverviewTiles } from './OverviewTiles.ts';
import { type OverviewPiece, overviewPieces, peaksBetween } from './overviewPieces.ts';
import type { TimeRange } from './segmentEdges.ts';
import { pixelOf, type TimeView, ticksSeconds } from './TimeView.ts';
import { tickText } from './timeText.ts';

/** Heights in CSS pixels, in this order from the top. */
export interface TimelineLayout {
  readonly rulerPixels: number;
  readonly waveformPixels: number;
  readonly spectrogramPixels: number;
  readonly lanePixels: number;
}

/** Overview of the open recording. */
export interface Overview {
  readonly facts: RecordingOverviewFacts;
  readonly tiles: OverviewTiles;
}

/** One lane of segments below the spectrogram. */
export interface TimelineLane {
  /** #rrggbb */
  readonly colour: string;
  /** Shown at the left edge; null: not shown. */
  readonly name: string | null;
  /** Those in view. */
  readonly segments: readonly TimeRange[];
}

/** What the painter shows. */
export interface TimelineLook {
  readonly view: TimeView;
  readonly layout: TimelineLayout;
  readonly theme: Theme;
  readonly lanes: readonly TimelineLane[];
  /** null: not known yet */
  readonly overview: Overview | null;
}

const INKS = {
  dark: { ground: '#0d1013', surface: '#14181c', line: '#262c33', text: '#98a2ad', wave: '#96a6b8', name: '#e9ecef' },
  light: { ground: '#faf9f6', surface: '#f6f5f2', line: '#d6d4ce', text: '#5c636b', wave: '#5c6876', name: '#1b1e22' },
} as const;
const FONT = '"Segoe UI", system-ui, "Noto Sans", "DejaVu Sans", sans-serif';
/** Narrower segments are drawn this wide. */
const NARROWEST_PIXELS = 1;
/** Space above and below the segments of a lane. */
export const LANE_PADDING_PIXELS = 5;
/** Range of the colour scale onto which the level bytes of an overview are spread, from silence to full scale. */
const COLOUR_RANGE_DECIBELS = { minimum: -100, maximum: -8 } as const;

/** Paints ruler, waveform, spectrogram and segments of a part of a recording. Each tile of the spectrogram is coloured once. */
export class TimelinePainter {
  private readonly context: CanvasRenderingContext2D;
  private readonly ramps = { dark: overviewRamp('dark'), light: overviewRamp('light') };
  private readonly pictures: Readonly<Record<Theme, WeakMap<OverviewPart, HTMLCanvasElement>>> = {
    dark: new WeakMap(),
    light: new WeakMap(),
  };
  private readonly range = new Float32Array(2);

  constructor(canvas: HTMLCanvasElement) {
    this.context = canvas.getContext('2d', { alpha: false })!;
  }

  /** @param pixelRatio device pixels in a CSS pixel */
  paint(look: TimelineLook, heightPixels: number, pixelRatio: number): void {
    const { context } = this;
    const { view, theme, overview } = look;
    const [width, height] = [Math.round(view.widthPixels * pixelRatio), Math.round(heightPixels * pixelRatio)];
    if (context.canvas.width !== width || context.canvas.height !== height) {
      context.canvas.width = width;
      context.canvas.height = height;
    }
    context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
    context.fillStyle = INKS[theme].ground;
    context.fillRect(0, 0, view.widthPixels, heightPixels);
    this.paintRuler(look, heightPixels);
    if (overview !== null) {
      for (const piece of overviewPieces(overview.tiles, overview.facts, view)) {
        this.paintWaveform(look, piece);
        this.paintSpectrogram(look, piece, overview.facts.bands);
      }
    }
    this.paintLanes(look);
  }

  private paintRuler({ view, layout, theme }: TimelineLook, heightPixels: number): void {
    const { context } = this;
    const inks = INKS[theme];
    const { stepSeconds, ticks } = ticksSeconds(view);
    context.fillStyle = inks.surface;
    context.fillRect(0, 0, view.widthPixels, layout.rulerPixels);
    context.font = `10px ${FONT}`;
    context.textBaseline = 'middle';
    for (const tick of ticks) {
      const x = Math.round(pixelOf(view, tick));
      context.fillStyle = inks.line;
      context.fillRect(x, layout.rulerPixels - 6, 1, layout.waveformPixels + 6);
      context.fillRect(x, lanesTop(layout), 1, heightPixels - lanesTop(layout));
      context.fillStyle = inks.text;
      context.fillText(tickText(tick, stepSeconds), x + 4, layout.rulerPixels / 2);
    }
  }

  private paintWaveform({ view, layout, theme }: TimelineLook, piece: OverviewPiece): void {
    const { context, range } = this;
    const columnsPerSecond = piece.columns / (piece.endSeconds - piece.startSeconds);
    const first = Math.max(0, Math.floor(pixelOf(view, piece.startSeconds)));
    const last = Math.min(view.widthPixels, Math.ceil(pixelOf(view, piece.endSeconds)));
    const half = layout.waveformPixels / 2;
    const columnOf = (pixel: number) =>
      piece.fromColumn + (view.startSeconds + pixel * view.secondsPerPixel - piece.startSeconds) * columnsPerSecond;
    context.fillStyle = INKS[theme].wave;
    for (let x = first; x < last; x++) {
      peaksBetween(piece.part, columnOf(x), columnOf(x + 1), range);
      const top = half * (1 - range[1]!);
      const height = Math.max(1, half * (range[1]! - range[0]!));
      context.fillRect(x, layout.rulerPixels + top, 1, height);
    }
  }

  private paintSpectrogram({ view, layout, theme }: TimelineLook, piece: OverviewPiece, bands: number): void {
    const x = pixelOf(view, piece.startSeconds);
    const width = pixelOf(view, piece.endSeconds) - x;
    const top = layout.rulerPixels + layout.waveformPixels;
    const picture = this.pictureOf(piece.part, theme, bands);
    this.context.imageSmoothingEnabled = true;
    this.context.drawImage(
      picture,
      piece.fromColumn,
      0,
      piece.columns,
      bands,
      x,
      top,
      // Without the overlap, rounding would leave a faint line between two tiles.
      width + 0.5,
      layout.spectrogramPixels,
    );
  }

  private paintLanes({ view, layout, theme, lanes }: TimelineLook): void {
    const { context } = this;
    const inks = INKS[theme];
    for (const [index, { colour, name, segments }] of lanes.entries()) {
      const top = lanesTop(layout) + index * layout.lanePixels;
      context.fillStyle = inks.line;
      context.fillRect(0, top, view.widthPixels, 1);
      context.fillStyle = colour;
      for (const { startSeconds, endSeconds } of segments) {
        const x = pixelOf(view, startSeconds);
        const width = Math.max(NARROWEST_PIXELS, pixelOf(view, endSeconds) - x);
        context.fillRect(x, top + LANE_PADDING_PIXELS, width, layout.lanePixels - 2 * LANE_PADDING_PIXELS);
      }
      if (name !== null) this.paintLaneName(name, top + layout.lanePixels / 2, theme);
    }
  }

  private paintLaneName(name: string, y: number, theme: Theme): void {
    const { context } = this;
    context.font = `600 11px ${FONT}`;
    context.textBaseline = 'middle';
    context.globalAlpha = 0.8;
    context.fillStyle = INKS[theme].ground;
    context.fillRect(4, y - 9, context.measureText(name).width + 10, 18);
    context.globalAlpha = 1;
    context.fillStyle = INKS[theme].name;
    context.fillText(name, 9, y + 0.5);
  }

  /** The spectrogram of a tile, one pixel a column and band. */
  private pictureOf(part: OverviewPart, theme: Theme, bands: number): HTMLCanvasElement {
    const kept = this.pictures[theme].get(part);
    if (kept !== undefined) return kept;
    const picture = document.createElement('canvas');
    picture.width = part.columns;
    picture.height = bands;
    const image = new ImageData(part.columns, bands);
    const pixels = new Uint32Array(image.data.buffer);
    const ramp = this.ramps[theme];
    for (let column = 0; column < part.columns; column++) {
      for (let band = 0; band < bands; band++) {
        pixels[(bands - 1 - band) * part.columns + column] = ramp[part.bands[column * bands + band]!]!;
      }
    }
    picture.getContext('2d')!.putImageData(image, 0, 0);
    this.pictures[theme].set(part, picture);
    return picture;
  }
}

/** Top of the first lane. */
export function lanesTop({ rulerPixels, waveformPixels, spectrogramPixels }: TimelineLayout): number {
  return rulerPixels + waveformPixels + spectrogramPixels;
}

/** The mixture's colours for the level bytes of an overview. @returns [256] packed pixels */
function overviewRamp(theme: Theme): Uint32Array {
  const ramp = levelRamp(theme, null);
  const { minimum, maximum } = COLOUR_RANGE_DECIBELS;
  return Uint32Array.from({ length: 256 }, (_, byte) => ramp[levelByte(minimum + ((maximum - minimum) * byte) / 255)]!);
}
