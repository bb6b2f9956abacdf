import { expect, it } from 'vitest';
import { levelDecibels, SPECTRUM_BANDS, type TelemetryFrame } from '../../../engine/realtime/telemetryFrame.ts';
import {
  COLUMNS_PER_SECOND,
  HISTORY_COLUMNS,
  MAXIMUM_TEMPLATES,
  SIGNAL,
  TelemetryHistory,
} from '../../../ui/model/TelemetryHistory.ts';
import { encodeTelemetryFrame } from '../../engine/realtime/encodeTelemetryFrame.ts';

function frameAt(column: number, value: number, speakers = 2): Uint8Array {
  const level = { peakDecibels: -6, rmsDecibels: -18 };
  const spectrum = new Uint8Array(SPECTRUM_BANDS).fill(value);
  const frame: TelemetryFrame = {
    seconds: column / COLUMNS_PER_SECOND,
    sampleRateHertz: 16_000,
    input: level,
    output: level,
    rest: level,
    spectrum,
    restSpectrum: spectrum,
    speakers: Array.from({ length: speakers }, () => ({
      ...level,
      activity: 1,
      spectrum,
      activations: new Uint8Array(40).fill(value),
    })),
  };
  return encodeTelemetryFrame(frame);
}

const valueAt = ({ mixture }: TelemetryHistory, column: number) => mixture[(column % HISTORY_COLUMNS) * SPECTRUM_BANDS];

it('stores each frame in the column of its stream time', () => {
  const history = new TelemetryHistory();
  for (let column = 10; column < 10 + 2 * HISTORY_COLUMNS; column++) history.push(frameAt(column, column % 251));
  const { latestColumn } = history;
  expect(latestColumn).toBe(9 + 2 * HISTORY_COLUMNS);
  for (let column = latestColumn - HISTORY_COLUMNS + 1; column <= latestColumn; column++) {
    expect(valueAt(history, column)).toBe(column % 251);
    const place = column % HISTORY_COLUMNS;
    expect(history.rest[place * SPECTRUM_BANDS + 5]).toBe(column % 251);
    expect(history.speakers[1]![place * SPECTRUM_BANDS + 5]).toBe(column % 251);
    expect(history.activations[0]![place * MAXIMUM_TEMPLATES + 39]).toBe(column % 251);
  }
});

it('fills short gaps and leaves long ones blank', () => {
  const history = new TelemetryHistory();
  history.push(frameAt(0, 7));
  history.push(frameAt(4, 9));
  expect([1, 2, 3, 4].map((column) => valueAt(history, column))).toEqual([9, 9, 9, 9]);
  history.push(frameAt(100, 11));
  expect(valueAt(history, 50)).toBe(0);
  expect(valueAt(history, 100)).toBe(11);
  history.push(frameAt(100_000, 13));
  expect(history.latestColumn).toBe(100_000);
  expect(valueAt(history, 99_999)).toBe(0);
});

it('clears on a new session, and only flags a frame that it cannot decode', () => {
  const history = new TelemetryHistory();
  history.push(frameAt(500, 7));
  history.push(frameAt(3, 9));
  expect(history.latestColumn).toBe(3);
  expect(valueAt(history, 500)).toBe(0);
  history.push(Uint8Array.of(99, 1, 2));
  expect(history.isVersionMismatch).toBe(true);
  expect(history.latestColumn).toBe(3);
});

it('levels read as silence when no frame arrives any more', () => {
  const history = new TelemetryHistory();
  expect(history.peakAt(SIGNAL.input, 0)).toBe(levelDecibels(0));
  history.push(frameAt(1, 7), 1000);
  expect(history.peakAt(SIGNAL.firstSpeaker + 1, 1100)).toBe(-6);
  expect(history.rmsAt(SIGNAL.firstSpeaker + 1, 1100)).toBe(-18);
  expect(history.rmsAt(SIGNAL.firstSpeaker + 1, 1500)).toBe(levelDecibels(0));
});

it('a speaker keeps its history when its slot changes', () => {
  const history = new TelemetryHistory();
  history.arrange([1, 2, 3]);
  history.push(frameAt(5, 7, 3));
  history.speakers[1]!.fill(50);
  history.speakers[2]!.fill(60);
  history.arrange([2, 3]);
  expect(history.speakers.slice(0, 3).map((spectra) => spectra[0])).toEqual([50, 60, 0]);
  expect(history.revision).toBe(1);
  history.arrange([2, 4]);
  expect(history.speakers[1]![0]).toBe(60);
  expect(history.revision).toBe(1);
  history.arrange([4, 2, 5]);
  expect(history.speakers.slice(0, 2).map((spectra) => spectra[0])).toEqual([60, 50]);
  expect(new Set(history.speakers).size).toBe(8);
});
