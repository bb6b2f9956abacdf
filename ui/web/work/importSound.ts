import { bestChannels } from '../../../engine/channels/bestChannels.ts';
import { ChannelAnalysis } from '../../../engine/channels/ChannelAnalysis.ts';
import { mixDown } from '../../../engine/channels/Mixdown.ts';
import { clippingRemarks } from '../../../engine/core/pcm16.ts';
import type { Hertz, Samples } from '../../../engine/core/units.ts';
import { COLUMN_BYTES, OverviewColumns } from '../../../engine/recording/OverviewColumns.ts';
import { COARSEST_COLUMNS, mergedColumns } from '../../../engine/recording/overviewLevels.ts';
import { PcmRecorder } from '../sound/PcmRecorder.ts';
import type { ImportedSound, ImportJob, WorkProgress } from './workMessages.ts';

const BLOCK_SAMPLES: Samples = 65_536;
/** Part of the work that is the choice of channels, for the progress. */
const CHOOSING_PART = 0.4;

/** Turns decoded sound into one channel of 16 bits and its overview. Of several channels, those that suit the recording are used. */
export async function importSound(
  { name, channels, sampleRateHertz }: ImportJob,
  onProgress: (progress: WorkProgress) => void,
): Promise<ImportedSound> {
  const report = (fraction: number) => onProgress({ fraction, stage: 'reading', voice: null });
  const { mono, remarks, finding } = oneChannel(name, channels, sampleRateHertz, (fraction) =>
    report(CHOOSING_PART * fraction),
  );
  const mixture = new PcmRecorder();
  const columns = new OverviewColumns(sampleRateHertz);
  const parts: Uint8Array[] = [];
  for (let start = 0; start < mono.length; start += BLOCK_SAMPLES) {
    const block = mono.subarray(start, start + BLOCK_SAMPLES);
    mixture.add(block);
    parts.push(columns.add(block));
    report(CHOOSING_PART + (1 - CHOOSING_PART) * (start / mono.length));
  }
  parts.push(columns.finish());
  const overview = levelsOf(parts);
  const { clippedSamples } = mixture;
  return {
    mixture: mixture.blob(),
    overview,
    imported: {
      samples: mixture.samples,
      sampleRateHertz,
      offset: finding.offset,
      band: finding.band,
      overviewLevels: overview.map(({ length }) => length / COLUMN_BYTES),
      remarks: [...remarks, ...clippingRemarks(name, clippedSamples)],
    },
  };
}

/** Chooses the channels that suit a recording, and mixes them to one. */
export function oneChannel(
  name: string,
  channels: readonly Float32Array<ArrayBuffer>[],
  sampleRateHertz: Hertz,
  onProgress: (fraction: number) => void,
) {
  const analysis = new ChannelAnalysis(channels.length, sampleRateHertz);
  const length = channels[0]?.length ?? 0;
  for (let start = 0; start < length; start += BLOCK_SAMPLES) {
    analysis.add(channels.map((channel) => channel.subarray(start, start + BLOCK_SAMPLES)));
    onProgress(start / length);
  }
  const { finding } = analysis;
  if (channels.length === 1) return { mono: channels[0]!, remarks: [], finding };
  const { mixdown, remark } = bestChannels(name, finding);
  return { mono: mixDown(channels, mixdown), remarks: [remark], finding };
}

/** @param parts columns of level 0 @returns the columns of each level, of which each has half as many as the one before */
function levelsOf(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer>[] {
  const first = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const part of parts) {
    first.set(part, end);
    end += part.length;
  }
  const levels = [first];
  for (let level = first; level.length > COARSEST_COLUMNS * COLUMN_BYTES; ) {
    level = new Uint8Array(mergedColumns(level));
    levels.push(level);
  }
  return levels;
}
