/** Loads a chunk of a track. @param signal aborted when the chunk is no longer wanted */
type LoadChunk<Chunk> = (track: number, chunk: number, signal: AbortSignal) => Promise<Chunk>;

interface Entry<Chunk> {
  readonly chunk: number;
  readonly loading: AbortController;
  content: Chunk | null;
}

/** The chunks of sound around the playhead: those wanted are loaded and kept, all others are freed. */
export class SoundChunks<Chunk> {
  private readonly load: LoadChunk<Chunk>;
  private readonly onLoaded: () => void;
  private readonly onFailed: (error: unknown) => void;
  private readonly entries = new Map<string, Entry<Chunk>>();

  constructor(load: LoadChunk<Chunk>, onLoaded: () => void, onFailed: (error: unknown) => void) {
    this.load = load;
    this.onLoaded = onLoaded;
    this.onFailed = onFailed;
  }

  /** Number of chunks that are held or being loaded. */
  get size(): number {
    return this.entries.size;
  }

  /** Loads these chunks of all tracks, the first chunk first, and frees all others. */
  want(tracks: readonly number[], chunks: readonly number[]): void {
    for (const [key, { chunk, loading }] of this.entries) {
      if (chunks.includes(chunk)) continue;
      loading.abort();
      this.entries.delete(key);
    }
    for (const chunk of chunks) {
      for (const track of tracks) if (!this.entries.has(keyOf(track, chunk))) void this.request(track, chunk);
    }
  }

  /** @returns null until it is loaded */
  get(track: number, chunk: number): Chunk | null {
    return this.entries.get(keyOf(track, chunk))?.content ?? null;
  }

  has(tracks: readonly number[], chunk: number): boolean {
    return tracks.every((track) => this.get(track, chunk) !== null);
  }

  clear(): void {
    for (const { loading } of this.entries.values()) loading.abort();
    this.entries.clear();
  }

  private async request(track: number, chunk: number): Promise<void> {
    const entry: Entry<Chunk> = { chunk, loading: new AbortController(), content: null };
    const key = keyOf(track, chunk);
    this.entries.set(key, entry);
    try {
      entry.content = await this.load(track, chunk, entry.loading.signal);
      if (!entry.loading.signal.aborted) this.onLoaded();
    } catch (error) {
      if (entry.loading.signal.aborted) return;
      this.entries.delete(key);
      this.onFailed(error);
    }
  }
}

function keyOf(track: number, chunk: number): string {
  return `${track}/${chunk}`;
}
