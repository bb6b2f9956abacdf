import { Random } from '../../../engine/core/Random.ts';
import { powerToDecibels, type Seconds } from '../../../engine/core/units.ts';
import { joinSpeech } from '../../../engine/trainer/index.ts';
import type { ChannelChoice } from '../../audio/channelChoice.ts';
import { readRecording } from '../../audio/readRecording.ts';
import { separationMethod } from '../evaluation/methods/separationMethods.ts';
import { type Conversation, simulateConversation } from './Conversation.ts';
import type { ConversationAnswer, ConversationJob, ConversationPicture } from './conversationMessages.ts';
import { scoreConversation } from './conversationScores.ts';
import { speechActivity } from './speechActivity.ts';

/** Speech kept of each voice; a turn takes a few seconds of it. */
const LONGEST_SPEECH_SECONDS: Seconds = 600;
const LONGEST_RECORDING_SECONDS: Seconds = 3600;
const PICTURE_STEP_SECONDS: Seconds = 0.1;
/** Keeps the logarithm of a silent step finite; far below what is drawn. */
const SILENT_POWER = 1e-12;

/** Simulates a conversation, separates it with one method and scores the tracks. */
export async function runConversation(
  job: Extract<ConversationJob, { type: 'converse' }>,
): Promise<Extract<ConversationAnswer, { type: 'conversed' }>> {
  const { settings, speakers, options, seed } = job;
  const { sampleRateHertz } = settings.plan;
  const voices = await Promise.all(job.testPaths.map((paths) => speechOf(paths, settings.channel ?? 'best')));
  const conversation = simulateConversation(voices, sampleRateHertz, options, new Random(seed));
  const { mixture, references } = conversation;
  const tracks = await separationMethod(job.method).separate(
    { sampleRateHertz, mixture, references },
    speakers,
    settings,
  );
  return {
    type: 'conversed',
    scores: scoreConversation(conversation, tracks),
    picture: pictureOf(conversation, tracks),
  };
}

/** @returns the speech of these recordings, joined, without their pauses */
async function speechOf(paths: readonly string[], channel: ChannelChoice): Promise<Float32Array> {
  const recordings = await Promise.all(paths.map((path) => readRecording(path, LONGEST_RECORDING_SECONDS, channel)));
  return joinSpeech(recordings, LONGEST_SPEECH_SECONDS).samples;
}

function pictureOf(conversation: Conversation, tracks: readonly Float32Array[]): ConversationPicture {
  const { sampleRateHertz, mixture } = conversation;
  const { frameSamples, isActive } = speechActivity(conversation);
  const stepSamples = Math.round(PICTURE_STEP_SECONDS * sampleRateHertz);
  const steps = Array.from({ length: Math.floor(mixture.length / stepSamples) }, (_, step) => step * stepSamples);
  return {
    stepSeconds: stepSamples / sampleRateHertz,
    activity: isActive.map((flags) =>
      steps.map((start) => meanOf(flags.subarray(start / frameSamples, (start + stepSamples) / frameSamples))),
    ),
    trackLevels: tracks.map((track) =>
      steps.map((start) => {
        const power = meanOf(track.subarray(start, start + stepSamples).map((sample) => sample * sample));
        return powerToDecibels(power + SILENT_POWER);
      }),
    ),
  };
}

function meanOf(values: Uint8Array | Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / Math.max(1, values.length);
}
