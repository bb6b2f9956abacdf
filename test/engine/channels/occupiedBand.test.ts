import { describe, expect, test } from 'vitest';
import { occupiedBand } from '../../../engine/channels/occupiedBand.ts';

const BIN_HERTZ = 31.25;
const NYQUIST_HERTZ = 8000;

/** Mean powers of speech, which fall by 9 dB an octave, within a band, and a floor outside it. */
function speech(lowHertz: number, highHertz: number, floorDecibels: number): Float64Array {
  return Float64Array.from({ length: NYQUIST_HERTZ / BIN_HERTZ + 1 }, (_, bin) => {
    const hertz = bin * BIN_HERTZ;
    const decibels = -9 * Math.log2(Math.max(1, hertz / 500));
    const isInside = hertz >= lowHertz && hertz <= highHertz;
    return 10 ** ((isInside ? Math.max(decibels, floorDecibels) : floorDecibels) / 10);
  });
}

describe('a filtered recording', () => {
  test.each([
    [0, 3900],
    [0, 4000],
    [0, 5500],
    [300, 3400],
    [250, 3600],
  ])('%d to %d Hz', (lowHertz, highHertz) => {
    const band = occupiedBand(speech(lowHertz, highHertz, -90), BIN_HERTZ);
    expect(Math.abs(band!.highHertz - highHertz)).toBeLessThan(70);
    expect(Math.abs(band!.lowHertz - lowHertz)).toBeLessThan(100);
  });

  test('the step above the band may be 25 dB', () => {
    expect(occupiedBand(speech(0, 3900, -52), BIN_HERTZ)?.highHertz).toBeGreaterThan(3500);
  });
});

test('a recording with its full band has no edge', () => {
  for (const floor of [-30, -45, -60, -100]) expect(occupiedBand(speech(0, 8000, floor), BIN_HERTZ)).toBeNull();
});

test('silence has no edge', () => {
  expect(occupiedBand(new Float64Array(257), BIN_HERTZ)).toBeNull();
});
