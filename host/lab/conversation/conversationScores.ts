import { requireInteger } from '../../../engine/core/errors.ts';
import { type Decibels, powerToDecibels, type Samples, type Seconds } from '../../../engine/core/units.ts';
import { siSdr } from '../../../engine/evaluation/siSdr.ts';
import { stoi } from '../../../engine/evaluation/stoi.ts';
import { meanOf, medianOf } from '../evaluation/statistics.ts';
import type { Conversation } from './Conversation.ts';
import { lengthOf, type Passage, Passages } from './Passages.ts';
import { speechActivity } from './speechActivity.ts';

/** What a listener to the separated tracks of a conversation hears, as numbers. */
export interface ConversationScores {
  /** Level of the tracks whose owners are silent over the talker's voice, where one talks alone. Lower is better. */
  readonly leakDecibels: Decibels;
  /** SI-SDR of the talker's own track where one talks alone; mean over the speakers. */
  readonly soloSiSdrDecibels: Decibels;
  /** SI-SDR of the tracks where two or more talk at once; mean over the speakers. null: nobody overlaps. */
  readonly overlapSiSdrDecibels: Decibels | null;
  /** Attenuation of a voice in its own track during the first 60 ms after a pause; median over the onsets. */
  readonly onsetLossDecibels: Decibels;
  /** Share of the solo passages in which another track is louder than the talker's, 0 to 1. */
  readonly confusionRate: number;
  /** Level of the loudest track while nobody talks, over the mean level of a voice that talks alone. */
  readonly silenceDecibels: Decibels;
  /** Intelligibility of each track against its voice over the whole conversation; mean over the speakers. */
  readonly stoi: number;
  /** Shares of the conversation's duration, 0 to 1. */
  readonly soloShare: number;
  readonly overlapShare: number;
}

/** Shorter solo passages do not decide which track is louder. */
const SHORTEST_PASSAGE_SECONDS: Seconds = 0.2;
/** Bounds, so that perfect and digitally silent tracks leave means finite. */
const LARGEST_SI_SDR_DECIBELS: Decibels = 60;
const LOWEST_LEVEL_DECIBELS: Decibels = -80;

/** One voice of the conversation beside its separated track. */
interface Voice {
  readonly reference: Float32Array;
  readonly track: Float32Array;
  readonly solo: readonly Passage[];
  readonly overlap: readonly Passage[];
  readonly onsets: readonly Passage[];
}

/**
 * Scores the separated tracks of a conversation.
 * @param tracks [speakers][samples] in the references' order, aligned with the mixture and as long
 * @throws InputError for a wrong number of tracks; as the metrics do, such as for a track that is silent throughout
 */
export function scoreConversation(conversation: Conversation, tracks: readonly Float32Array[]): ConversationScores {
  const { references, sampleRateHertz } = conversation;
  requireInteger('tracks', tracks.length, references.length, references.length);
  const passages = new Passages(speechActivity(conversation), sampleRateHertz);
  const voices = references.map((reference, speaker): Voice => {
    const [solo, overlap, onsets] = [passages.solo(speaker), passages.overlap(speaker), passages.onsets(speaker)];
    return { reference, track: tracks[speaker]!, solo, overlap, onsets };
  });
  const solo = voices.flatMap((voice) => voice.solo);
  const soloEnergy = sum(voices.map((voice) => energyIn(voice.reference, voice.solo)));
  const silence = passages.silence();
  const silencePower = Math.max(...tracks.map((track) => energyIn(track, silence))) / Math.max(1, totalOf(silence));
  const overlapping = voices.filter((voice) => voice.overlap.length > 0);
  const siSdrs = (which: readonly Voice[], kind: 'solo' | 'overlap') =>
    meanOf(which.map(({ reference, track, [kind]: where }) => boundedSiSdr(reference, track, where)));
  return {
    leakDecibels: level(leakEnergy(voices) / soloEnergy),
    soloSiSdrDecibels: siSdrs(
      voices.filter((voice) => voice.solo.length > 0),
      'solo',
    ),
    overlapSiSdrDecibels: overlapping.length === 0 ? null : siSdrs(overlapping, 'overlap'),
    onsetLossDecibels: medianOf(voices.flatMap(onsetLosses)),
    confusionRate: confusionRate(voices, SHORTEST_PASSAGE_SECONDS * sampleRateHertz),
    silenceDecibels: level(silencePower / (soloEnergy / totalOf(solo))),
    stoi: meanOf(voices.map(({ reference, track }) => stoi(reference, track, sampleRateHertz))),
    soloShare: totalOf(solo) / conversation.mixture.length,
    overlapShare: totalOf(passages.anyOverlap()) / conversation.mixture.length,
  };
}

/** @returns energy of the tracks whose owners are silent in the solo passages of the others; mean over those tracks */
function leakEnergy(voices: readonly Voice[]): number {
  const energies = voices.map((voice) =>
    sum(voices.filter((other) => other !== voice).map(({ track }) => energyIn(track, voice.solo))),
  );
  return sum(energies) / (voices.length - 1);
}

function confusionRate(voices: readonly Voice[], shortestSamples: Samples): number {
  const isConfused = voices.flatMap((voice) =>
    voice.solo
      .filter((passage) => lengthOf(passage) >= shortestSamples)
      .map((passage) => {
        const own = energyIn(voice.track, [passage]);
        return voices.some(({ track }) => energyIn(track, [passage]) > own);
      }),
  );
  return isConfused.length === 0 ? 0 : isConfused.filter(Boolean).length / isConfused.length;
}

/** Measured by projection on the reference: another voice in the track does not make up for a missing onset. */
function onsetLosses({ reference, track, onsets }: Voice): readonly Decibels[] {
  return onsets.map(({ start, end }) => {
    let product = 0;
    let energy = 0;
    for (let n = start; n < end; n++) {
      product += reference[n]! * track[n]!;
      energy += reference[n]! ** 2;
    }
    return -level(Math.max(0, product / energy) ** 2);
  });
}

/** SI-SDR of the passages, joined. A track that is silent there has the lowest value. */
function boundedSiSdr(reference: Float32Array, track: Float32Array, passages: readonly Passage[]): Decibels {
  if (energyIn(track, passages) === 0) return -LARGEST_SI_SDR_DECIBELS;
  const ratio = siSdr(joined(reference, passages), joined(track, passages));
  return Math.max(-LARGEST_SI_SDR_DECIBELS, Math.min(LARGEST_SI_SDR_DECIBELS, ratio));
}

function joined(signal: Float32Array, passages: readonly Passage[]): Float32Array {
  const samples = new Float32Array(totalOf(passages));
  let position = 0;
  for (const { start, end } of passages) {
    samples.set(signal.subarray(start, end), position);
    position += end - start;
  }
  return samples;
}

function energyIn(signal: Float32Array, passages: readonly Passage[]): number {
  let energy = 0;
  for (const { start, end } of passages) for (let n = start; n < end; n++) energy += signal[n]! ** 2;
  return energy;
}

function totalOf(passages: readonly Passage[]): Samples {
  return sum(passages.map(lengthOf));
}

function level(power: number): Decibels {
  return Math.max(LOWEST_LEVEL_DECIBELS, powerToDecibels(power));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
