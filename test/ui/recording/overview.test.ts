import { describe, expect, it, vi } from 'vitest';
import type { OverviewPart } from '../../../ui/link/RecordingFiles.ts';
import { levelFor, OverviewTiles, TILE_COLUMNS } from '../../../ui/recording/OverviewTiles.ts';
import { overviewPieces, peaksBetween } from '../../../ui/recording/overviewPieces.ts';
import { wholeView, zoomAbout } from '../../../ui/recording/TimeView.ts';

/** Two hours at 50 columns a second. */
const LEVELS = Array.from({ length: 12 }, (_, level) => Math.ceil(360_000 / 2 ** level));
const FACTS = { columnsPerSecond: 50, bands: 48, levels: LEVELS };

function part(columns: number): OverviewPart {
  return { columns, peaks: new Int8Array(2 * columns), bands: new Uint8Array(48 * columns) };
}

/** Loads when the test says so. */
function slowTiles() {
  const requests: { readonly key: string; readonly finish: () => void; readonly fail: () => void }[] = [];
  const onLoaded = vi.fn();
  const tiles = new OverviewTiles(
    LEVELS,
    (level, from, columns) =>
      new Promise((resolve, reject) =>
        requests.push({
          key: `${level}/${from}+${columns}`,
          finish: () => resolve(part(columns)),
          fail: () => reject(new Error('gone')),
        }),
      ),
    onLoaded,
  );
  return { tiles, requests, onLoaded };
}
const settle = () => new Promise((resolve) => setTimeout(resolve));

describe('the tiles of an overview', () => {
  it('are requested once, three at a time, those wanted last first', async () => {
    const { tiles, requests, onLoaded } = slowTiles();
    for (const index of [0, 1, 2, 3, 4, 3]) expect(tiles.tile(0, index)).toBeNull();
    expect(requests.map(({ key }) => key)).toEqual(['0/0+1024', '0/1024+1024', '0/2048+1024']);
    requests[0]!.finish();
    await settle();
    expect(requests.map(({ key }) => key).slice(3)).toEqual(['0/3072+1024']);
    expect(tiles.tile(0, 0)?.columns).toBe(1024);
    expect(onLoaded).toHaveBeenCalledTimes(1);
  });

  it('are bounded: the least recently used are freed', async () => {
    const tiles = new OverviewTiles(
      LEVELS,
      async (_, __, columns) => part(columns),
      () => {},
    );
    for (let index = 0; index < 100; index++) {
      tiles.tile(0, index);
      tiles.keptTile(0, 0);
      await settle();
    }
    expect(tiles.size).toBe(64);
    expect(tiles.keptTile(0, 0)).not.toBeNull();
    expect(tiles.keptTile(0, 1)).toBeNull();
  });

  it('the last one is shorter, and outside the recording there is none', async () => {
    const { tiles, requests } = slowTiles();
    tiles.tile(11, 0);
    tiles.tile(11, 1);
    tiles.tile(0, -1);
    expect(requests.map(({ key }) => key)).toEqual(['11/0+176']);
  });

  it('a failed one is not requested again at once', async () => {
    const { tiles, requests } = slowTiles();
    tiles.tile(0, 0);
    requests[0]!.fail();
    await settle();
    tiles.tile(0, 0);
    expect(requests).toHaveLength(1);
  });

  it('nothing is loaded once they are closed', async () => {
    const { tiles, requests, onLoaded } = slowTiles();
    for (const index of [0, 1, 2, 3]) tiles.tile(0, index);
    tiles.close();
    requests[0]!.finish();
    await settle();
    expect(tiles.size).toBe(0);
    expect(requests).toHaveLength(3);
    expect(onLoaded).not.toHaveBeenCalled();
  });
});

describe('the overview of a view', () => {
  it('has between one and two columns a pixel, and a few tiles', async () => {
    for (const factor of [1, 5, 60, 400]) {
      const view = zoomAbout(wholeView(7200, 1440), factor, 700);
      const level = levelFor(50, LEVELS.length, view.secondsPerPixel);
      const columnsPerPixel = (50 / 2 ** level) * view.secondsPerPixel;
      expect(columnsPerPixel).toBeLessThan(2);
      if (level > 0) expect(columnsPerPixel).toBeGreaterThanOrEqual(1);
      const pieces = overviewPieces({ tile: () => part(TILE_COLUMNS), keptTile: () => null }, FACTS, view);
      expect(pieces.length).toBeLessThanOrEqual(4);
      expect(pieces[0]!.startSeconds).toBeLessThanOrEqual(view.startSeconds + 1e-9);
      for (const [index, piece] of pieces.entries()) {
        if (index > 0) expect(piece.startSeconds).toBeCloseTo(pieces[index - 1]!.endSeconds, 6);
      }
    }
  });

  it('a coarser tile stands in for one that is missing, at the same time', () => {
    const view = zoomAbout(wholeView(7200, 1000), 7200 / 20.48, 1000);
    const missing = 351;
    const coarse = part(TILE_COLUMNS);
    const keptTile = (level: number, index: number) => (level === 2 && index === missing >> 2 ? coarse : null);
    const pieces = overviewPieces({ tile: () => null, keptTile }, FACTS, view);
    const piece = pieces.find(({ startSeconds }) => Math.abs(startSeconds - missing * 20.48) < 1e-6)!;
    expect(piece.part).toBe(coarse);
    expect([piece.fromColumn, piece.columns]).toEqual([(351 % 4) * 256, 256]);
    expect(piece.endSeconds - piece.startSeconds).toBeCloseTo(20.48, 9);
  });

  it('its envelope holds the extremes of several columns, and is interpolated within one', () => {
    const peaks = Int8Array.from([-10, 10, -127, 20, -30, 100, 0, 0]);
    const wave = { columns: 4, peaks, bands: new Uint8Array(0) };
    const range = new Float32Array(2);
    peaksBetween(wave, 0, 3, range);
    expect([...range].map((value) => Math.round(value * 127))).toEqual([-127, 100]);
    peaksBetween(wave, 0.9, 1.1, range);
    expect(range[1]! * 127).toBeCloseTo(15, 4);
  });
});
