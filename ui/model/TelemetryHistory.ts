import { MAXIMUM_SPEAKERS } from '../../engine/core/limits.ts';
import type { Decibels, Hertz, Seconds } from '../../engine/core/units.ts';
import {
  decodeTelemetryFrame,
  levelDecibels,
  type SignalLevel,
  SPECTRUM_BANDS,
} from '../../engine/realtime/telemetryFrame.ts';

/** Resolution of the time axis: one column is 1/60 s of stream time, independent of when its frame arrived. */
export const COLUMNS_PER_SECOND = 60;
/** 25.6 s. */
export const HISTORY_COLUMNS = 1536;
/** Largest number of templates that the preset format allows. */
export const MAXIMUM_TEMPLATES = 256;
/** Shorter gaps between frames are filled with the next frame; longer ones stay blank. */
const LONGEST_FILL_COLUMNS = 12;
/** Peak below which an input is dead: even a quiet room is louder. */
const DEAD_DECIBELS: Decibels = -90;
/** An input this long at less than that is muted or unplugged. */
const DEAD_MILLISECONDS = 5000;
/** Levels older than this read as silence. */
const STALE_MILLISECONDS = 400;
const SILENCE = levelDecibels(0);

/** Indices of the signals in `peaks` and `rms`; speaker s is at `firstSpeaker + s`. */
export const SIGNAL = { input: 0, output: 1, rest: 2, firstSpeaker: 3 } as const;
const SIGNALS = SIGNAL.firstSpeaker + MAXIMUM_SPEAKERS;

/**
 * The last seconds of telemetry as columns of bytes, addressed by stream time rather than in order of arrival, so that late, lost or
 * duplicate frames do not distort the time axis. Column c is stored at c modulo HISTORY_COLUMNS. Allocates in the constructor only.
 */
export class TelemetryHistory {
  /** [HISTORY_COLUMNS x SPECTRUM_BANDS] level bytes */
  readonly mixture = new Uint8Array(HISTORY_COLUMNS * SPECTRUM_BANDS);
  readonly rest = new Uint8Array(HISTORY_COLUMNS * SPECTRUM_BANDS);
  speakers = Array.from({ length: MAXIMUM_SPEAKERS }, () => new Uint8Array(HISTORY_COLUMNS * SPECTRUM_BANDS));
  /** [HISTORY_COLUMNS x MAXIMUM_TEMPLATES] */
  activations = Array.from({ length: MAXIMUM_SPEAKERS }, () => new Uint8Array(HISTORY_COLUMNS * MAXIMUM_TEMPLATES));
  /** [HISTORY_COLUMNS] probability that the speaker is active, 0 to 255 */
  activities = Array.from({ length: MAXIMUM_SPEAKERS }, () => new Uint8Array(HISTORY_COLUMNS));
  /** Number of templates of each speaker in the latest frame. */
  readonly templates = new Uint16Array(MAXIMUM_SPEAKERS);
  /** Levels of the latest frame, in decibels. */
  private readonly peaks = new Float32Array(SIGNALS).fill(SILENCE);
  private readonly rms = new Float32Array(SIGNALS).fill(SILENCE);
  /** Index of the latest column, counted from the start of the session; -1 before the first frame. */
  latestColumn = -1;
  seconds: Seconds = 0;
  sampleRateHertz: Hertz = 0;
  speakerCount = 0;
  frames = 0;
  /** Incremented when stored columns have moved: everything must be repainted. */
  revision = 0;
  private voices: readonly number[] = [];
  /** Arrival of the latest frame, as `performance.now()`. */
  receivedMilliseconds = Number.NEGATIVE_INFINITY;
  /** Arrival of the latest frame with sound at the input, or of the first frame. */
  private heardMilliseconds: number | null = null;
  /** Whether a frame could not be decoded because the host runs another version than this page. */
  isVersionMismatch = false;

  /** Peak level of one signal; silence once the latest frame is stale. */
  peakAt(signal: number, nowMilliseconds: number): Decibels {
    return nowMilliseconds - this.receivedMilliseconds > STALE_MILLISECONDS ? SILENCE : this.peaks[signal]!;
  }

  rmsAt(signal: number, nowMilliseconds: number): Decibels {
    return nowMilliseconds - this.receivedMilliseconds > STALE_MILLISECONDS ? SILENCE : this.rms[signal]!;
  }

  /** Whether frames arrive, but nothing has come in for some seconds. */
  isInputSilent(nowMilliseconds: number): boolean {
    const { heardMilliseconds, receivedMilliseconds } = this;
    if (heardMilliseconds === null || nowMilliseconds - receivedMilliseconds > STALE_MILLISECONDS) return false;
    return nowMilliseconds - heardMilliseconds > DEAD_MILLISECONDS;
  }

  /** Probability that a speaker is active, 0 to 1; 0 once the latest frame is stale. */
  activityAt(speaker: number, nowMilliseconds: number): number {
    if (this.latestColumn < 0 || nowMilliseconds - this.receivedMilliseconds > STALE_MILLISECONDS) return 0;
    return (this.activities[speaker]?.[this.latestColumn % HISTORY_COLUMNS] ?? 0) / 255;
  }

