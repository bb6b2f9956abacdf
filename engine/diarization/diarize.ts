import { Random } from '../core/Random.ts';
import type { EmbeddingInference } from '../embedding/EmbeddingInference.ts';
import { blocksIn, type SpeechBlock } from '../embedding/SpeechBlocks.ts';
import { similarity, unitVector } from '../embedding/similarity.ts';
import { embedSurroundings } from '../embedding/surroundings.ts';
import { LONG_REACH_BLOCKS, TargetActivityInference } from '../embedding/TargetActivityInference.ts';
import { projectVoice, voiceSpace } from '../embedding/VoiceSpace.ts';
import { clusterVoices, nearestCentroid } from './clusterVoices.ts';
import { conversationPath } from './conversationPath.ts';
import { inferVoices } from './inferVoices.ts';
import { voicePath } from './voicePath.ts';

/** One person in a recording. */
export interface DiarizedVoice {
  /** [blocks] 1 where this voice speaks; of two that speak at once, both have 1 */
  readonly isSpeaking: Uint8Array;
  /** [blocks] probability that the block is of this voice rather than of another one, by the stretch around it */
  readonly certainty: Float32Array;
  /** [blocks] probability that this voice speaks and no other one does; null: not known */
  readonly alone: Float32Array | null;
  /** Embedding of the speech in which it is alone, of unit length. */
  readonly vector: Float32Array;
}

export const MOST_VOICES = 6;
/** A block is compared with voices by the stretch from so many blocks before it to so many after it: 1.5 s. */
const REACH_BLOCKS = LONG_REACH_BLOCKS;
/** Hop between the stretches that are clustered. */
const STRETCH_HOP_BLOCKS = blocksIn(0.2);
/** A stretch is clustered from this mean share of speech on, up to this mean probability of several voices. */
const LEAST_SPEECH = 0.6;
const MOST_OVERLAP = 0.5;
/** The number of voices is inferred from stretches up to this one: two voices at once are like a third one. */
const MOST_CLEAR_OVERLAP = 0.2;
/** Of more stretches, so many are clustered, evenly spread. */
const MOST_STRETCHES = 1500;
/** Scale of similarities as logarithms of likelihoods. */
const CONTRAST = 8;
const ROUNDS = 3;
/** Voices are estimated from at least so much speech. */
const LEAST_VOICE_BLOCKS = blocksIn(1);
const SEED = 1;
/** Keeps the logarithm of the chance of speech finite. */
const SMALLEST_CHANCE = 0.02;
/** Voices whose speech is more similar may be one: as similar are the halves into which the speech of one voice is split. */
const SAME_VOICE = 0.865;
/** Clusters from which the number of voices is inferred: more than voices that are reported, so that noise and overlap have their own. */
const START_CLUSTERS = 8;
/** Weight of the prior, see `inferVoices`: chosen for the right number of voices (test/experiments/quality/diarization). */
const PRIOR_WEIGHT = 12;
/** The same while a conversation goes on whose number of voices is known, so that more are probably still to be told apart. */
const EXPECTING_PRIOR_WEIGHT = 6;
/** A voice with less clear speech than this, or with a smaller share of it, is not counted. */
const LEAST_SPEECH_BLOCKS = blocksIn(2);
const LEAST_SHARE = 0.07;

/**
 * Finds who speaks when, up to two voices at a time.
 * @param blocks of the whole recording
 * @param count number of voices, 1 to `MOST_VOICES`; null: as many as are found, `least` or more
 * @returns voices in the order in which they first speak; empty if nobody does
 */
export function diarize(
  blocks: readonly SpeechBlock[],
  inference: EmbeddingInference,
  count: number | null = null,
  least = 1,
): DiarizedVoice[] {
  const recording = new RecordingVectors(blocks, inference);
  if (count !== null) return recording.clusteredVoices(count);
  return voicesWithin(recording, { least, most: MOST_VOICES, priorWeight: PRIOR_WEIGHT });
}

/**
 * Finds who speaks when in a conversation that goes on: not everybody may have spoken yet.
 * @param blocks of all that was heard so far
 * @param count number of voices that there will be, 1 to `MOST_VOICES`; null: it is not known
 * @returns as `diarize`
 */
export function diarizeSoFar(
  blocks: readonly SpeechBlock[],
  inference: EmbeddingInference,
  count: number | null,
): DiarizedVoice[] {
  return voicesWithin(new RecordingVectors(blocks, inference), {
    least: 1,
    most: count ?? MOST_VOICES,
    priorWeight: count === null ? PRIOR_WEIGHT : EXPECTING_PRIOR_WEIGHT,
  });
}

interface InferenceLimits {
  /** Smallest and largest number of voices to return. */
  readonly least: number;
  readonly most: number;
  /** See `inferVoices`. */
  readonly priorWeight: number;
}

