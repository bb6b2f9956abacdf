import { paired } from '../../../engine/core/paired.ts';
import { clippingRemarks } from '../../../engine/core/pcm16.ts';
import type { VoiceSegment } from '../../../engine/diarization/segments.ts';
import { type Preset, parsePreset } from '../../../engine/model/Preset.ts';
import { ActivityMeter } from '../../../engine/recording/ActivityMeter.ts';
import { AlignedStream } from '../../../engine/recording/AlignedStream.ts';
import { learnableSpeech } from '../../../engine/recording/annotatedSpeech.ts';
import { type LearntVoice, learnOnce, learnTwice, type VoiceLearner } from '../../../engine/recording/learnTwice.ts';
import { offlineSeparator } from '../../../engine/recording/offlineSeparator.ts';
import {
  type AdaptSpeakers,
  adaptedWithRest,
  type PreparedVoices,
  presetsOf,
} from '../../../engine/recording/preparedVoices.ts';
import { VoicePassages } from '../../../engine/recording/VoicePassages.ts';
import { planStft } from '../../../engine/stft/StftPlan.ts';
import type { Recording } from '../../../engine/trainer/index.ts';
import { PcmRecorder } from '../sound/PcmRecorder.ts';
import { PcmSound } from '../sound/PcmSound.ts';
import { adaptSpeakers } from './adaptSpeakers.ts';
import { type TrainingAmount, trainVoice } from './trainVoice.ts';
import type { Effort, PresetTexts, SeparatedSound, SeparationJob, WorkProgress, WorkStage } from './workMessages.ts';

type Report = (fraction: number, stage: WorkStage, voice?: string | null) => void;

/** Parts of the progress: where learning and adapting end. */
const SPANS: Readonly<Record<Effort, { readonly learnt: number; readonly adapted: number }>> = {
  full: { learnt: 0.6, adapted: 0.85 },
  draft: { learnt: 0.85, adapted: 0.85 },
};
/** Optimiser steps of a draft: a quarter of those of a full training. */
const DRAFT_STEPS = 200;

/**
 * Learns each voice of a recording from where it is alone, adapts the voices to each other, and separates them and the rest: all as
 * `separate --rest` of the program for Node does, if the effort is full.
 * @throws InputError if a voice has no segments or speaks too little
 */
export async function separateSound(
  job: SeparationJob,
  onProgress: (progress: WorkProgress) => void,
): Promise<SeparatedSound> {
  const report: Report = (fraction, stage, voice = null) => onProgress({ fraction, stage, voice });
  const { learnt: learntEnd, adapted: adaptedEnd } = SPANS[job.effort];
  const learnt = await learnVoices(job, (fraction, stage, voice) => report(learntEnd * fraction, stage, voice));
  const voices = await prepareVoices(job, learnt, (fraction) =>
    report(learntEnd + (adaptedEnd - learntEnd) * fraction, 'adapting'),
  );
  const { tracks, clipped } = await separate(job, voices, (fraction) =>
    report(adaptedEnd + (1 - adaptedEnd) * fraction, 'separating'),
  );
  return { learnt, tracks, remarks: clipped };
}

function learnVoices(job: SeparationJob, report: Report): Promise<LearntVoice[]> {
  const learn = job.effort === 'full' ? learnTwice<Recording> : learnOnce<Recording>;
  return learn(learnableSpeech(job), job.names, learnerOf(job), (fraction, voice) =>
    report(fraction, voice === null ? 'listening' : 'learning', voice),
  );
}

function learnerOf({ name, mixture, imported, effort }: SeparationJob): VoiceLearner<Recording> {
  const { sampleRateHertz, offset } = imported;
  const sound = new PcmSound(mixture, sampleRateHertz, offset);
  return {
    readVoices: async (solo: readonly (readonly VoiceSegment[])[]) => {
      const passages = new VoicePassages(solo, sampleRateHertz);
      for await (const block of sound.blocks()) passages.add(block);
      return passages.cut().map((parts) => parts.map((samples) => ({ name, samples, sampleRateHertz })));
    },
    measureActivity: async (presets, onProgress) => {
      const meter = new ActivityMeter(presets, sampleRateHertz);
      for await (const block of sound.blocks(onProgress)) meter.add(block);
      return meter.activity;
    },
    learn: (voice, recordings, amount, onProgress) => {
      const training: TrainingAmount = effort === 'full' ? amount : { ...amount, steps: DRAFT_STEPS };
      return trainVoice(voice, recordings, training, onProgress);
    },
  };
}

interface LearntSpeaker {
  readonly preset: Preset;
  readonly texts: PresetTexts;
}

/** Adapts the voices to each other and to the background; a draft of several voices does neither. */
async function prepareVoices(
  { effort, background }: SeparationJob,
  learnt: readonly LearntVoice[],
  onProgress: (fraction: number) => void,
): Promise<PreparedVoices> {
  const speakers = learnt.map(({ presetText, evidenceText }) =>
    speakerOf({ preset: presetText, evidence: evidenceText ?? '' }),
  );
  if (effort === 'draft' && speakers.length > 1) {
    const presets = presetsOf(speakers);
    return { presets, adaptation: null, reason: null, isLastBackground: false, background: null };
  }
  const beside = { voices: [...speakers, speakerOf(background)], isLoaded: true, reason: null };
  const adapt: AdaptSpeakers<LearntSpeaker> = async (voices, onFraction) => {
    const texts = voices.map((voice) => voice.texts);
    const { adaptation } = await adaptSpeakers(texts, onFraction);
    return { adaptation, reason: null };
  };
  return adaptedWithRest(speakers, beside, adapt, onProgress);
}

function speakerOf(texts: PresetTexts): LearntSpeaker {
  return { preset: parsePreset(texts.preset), texts };
}

async function separate(
  { mixture, imported, names }: SeparationJob,
  { presets, adaptation, background, isLastBackground }: PreparedVoices,
  onProgress: (fraction: number) => void,
): Promise<{ readonly tracks: readonly Blob[]; readonly clipped: readonly string[] }> {
  const { sampleRateHertz, band, offset } = imported;
  const plan = planStft({ sampleRateHertz, latency: 'studio' });
  const separator = offlineSeparator({
    plan,
    presets,
    adaptation,
    background,
    band,
    isRestSeparated: !isLastBackground,
    isOffline: true,
  });
  const stream = new AlignedStream(separator, {
    speakers: presets.length,
    hasRest: !isLastBackground,
    offset,
    isOffsetKept: true,
    plan,
  });
  const tracks = [...names, 'rest'].map(() => new PcmRecorder());
  const pass = (block: Float32Array, isTail: boolean) => {
    for (const [track, output] of paired(tracks, stream.process(block, isTail))) track.add(output);
  };
  for await (const block of new PcmSound(mixture, sampleRateHertz).rawBlocks(onProgress)) pass(block, false);
  pass(new Float32Array(separator.latencySamples), true);
  const clipped = tracks.flatMap(({ clippedSamples }, track) =>
    clippingRemarks(names[track] ?? 'rest', clippedSamples),
  );
  return { tracks: tracks.map((track) => track.blob()), clipped };
}
