import { ChannelSpectra } from '../../engine/channels/ChannelSpectra.ts';
import { DcBlocker } from '../../engine/channels/DcBlocker.ts';
import { type Demixing, estimateDemixing } from '../../engine/channels/estimateDemixing.ts';
import { FrameSample } from '../../engine/channels/FrameSample.ts';
import { InputError } from '../../engine/core/errors.ts';
import type { Seconds } from '../../engine/core/units.ts';
import { binCount, planStft, type StftPlan } from '../../engine/stft/StftPlan.ts';
import { AudioFileReader } from '../audio/AudioFileReader.ts';

/** A recording with a microphone for each voice. */
export interface ChannelRecording {
  readonly path: string;
  /** What texts for the user call it. */
  readonly name: string;
  /** Expected number of channels. */
  readonly channels: number;
  readonly signal: AbortSignal;
}

/** How the voices of a recording reach its channels. */
export interface ChannelEstimate {
  readonly demixing: Demixing;
  readonly plan: StftPlan;
}

/** Longer than the echoes of a small room, short enough that few frames determine the matrices. */
const WINDOW_SECONDS: Seconds = 0.128;
/** Part of the progress that is reading. */
const READING_PART = 0.3;

/**
 * Reads a recording once, in constant memory, and estimates how its voices reach its channels.
 * @param onProgress called with the fraction done, 0 to 1
 * @throws InputError as AudioFileReader, or for another number of channels
 */
export async function estimateChannels(
  { path, name, channels, signal }: ChannelRecording,
  onProgress: (fraction: number) => void,
): Promise<ChannelEstimate> {
  const reader = await AudioFileReader.open(path, name);
  try {
    if (reader.channels !== channels) {
      throw new InputError(
        `--per-channel must be one voice for each of the ${reader.channels} channels of ${name} (- for none), got ${channels}`,
      );
    }
    const { sampleRateHertz } = reader;
    const plan = planStft({ sampleRateHertz, latency: WINDOW_SECONDS, windowSeconds: WINDOW_SECONDS });
    const spectra = new ChannelSpectra(channels, plan);
    const sample = new FrameSample(channels, binCount(plan));
    for await (const block of cleanBlocks(reader, channels)) {
      signal.throwIfAborted();
      const length = block.clean[0]?.length ?? 0;
      for (let offset = 0; offset < length; ) {
        const count = Math.min(length - offset, spectra.samplesUntilFrame);
        if (spectra.push(block.clean, offset, count)) sample.add(spectra.spectra);
        offset += count;
      }
      onProgress(READING_PART * reader.fractionRead);
    }
    const demixing = estimateDemixing(sample, (fraction) => {
      signal.throwIfAborted();
      onProgress(READING_PART + (1 - READING_PART) * fraction);
    });
    return { demixing, plan };
  } finally {
    await reader.close();
  }
}

/** Yields the blocks of a recording, and their copies without the channels' constant offsets. */
export async function* cleanBlocks(
  reader: AudioFileReader,
  channels: number,
): AsyncGenerator<{ readonly original: readonly Float32Array[]; readonly clean: readonly Float32Array[] }> {
  const blockers = Array.from({ length: channels }, () => new DcBlocker(reader.sampleRateHertz));
  for await (const original of reader.channelBlocks()) {
    const clean = blockers.map((blocker, index) => {
      const samples = (original[index] ?? original[0]!).slice();
      blocker.process(samples);
      return samples;
    });
    yield { original, clean };
  }
}
