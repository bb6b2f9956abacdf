import { InputError } from '../../engine/core/errors.ts';
import { parsePreset } from '../../engine/model/Preset.ts';
import { type PresetName, presetName } from '../../engine/model/PresetName.ts';
import { expandAudioFiles } from '../audio/audioFiles.ts';
import { jsonText } from '../files/jsonText.ts';
import { replacementNotice, requireOutputs } from '../files/outputs.ts';
import { evidencePath } from '../library/evidenceFiles.ts';
import { writePreset } from '../library/writePreset.ts';
import { EnrolmentCheck } from '../offline/EnrolmentCheck.ts';
import { readTrainingRecordings } from '../offline/trainingRecordings.ts';
import { trainInThread } from '../workers/TrainerThread.ts';
import type { MessageFromTrainer } from '../workers/trainerMessages.ts';
import type { CommandContext } from './CommandContext.ts';
import { commaSeparated } from './optionValues.ts';
import type { Progress } from './Terminal.ts';
import { type TrainOptions, today } from './trainOptions.ts';

/** Learns one speaker and writes its preset. @param voices recordings, or folders of them */
export async function trainVoice(
  context: CommandContext,
  voices: readonly string[],
  options: TrainOptions,
): Promise<void> {
  const { terminal, library, signal } = context;
  const { notes, licence, templates, seconds, updates, seed, transform, channel } = options;
  const startMilliseconds = performance.now();
  const isReplacing = options.force ?? false;
  const name = presetName(options.name);
  const path = options.out ?? library.ownPath(name);
  const holdoutPaths = await commaSeparated('--holdout', options.holdout ?? []);
  // Files that cannot be read are reported when they are read.
  const inputs = await expandAudioFiles([...voices, ...holdoutPaths]).catch(() => []);
  await claimPreset(context, name, options, inputs);
  const training = await readTrainingRecordings(voices, seconds, { channel, signal });
  const holdout =
    holdoutPaths.length === 0
      ? null
      : await readTrainingRecordings(holdoutPaths, 600, { rateHertz: training.sampleRateHertz, channel, signal });
  for (const notice of [...training.remarks, ...(holdout?.remarks ?? [])]) terminal.notice(notice);
  const check = new EnrolmentCheck();
  await check.add(training.recordings, signal);
  for (const remark of check.remarks) terminal.notice(remark);
  const recordings = options.clean === true ? check.cleaned() : training.recordings;

  let backend: string | null = null;
  const progress = terminal.progress('training');
  try {
    const { presetText, evidenceText, klRatios } = await trainInThread(
      {
        recordings,
        holdout: holdout?.recordings ?? [],
        created: options.created ?? today(),
        embedding: check.embedding,
        hasEvidence: options.evidence,
        isLowPriority: false,
        name,
        notes,
        licence,
        templates,
        seconds,
        updates,
        seed,
        transform,
      },
      {
        signal,
        onMessage: (message) => {
          if (message.type === 'backend') {
            backend = message.name;
            if (options.isBackendKnown !== true) terminal.notice(`training with the tfjs backend ${message.name}`);
          } else showProgress(progress, message);
        },
      },
    );
    signal.throwIfAborted();
    // Parsed before it is written: an invalid preset must not reach the library.
    const facts = parsePreset(presetText).training;
    if (options.out === undefined) {
      await library.add(presetText, { evidence: evidenceText, isReplacing, isEvidenceRefused: true });
    } else {
      await writePreset(path, { preset: presetText, evidence: evidenceText }, isReplacing ? path : null);
    }
    progress.stop();
    const report = {
      name,
      path,
      bytes: Buffer.byteLength(presetText),
      evidencePath: evidenceText === null ? null : evidencePath(path),
      templates,
      updates,
      transform,
      seed,
      backend,
      recordings: training.files,
      problems: check.problems,
      speechSeconds: facts.speechSeconds,
      sampleRateHertz: facts.sampleRateHertz,
      fitRatio: facts.fitRatio,
      klRatios,
      wallSeconds: (performance.now() - startMilliseconds) / 1000,
    };
    terminal.result(options.json === true ? jsonText(report) : trainText(report));
  } finally {
    progress.stop();
  }
}

/** Checks before training that the preset and its evidence can be written, and reports what they replace or hide. */
async function claimPreset(
  { library, terminal }: CommandContext,
  name: PresetName,
  { out, force: isReplacing = false }: TrainOptions,
  inputs: readonly string[],
): Promise<void> {
  if (out === undefined) {
    for (const remark of await library.requireAddable(name, { isReplacing, inputs })) terminal.notice(remark);
    return;
  }
  const alternative = 'choose another file with --out';
  const replaced = await requireOutputs([out, evidencePath(out)], { inputs, isReplacing, alternative });
  // Other commands recognise preset files by this ending.
  if (!out.endsWith('.json')) throw new InputError(`--out must end in .json, got "${out}"`);
  const notice = replacementNotice(replaced);
  if (notice !== null) terminal.notice(notice);
}

function showProgress(progress: Progress, message: MessageFromTrainer): void {
  if (message.type === 'judging') progress.update(1, 'measuring on unseen speech');
  if (message.type !== 'progress') return;
  const { fraction, loss, stage } = message.progress;
  progress.update(
    fraction,
    stage === 'templates' || loss === null
      ? 'learning templates'
      : `fitting the network, loss ${loss.toExponential(2)}`,
  );
}

function trainText(report: {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly templates: number;
  readonly recordings: number;
  readonly speechSeconds: number;
  readonly fitRatio: number;
  readonly klRatios:
    | readonly { readonly windowSamples: number; readonly network: number; readonly interpolated: number }[]
    | null;
  readonly wallSeconds: number;
}): string {
  const lines = [
    `learnt "${report.name}": ${report.templates} templates from ${report.speechSeconds.toFixed(1)} s of speech in ${report.recordings} recordings, ${report.wallSeconds.toFixed(1)} s`,
    `  ${report.path} (${(report.bytes / 1000).toFixed(1)} kB)`,
    `  KL divergence ${report.fitRatio.toFixed(3)} times that of the template matrices it was fitted to`,
  ];
  for (const { windowSamples, network, interpolated } of report.klRatios ?? []) {
    lines.push(
      `  unseen speech, window ${String(windowSamples).padStart(5)}: ${network.toFixed(3)} times a matrix trained at it (interpolated matrix ${interpolated.toFixed(3)})`,
    );
  }
  return lines.join('\n');
}