function voicesWithin(recording: RecordingVectors, { least, most, priorWeight }: InferenceLimits): DiarizedVoice[] {
  const voices = recording.inferredVoices(priorWeight);
  const count = Math.min(most, Math.max(least, voices.length));
  return voices.length === count ? voices : recording.clusteredVoices(count);
}

/** Whether no two of the voices are so similar that they may be one. */
export function areDistinct(voices: readonly DiarizedVoice[]): boolean {
  return voices.every(({ vector }, index) =>
    voices.slice(index + 1).every((other) => similarity(vector, other.vector) < SAME_VOICE),
  );
}

/** Embeddings of a recording, as deviations from their mean: what its voices have in common, such as the microphone, does not tell them apart. */
class RecordingVectors {
  private readonly blocks: readonly SpeechBlock[];
  private readonly inference: EmbeddingInference;
  /** Embeddings of the stretches that are clustered. */
  private readonly stretches: readonly Float32Array[];
  /** Embeddings of the stretches in which one voice speaks alone, see `MOST_CLEAR_OVERLAP`. */
  private readonly clear: readonly Float32Array[];
  /** [clear] the same in the space of voices */
  private readonly projected: readonly Float32Array[];
  /** Distance of the stretches where there is nothing else. */
  private readonly spacingBlocks: number;
  /** [blocks] embedding of the stretch around each block */
  private readonly surroundings: Float32Array[];
  /** [blocks] the same as a deviation from `mean` */
  private readonly local: readonly Float32Array[];
  private readonly mean: Float32Array;

  constructor(blocks: readonly SpeechBlock[], inference: EmbeddingInference) {
    this.blocks = blocks;
    this.inference = inference;
    const local = embedSurroundings(blocks, REACH_BLOCKS, inference);
    this.surroundings = local;
    const { middles, spacingBlocks } = clusteredBlocks(blocks);
    const stretches = middles.map(({ block }) => local[block]!);
    this.spacingBlocks = spacingBlocks;
    this.mean = new Float32Array(local[0]?.length ?? 0);
    for (const vector of stretches)
      for (let element = 0; element < vector.length; element++)
        this.mean[element]! += vector[element]! / stretches.length;
    this.stretches = stretches.map((vector) => this.centred(vector));
    const clear = middles.filter(({ overlap }) => overlap <= MOST_CLEAR_OVERLAP).map(({ block }) => local[block]!);
    this.clear = clear.map((vector) => this.centred(vector));
    this.projected = clear.map((vector) => projectVoice(vector, this.mean, voiceSpace()));
    this.local = local.map((vector) => this.centred(vector));
  }

  /** @returns at most `count` voices, fewer if there is less speech */
  clusteredVoices(count: number): DiarizedVoice[] {
    if (this.stretches.length < count) return [];
    return this.voicesFrom(clusterVoices(this.stretches, count, new Random(SEED)).centroids);
  }

  /** @returns the voices that `inferVoices` keeps and that speak enough to count; empty if there are none */
  inferredVoices(priorWeight: number): DiarizedVoice[] {
    const { clear, projected, spacingBlocks } = this;
    if (clear.length === 0) return [];
    const { centroids } = clusterVoices(clear, Math.min(START_CLUSTERS, clear.length), new Random(SEED));
    const start = clear.map((vector) => nearestCentroid(vector, centroids).centroid);
    const chances = inferVoices(projected, start, voiceSpace().variances, priorWeight);
    const spoken = chances.map((own) => own.reduce((sum, chance) => sum + chance, 0));
    const least = Math.max(LEAST_SPEECH_BLOCKS / spacingBlocks, LEAST_SHARE * clear.length);
    return this.voicesFrom(
      chances.filter((_, voice) => spoken[voice]! >= least).map((own) => unitVector(weightedSum(clear, own))),
    );
  }

  /** Estimates the voices again from where each is most likely, starting from their centroids. */
  private voicesFrom(start: readonly Float32Array[]): DiarizedVoice[] {
    if (start.length === 0) return [];
    let centroids = start;
    let chances = this.chances(centroids);
    let path = this.path(chances);
    for (let round = 1; round < ROUNDS; round++) {
      centroids = centroids.map((centroid, voice) => {
        const own = this.soloBlocks(path, voice);
        return own.length < LEAST_VOICE_BLOCKS ? centroid : this.centred(this.inference.embed(own).vector);
      });
      chances = this.chances(centroids);
      path = this.path(chances);
    }
    const found = centroids.flatMap((_, voice) => {
      const own = this.soloBlocks(path, voice);
      if (own.length === 0) return [];
      const isSpeaking = Uint8Array.from(path, (state) => (state === voice ? 1 : 0));
      const certainty = Float32Array.from(chances, (each) => each[voice]!);
      return [{ isSpeaking, certainty, alone: null, vector: this.inference.embed(own).vector }];
    });
    return this.withOverlap(found).sort((one, other) => one.isSpeaking.indexOf(1) - other.isSpeaking.indexOf(1));
  }

