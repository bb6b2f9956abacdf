import type { TrackFormat } from '../audio/trackFormats.ts';
import { jsonText } from '../files/jsonText.ts';
import type { PresetFile } from '../library/PresetLibrary.ts';
import { outputPaths, separationRemarks, separationRules } from '../offline/FileSeparation.ts';
import type { ReferenceMetrics } from '../offline/ReferenceMetrics.ts';
import type { CommandContext } from './CommandContext.ts';
import { claimOutputs } from './outputFiles.ts';
import { fileLines } from './separationReport.ts';

interface ConstantQOptions {
  readonly out: string;
  readonly format: TrackFormat;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** Separates a recording on a constant-Q transform, shows progress and prints the report. */
export async function runConstantQ(
  { terminal, signal }: CommandContext,
  mixturePath: string,
  voices: readonly PresetFile[],
  { out, format, force = false, json }: ConstantQOptions,
  references: ReferenceMetrics | null,
): Promise<void> {
  const experiments = await import('../lab/experiments/index.ts');
  const presets = voices.map(({ preset }) => preset);
  const protectedPaths = [...voices.map(({ path }) => path), ...(references?.paths ?? [])];
  await claimOutputs(
    terminal,
    outputPaths(out, presets, false, format),
    separationRules({ mixturePath, protectedPaths, isReplacing: force }),
  );
  await references?.requireLike(mixturePath);
  const progress = terminal.progress('separating');
  const result = await experiments
    .separateFileConstantQ({
      mixturePath,
      presets,
      outFolder: out,
      protectedPaths,
      isReplacing: force,
      format,
      signal,
      onProgress: (fraction) => progress.update(fraction),
      ...(references === null ? {} : { onBlock: (mixture, outputs) => references.add(mixture, outputs) }),
    })
    .finally(() => progress.stop());
  const measured = references?.measure(mixturePath, result.sampleRateHertz) ?? null;
  for (const remark of separationRemarks(result)) terminal.notice(remark);
  if (json === true) return terminal.result(jsonText(experiments.constantQReport(mixturePath, result, measured)));
  const { sampleRateHertz, samples, realTimeFactor, iterations } = result;
  const lines = [
    `${mixturePath}: ${(samples / sampleRateHertz).toFixed(1)} s at ${sampleRateHertz} Hz, ${realTimeFactor.toFixed(1)} times real time`,
    `constant-Q, ${iterations} iterations a slice`,
    ...fileLines(result.files, measured),
  ];
  terminal.result(lines.join('\n'));
}
