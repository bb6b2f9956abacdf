import type { Samples } from '../../engine/core/units.ts';
import { COLUMN_BYTES } from '../../engine/recording/OverviewColumns.ts';
import { splitColumns } from '../../engine/recording/overviewLevels.ts';
import { FileBytes } from '../audio/FileBytes.ts';
import { readWavHeader } from '../audio/wavHeader.ts';

const SAMPLE_BYTES = 2;

/**
 * Reads a part of a level of the overview.
 * @param path of the level's file
 * @param from first column
 * @returns [columns x 2] lowest and highest samples, then [columns x OVERVIEW_BANDS] levels; fewer columns at the end
 */
export async function readOverviewPart(path: string, from: number, columns: number): Promise<Uint8Array> {
  return splitColumns(await readBytes(path, (file) => file.read(from * COLUMN_BYTES, columns * COLUMN_BYTES)));
}

/** @param path of a WAV file of one channel of 16 bits @returns samples, little endian; fewer at the end */
export function readSound(path: string, from: Samples, samples: Samples): Promise<Uint8Array> {
  return readBytes(path, async (file) => {
    const { dataOffset, dataBytes } = await readWavHeader(file, 'riff');
    const start = Math.min(SAMPLE_BYTES * from, dataBytes);
    return file.read(dataOffset + start, Math.min(SAMPLE_BYTES * samples, dataBytes - start));
  });
}

async function readBytes(path: string, read: (file: FileBytes) => Promise<Uint8Array>): Promise<Uint8Array> {
  const file = await FileBytes.open(path);
  try {
    return await read(file);
  } finally {
    await file.close();
  }
}