  /**
   * Moves each speaker's history along when speakers change slots. A slot whose speaker is replaced keeps its history.
   * @param voices id of each loaded voice, by slot
   */
  arrange(voices: readonly number[]): void {
    const sources = slotSources(this.voices, voices);
    this.voices = [...voices];
    if (sources.every((source, slot) => source === slot)) return;
    const { speakers, activations, activities } = this;
    this.speakers = sources.map((source) => speakers[source]!);
    this.activations = sources.map((source) => activations[source]!);
    this.activities = sources.map((source) => activities[source]!);
    for (let slot = voices.length; slot < MAXIMUM_SPEAKERS; slot++) {
      this.speakers[slot]!.fill(0);
      this.activations[slot]!.fill(0);
      this.activities[slot]!.fill(0);
    }
    this.revision++;
  }

  push(bytes: Uint8Array, nowMilliseconds = performance.now()): void {
    const frame = decodeTelemetryFrame(bytes);
    if (frame === null) {
      this.isVersionMismatch = true;
      return;
    }
    this.frames++;
    if (nowMilliseconds - this.receivedMilliseconds > STALE_MILLISECONDS) this.heardMilliseconds = nowMilliseconds;
    if (frame.input.peakDecibels > DEAD_DECIBELS) this.heardMilliseconds = nowMilliseconds;
    this.receivedMilliseconds = nowMilliseconds;
    const column = Math.round(frame.seconds * COLUMNS_PER_SECOND);
    if (column < this.latestColumn || frame.sampleRateHertz !== this.sampleRateHertz) this.clear();
    this.advance(column, frame.seconds);
    this.sampleRateHertz = frame.sampleRateHertz;
    this.speakerCount = frame.speakers.length;
    const place = column % HISTORY_COLUMNS;
    this.mixture.set(frame.spectrum, place * SPECTRUM_BANDS);
    this.rest.set(frame.restSpectrum, place * SPECTRUM_BANDS);
    this.level(SIGNAL.input, frame.input);
    this.level(SIGNAL.output, frame.output);
    this.level(SIGNAL.rest, frame.rest);
    frame.speakers.forEach((speaker, index) => {
      this.level(SIGNAL.firstSpeaker + index, speaker);
      this.templates[index] = Math.min(MAXIMUM_TEMPLATES, speaker.activations.length);
      this.activities[index]![place] = Math.round(255 * speaker.activity);
      this.speakers[index]!.set(speaker.spectrum, place * SPECTRUM_BANDS);
      this.activations[index]!.set(speaker.activations.subarray(0, MAXIMUM_TEMPLATES), place * MAXIMUM_TEMPLATES);
    });
    this.fill(column);
    this.latestColumn = column;
  }

  private filledFrom = 0;
  private isGap = false;

  /** Finds the columns between the previous frame and this one. */
  private advance(column: number, seconds: Seconds): void {
    const first = this.latestColumn < 0 ? column : this.latestColumn + 1;
    this.filledFrom = Math.max(first, column - HISTORY_COLUMNS + 1);
    this.isGap = column - first > LONGEST_FILL_COLUMNS;
    this.seconds = seconds;
  }

  private fill(column: number): void {
    for (let each = this.filledFrom; each < column; each++) {
      copyColumn(this.mixture, SPECTRUM_BANDS, column, each, this.isGap);
      copyColumn(this.rest, SPECTRUM_BANDS, column, each, this.isGap);
      for (let speaker = 0; speaker < this.speakerCount; speaker++) {
        copyColumn(this.speakers[speaker]!, SPECTRUM_BANDS, column, each, this.isGap);
        copyColumn(this.activations[speaker]!, MAXIMUM_TEMPLATES, column, each, this.isGap);
        copyColumn(this.activities[speaker]!, 1, column, each, this.isGap);
      }
    }
  }

  private level(signal: number, { peakDecibels, rmsDecibels }: SignalLevel): void {
    this.peaks[signal] = peakDecibels;
    this.rms[signal] = rmsDecibels;
  }

  private clear(): void {
    this.mixture.fill(0);
    this.rest.fill(0);
    for (const spectra of this.speakers) spectra.fill(0);
    for (const activations of this.activations) activations.fill(0);
    for (const activities of this.activities) activities.fill(0);
    this.latestColumn = -1;
  }
}

function copyColumn(values: Uint8Array, height: number, from: number, to: number, isGap: boolean): void {
  const target = (to % HISTORY_COLUMNS) * height;
  if (isGap) values.fill(0, target, target + height);
  else {
    const source = (from % HISTORY_COLUMNS) * height;
    values.copyWithin(target, source, source + height);
  }
}

/** @returns for each slot the previous slot whose history it gets; a permutation */
function slotSources(before: readonly number[], voices: readonly number[]): number[] {
  const free = new Set(Array.from({ length: MAXIMUM_SPEAKERS }, (_, slot) => slot));
  const claim = (slot: number | undefined) => {
    if (slot !== undefined) free.delete(slot);
    return slot;
  };
  const moved = voices.map((voice) => claim([...free].find((slot) => before[slot] === voice)));
  return Array.from({ length: MAXIMUM_SPEAKERS }, (_, slot) => {
    const own = free.has(slot) ? slot : free.values().next().value;
    return moved[slot] ?? claim(own)!;
  });
}
