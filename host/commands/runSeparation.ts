import type { Mixdown } from '../../engine/channels/Mixdown.ts';
import { InputError } from '../../engine/core/errors.ts';
import type { FrequencyRange } from '../../engine/core/FrequencyRange.ts';
import type { JointAdaptation } from '../../engine/model/JointAdaptation.ts';
import type { Preset } from '../../engine/model/Preset.ts';
import type { TrackFormat } from '../audio/trackFormats.ts';
import { evidencePath } from '../library/evidenceFiles.ts';
import type { PresetFile } from '../library/PresetLibrary.ts';
import {
  type FileSeparationOptions,
  type FileSeparationResult,
  type PipedVoice,
  separateFile,
} from '../offline/FileSeparation.ts';
import { type MeasuredSource, ReferenceMetrics } from '../offline/ReferenceMetrics.ts';
import type { CommandContext } from './CommandContext.ts';
import { commaSeparated } from './optionValues.ts';
import type { StreamOptions } from './streamOptions.ts';

export interface SeparationRunOptions extends StreamOptions {
  readonly rest?: boolean;
  readonly offline?: boolean;
  readonly format: TrackFormat;
  readonly force?: boolean;
  /** Folder of the files; null only with `piped`. */
  readonly out: string | null;
  readonly piped?: PipedVoice | null;
  readonly isLastBackground?: boolean;
  readonly background?: FileSeparationOptions['background'];
  readonly protectedPaths: readonly string[];
  readonly mixdown?: Mixdown;
  readonly band?: FrequencyRange | null;
  readonly offset?: number;
  readonly mixtureName?: string;
}

/** Separates a file with a progress bar, and measures the result if there are references. */
export async function runSeparation(
  { terminal, signal }: CommandContext,
  mixturePath: string,
  presets: readonly Preset[],
  options: SeparationRunOptions,
  references: ReferenceMetrics | null,
  adaptation: JointAdaptation | null,
): Promise<{ result: FileSeparationResult; measured: readonly MeasuredSource[] | null }> {
  const { mixtureName = mixturePath, mixdown = null, band = null, offset = 0 } = options;
  await references?.requireLike(mixturePath);
  const progress = terminal.progress('separating');
  let result: FileSeparationResult;
  try {
    result = await separateFile({
      mixturePath,
      mixtureName,
      mixdown,
      band,
      offset,
      presets,
      adaptation,
      outFolder: options.out,
      piped: options.piped ?? null,
      protectedPaths: options.protectedPaths,
      isReplacing: options.force ?? false,
      latency: options.latency,
      ...(options.window === undefined ? {} : { windowSeconds: options.window / 1000 }),
      isRestWritten: options.rest ?? false,
      isLastBackground: options.isLastBackground ?? false,
      background: options.background ?? null,
      isOffline: options.offline ?? false,
      format: options.format,
      signal,
      onProgress: (fraction) => progress.update(fraction),
      ...(references === null ? {} : { onBlock: (mixture, outputs) => references.add(mixture, outputs) }),
    });
  } finally {
    progress.stop();
  }
  return { result, measured: references === null ? null : references.measure(mixtureName, result.sampleRateHertz) };
}

/** Files that a separation reads besides the mixture. */
export function separationInputs(voices: readonly PresetFile[], references: ReferenceMetrics | null): string[] {
  return [...voices.flatMap(({ path }) => [path, evidencePath(path)]), ...(references?.paths ?? [])];
}

export async function readReferences(
  texts: readonly string[] | undefined,
  speakers: number,
): Promise<ReferenceMetrics | null> {
  if (texts === undefined) return null;
  const paths = await commaSeparated('--references', texts);
  if (paths.length !== speakers) {
    throw new InputError(`--references must be one file for each of the ${speakers} speakers, got ${paths.length}`);
  }
  return ReferenceMetrics.read(paths);
}
