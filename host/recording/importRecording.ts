import { clippingRemarks } from '../../engine/core/pcm16.ts';
import type { Hertz, Samples } from '../../engine/core/units.ts';
import type { ImportedRecording } from '../../engine/recording/ImportedRecording.ts';
import { AudioFileReader } from '../audio/AudioFileReader.ts';
import { chooseChannels } from '../audio/channelChoice.ts';
import { Resampler } from '../audio/Resampler.ts';
import { WavWriter } from '../audio/WavWriter.ts';
import { OverviewWriter } from './OverviewWriter.ts';
import { mixturePath, uploadPath } from './recordingPaths.ts';

/** Higher rates add no sound to voices. */
const HIGHEST_RATE_HERTZ: Hertz = 48_000;
/** Part of the work that is the choice of channels, for the progress. */
const CHOOSING_PART = 0.3;

/**
 * Turns an uploaded file into one channel of 16 bits, at its own rate up to 48 kHz, and its overview. Of several channels, those that suit
 * the recording are used. Files of any length need constant memory.
 * @param folder of the recording, with the upload
 * @param name of the file in texts for the user
 * @throws InputError as AudioFileReader, or if the disk is full
 */
export async function importRecording(
  folder: string,
  name: string,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (fraction: number) => void },
): Promise<ImportedRecording> {
  const path = uploadPath(folder);
  const { mixdown, remark, finding } = await chooseChannels(path, 'best', {
    name,
    signal,
    onProgress: (fraction) => onProgress(CHOOSING_PART * fraction),
  });
  const reader = await AudioFileReader.open(path, name);
  const output = await ImportOutput.create(folder, reader.sampleRateHertz).catch(async (error: unknown) => {
    await reader.close();
    throw error;
  });
  try {
    for await (const block of reader.blocks(mixdown)) {
      signal.throwIfAborted();
      await output.add(block);
      onProgress(CHOOSING_PART + (1 - CHOOSING_PART) * reader.fractionRead);
    }
    const written = await output.finish();
    return {
      samples: written.samples,
      sampleRateHertz: output.sampleRateHertz,
      offset: finding.offset,
      band: finding.band,
      overviewLevels: written.overviewLevels,
      remarks: [
        ...reader.remarks,
        ...(remark === null ? [] : [remark]),
        ...clippingRemarks(name, written.clippedSamples),
      ],
    };
  } catch (error) {
    await output.abort();
    throw error;
  } finally {
    output.close();
  }
}

/** The files of an import. */
class ImportOutput {
  readonly sampleRateHertz: Hertz;
  private readonly resampler: Resampler;
  private readonly mixture: WavWriter;
  private readonly overview: OverviewWriter;
  private samples: Samples = 0;

  private constructor(sampleRateHertz: Hertz, resampler: Resampler, mixture: WavWriter, overview: OverviewWriter) {
    this.sampleRateHertz = sampleRateHertz;
    this.resampler = resampler;
    this.mixture = mixture;
    this.overview = overview;
  }

  static async create(folder: string, fileRateHertz: Hertz): Promise<ImportOutput> {
    const sampleRateHertz = Math.min(fileRateHertz, HIGHEST_RATE_HERTZ);
    const overview = await OverviewWriter.create(folder, sampleRateHertz);
    const mixture = await WavWriter.create(mixturePath(folder), sampleRateHertz, 'pcm16');
    return new ImportOutput(sampleRateHertz, await Resampler.create(fileRateHertz, sampleRateHertz), mixture, overview);
  }

  add(block: Float32Array): Promise<void> {
    return this.write(this.resampler.process(block));
  }

  async finish() {
    await this.write(this.resampler.flush());
    const overviewLevels = await this.overview.finish();
    await this.mixture.close();
    return { samples: this.samples, overviewLevels, clippedSamples: this.mixture.clippedSamples };
  }

  async abort(): Promise<void> {
    await this.overview.close();
    await this.mixture.abort();
  }

  close(): void {
    this.resampler.close();
  }

  private async write(samples: Float32Array): Promise<void> {
    await this.mixture.write(samples);
    await this.overview.add(samples);
    this.samples += samples.length;
  }
}
