import type { OverviewPart } from '../link/RecordingFiles.ts';

/** Columns of one tile: 20 s at the finest level, 51 kB. */
export const TILE_COLUMNS = 1024;
/** 3.3 MB; a view shows about four tiles. */
const KEPT_TILES = 64;
const REQUESTS_AT_ONCE = 3;
/** Older requests are dropped: the view has moved on. */
const LONGEST_QUEUE = 16;
const RETRY_MILLISECONDS = 2000;

type LoadPart = (level: number, fromColumn: number, columns: number) => Promise<OverviewPart>;

interface TileRequest {
  readonly key: string;
  readonly level: number;
  readonly index: number;
}

/** Tiles of the overview of one recording. The most recently used are kept; missing ones are loaded, the latest request first. */
export class OverviewTiles {
  private readonly load: LoadPart;
  private readonly levelColumns: readonly number[];
  private readonly onLoaded: () => void;
  /** In the order of their last use. */
  private readonly tiles = new Map<string, OverviewPart>();
  private readonly loading = new Set<string>();
  /** Failed tiles, and when they may be requested again. */
  private readonly failed = new Map<string, number>();
  private queue: TileRequest[] = [];
  private isClosed = false;

  /** @param levelColumns number of columns of each level, the finest first @param onLoaded called after each loaded tile */
  constructor(levelColumns: readonly number[], load: LoadPart, onLoaded: () => void) {
    this.levelColumns = levelColumns;
    this.load = load;
    this.onLoaded = onLoaded;
  }

  get size(): number {
    return this.tiles.size;
  }

  /** @returns a tile; null while it is loaded, and outside the recording */
  tile(level: number, index: number): OverviewPart | null {
    const kept = this.keptTile(level, index);
    if (kept !== null) return kept;
    const columns = this.levelColumns[level] ?? 0;
    if (index >= 0 && index * TILE_COLUMNS < columns) this.request({ key: keyOf(level, index), level, index });
    return null;
  }

  /** @returns a tile that need not be loaded; null: there is none */
  keptTile(level: number, index: number): OverviewPart | null {
    const key = keyOf(level, index);
    const tile = this.tiles.get(key);
    if (tile === undefined) return null;
    this.tiles.delete(key);
    this.tiles.set(key, tile);
    return tile;
  }

  close(): void {
    this.isClosed = true;
    this.queue = [];
    this.tiles.clear();
  }

  private request(tile: TileRequest): void {
    if (this.loading.has(tile.key) || this.isClosed) return;
    if ((this.failed.get(tile.key) ?? 0) > performance.now()) return;
    this.queue = [tile, ...this.queue.filter(({ key }) => key !== tile.key)].slice(0, LONGEST_QUEUE);
    this.loadNext();
  }

  private loadNext(): void {
    while (this.loading.size < REQUESTS_AT_ONCE) {
      const next = this.queue.shift();
      if (next === undefined) return;
      void this.loadTile(next);
    }
  }

  private async loadTile({ key, level, index }: TileRequest): Promise<void> {
    this.loading.add(key);
    const from = index * TILE_COLUMNS;
    try {
      const tile = await this.load(level, from, Math.min(TILE_COLUMNS, this.levelColumns[level]! - from));
      if (!this.isClosed) this.keep(key, tile);
    } catch {
      // Shown as a gap; requested again when it is painted later.
      this.failed.set(key, performance.now() + RETRY_MILLISECONDS);
    }
    this.loading.delete(key);
    if (this.isClosed) return;
    this.onLoaded();
    this.loadNext();
  }

  private keep(key: string, tile: OverviewPart): void {
    this.failed.delete(key);
    this.tiles.set(key, tile);
    for (const oldest of this.tiles.keys()) {
      if (this.tiles.size <= KEPT_TILES) break;
      this.tiles.delete(oldest);
    }
  }
}

function keyOf(level: number, index: number): string {
  return `${level}/${index}`;
}

/** The coarsest level with at least one column a pixel; the finest where none has. @param columnsPerSecond of the finest level */
export function levelFor(columnsPerSecond: number, levels: number, secondsPerPixel: number): number {
  const level = Math.floor(Math.log2(columnsPerSecond * secondsPerPixel) + 1e-9);
  return Math.min(levels - 1, Math.max(0, level));
}