  /** Finds again where each voice speaks, also beside another one, and embeds each from where it speaks alone. */
  private withOverlap(voices: readonly DiarizedVoice[]): DiarizedVoice[] {
    if (voices.length < 2) return [...voices];
    const network = new TargetActivityInference();
    const inputs = network.inputs(this.blocks, this.inference, this.surroundings);
    const activities = voices.map(({ vector }, voice) =>
      network.activity(inputs, vector, unitVector(sumOf(voices.filter((_, index) => index !== voice)))),
    );
    const speaking = conversationPath(activities);
    // Of two clusters of one person, the search gives all speech to one: then the first estimate is kept, so that no voice is without speech.
    if (speaking.some((flags) => !flags.includes(1))) return [...voices];
    return voices.map(({ certainty, vector }, voice) => ({
      isSpeaking: speaking[voice]!,
      certainty,
      alone: activities[voice]!.own.map((chance, block) => chance * (1 - activities[voice]!.others[block]!)),
      vector: this.aloneVector(speaking, voice) ?? vector,
    }));
  }

  /** @returns embedding of where only this voice speaks; null if that is too little */
  private aloneVector(speaking: readonly Uint8Array[], voice: number): Float32Array | null {
    const alone = this.blocks.filter((_, block) =>
      speaking.every((flags, index) => flags[block] === (index === voice ? 1 : 0)),
    );
    return alone.length < LEAST_VOICE_BLOCKS ? null : this.inference.embed(alone).vector;
  }

  private soloBlocks(path: Uint8Array, voice: number): SpeechBlock[] {
    return this.blocks.filter(({ overlap }, block) => path[block] === voice && overlap < MOST_OVERLAP);
  }

  /** @returns [blocks][voices] probability of each voice, if one of them speaks */
  private chances(centroids: readonly Float32Array[]): Float32Array[] {
    return this.local.map((vector) => {
      const scores = centroids.map((centroid) => Math.exp(CONTRAST * similarity(vector, centroid)));
      const total = scores.reduce((sum, score) => sum + score, 0);
      return Float32Array.from(scores, (score) => score / total);
    });
  }

  private path(chances: readonly Float32Array[]): Uint8Array {
    const voices = chances[0]!.length;
    const likelihoods = new Float32Array(this.blocks.length * (voices + 1));
    this.blocks.forEach(({ speech }, block) => {
      const chance = Math.min(1 - SMALLEST_CHANCE, Math.max(SMALLEST_CHANCE, speech));
      chances[block]!.forEach((each, voice) => {
        likelihoods[block * (voices + 1) + voice] = Math.log(chance * each);
      });
      likelihoods[block * (voices + 1) + voices] = Math.log(1 - chance);
    });
    return voicePath(likelihoods, voices);
  }

  private centred(vector: Float32Array): Float32Array {
    return unitVector(vector.map((value, element) => value - this.mean[element]!));
  }
}

/** The middle of a stretch. */
interface Middle {
  readonly block: number;
  /** Mean probability of several voices in the stretch. */
  readonly overlap: number;
}

/** @returns stretches that hold speech, mostly of one voice, and their distance where there is nothing else */
function clusteredBlocks(blocks: readonly SpeechBlock[]): {
  readonly middles: readonly Middle[];
  readonly spacingBlocks: number;
} {
  const middles: Middle[] = [];
  const length = 2 * REACH_BLOCKS + 1;
  for (let middle = REACH_BLOCKS; middle + REACH_BLOCKS < blocks.length; middle += STRETCH_HOP_BLOCKS) {
    let speech = 0;
    let overlap = 0;
    for (let block = middle - REACH_BLOCKS; block <= middle + REACH_BLOCKS; block++) {
      speech += blocks[block]!.speech;
      overlap += blocks[block]!.overlap / length;
    }
    if (speech >= LEAST_SPEECH * length && overlap <= MOST_OVERLAP) middles.push({ block: middle, overlap });
  }
  const spacing = Math.max(1, Math.ceil(middles.length / MOST_STRETCHES));
  return {
    middles: middles.filter((_, index) => index % spacing === 0),
    spacingBlocks: spacing * STRETCH_HOP_BLOCKS,
  };
}

function sumOf(voices: readonly DiarizedVoice[]): Float32Array {
  return weightedSum(
    voices.map(({ vector }) => vector),
    new Float64Array(voices.length).fill(1),
  );
}

function weightedSum(vectors: readonly Float32Array[], weights: Float64Array): Float32Array {
  const sum = new Float32Array(vectors[0]!.length);
  vectors.forEach((vector, index) => {
    for (let element = 0; element < sum.length; element++) sum[element]! += weights[index]! * vector[element]!;
  });
  return sum;
}
