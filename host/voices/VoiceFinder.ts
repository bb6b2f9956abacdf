import type { Hertz, Seconds } from '../../engine/core/units.ts';
import { diarizeSoFar, MOST_VOICES } from '../../engine/diarization/diarize.ts';
import { isActiveAlone, soloSegments } from '../../engine/diarization/segments.ts';
import { EmbeddingInference } from '../../engine/embedding/EmbeddingInference.ts';
import { EMBEDDING_NETWORK_VERSION } from '../../engine/embedding/EmbeddingNetwork.ts';
import { BLOCK_SECONDS, blocksIn } from '../../engine/embedding/SpeechBlocks.ts';
import { soloVector } from '../../engine/embedding/soloVector.ts';
import type { Preset } from '../../engine/model/Preset.ts';
import { quantizeEmbedding, type SpeakerEmbedding } from '../../engine/model/SpeakerEmbedding.ts';
import { ActivityMeter } from '../../engine/recording/ActivityMeter.ts';
import type { VoiceRecording } from '../offline/voiceRecordings.ts';
import { type HeardBlock, HeardSpeech } from './HeardSpeech.ts';
import { matchVoices } from './matchVoices.ts';

/** A voice as the latest search has found it. */
export interface HeardVoice {
  /** From 1, in the order in which voices were found; the same in all searches. */
  readonly number: number;
  /** Speech that is held in which this voice is certainly alone. */
  readonly soloSeconds: Seconds;
  /** Embedding of that speech, of unit length; null: there is too little. */
  readonly vector: Float32Array | null;
  /** Share of the blocks that it was learnt from that are still its own, 0 to 1; 1 if it has not been learnt. */
  readonly agreement: number;
}

export interface Findings {
  /** Duration of the speech so far, pauses not counted. */
  readonly speechSeconds: Seconds;
  /** In the order of their numbers. */
  readonly voices: readonly HeardVoice[];
}

/** What a voice can be learnt from. */
export interface VoicePassages {
  readonly recordings: readonly VoiceRecording[];
  /** null: there is too little speech. */
  readonly embedding: SpeakerEmbedding | null;
}

/** What a voice was learnt as. */
export interface FoundPreset {
  readonly number: number;
  readonly preset: Preset;
}

/**
 * Distance to other voices from which a voice is learnt, in blocks. Smaller than in whole recordings, because less has been heard: in 56 of 60
 * conversations both voices have 8 s of the first 45, in 50 at 0.3 s (test/experiments/quality/diarization).
 */
const CHANGE_BLOCKS = 1;
/** Speech that a voice is learnt from at most, the latest. */
const MOST_LEARNT_BLOCKS = blocksIn(80);
/** If templates leave less speech of a voice than this, it is learnt from all that the search has found. */
const LEAST_REFINED_BLOCKS = blocksIn(8);

/**
 * Finds the voices of a conversation while it is heard: diarizes all that is held, again and again, and gives each voice the number that
 * it had before. Nothing leaves the memory.
 */
export class VoiceFinder {
  private readonly count: number | null;
  private readonly inference = new EmbeddingInference();
  private readonly heard = new HeardSpeech(this.inference);
  private numbers: readonly number[] = [];

  /** @param count number of voices, 1 to `MOST_VOICES`; null: as many as are found */
  constructor(count: number | null) {
    this.count = count;
  }

  /** @param samples the next ones of the input. Calls must not overlap each other. */
  add(samples: Float32Array, sampleRateHertz: Hertz): Promise<void> {
    return this.heard.add(samples, sampleRateHertz);
  }

  /** Searches all that is held. */
  find(): Findings {
    const { heard, inference, count } = this;
    const { blocks } = heard;
    const speech = blocks.map((block) => block.speech);
    const found = diarizeSoFar(speech, inference, count);
    const matched = matchVoices(
      found.map(({ isSpeaking }) => isSpeaking),
      blocks.map(({ voice }) => voice),
      this.numbers,
      count ?? MOST_VOICES,
    );
    this.numbers = [...new Set([...this.numbers, ...matched.filter((number) => number > 0)])].sort((a, b) => a - b);
    const solo = found.map((_, voice) =>
      soloFlags(soloSegments(found, voice, speech, null, CHANGE_BLOCKS), blocks.length),
    );
    blocks.forEach((block, index) => {
      const voice = found.findIndex(({ isSpeaking }) => isSpeaking[index] === 1);
      block.voice = voice < 0 ? 0 : matched[voice]!;
      block.isSolo = voice >= 0 && block.voice > 0 && solo[voice]![index] === 1;
    });
    heard.forget();
    return { speechSeconds: heard.speechSeconds, voices: this.numbers.map((number) => this.heardVoice(number)) };
  }

  /**
   * What a voice can be learnt from now.
   * @param number of the voice
   * @param presets of voices that have one; with that of this voice and of another one, speech in which the other one is active is left out
   */
  passages(number: number, presets: readonly FoundPreset[]): VoicePassages {
    const { blocks, sampleRateHertz } = this.heard;
    if (sampleRateHertz === null) return { recordings: [], embedding: null };
    const alone = this.refined(this.soloBlocks(number), sampleRateHertz, number, presets);
    const learnt = new Set(alone.slice(-MOST_LEARNT_BLOCKS));
    for (const block of blocks) {
      if (learnt.has(block)) block.learntAs = number;
      else if (block.learntAs === number) block.learntAs = 0;
    }
    const runs: HeardBlock[][] = [];
    blocks.forEach((block, index) => {
      if (!learnt.has(block)) return;
      if (index > 0 && learnt.has(blocks[index - 1]!)) runs.at(-1)!.push(block);
      else runs.push([block]);
    });
    const vector = this.vectorOf([...learnt]);
    return {
      recordings: runs.map((run) => ({
        name: `voice ${number}`,
        sampleRateHertz,
        samples: joined(run),
      })),
      embedding: vector === null ? null : quantizeEmbedding(vector, EMBEDDING_NETWORK_VERSION),
    };
  }

  close(): void {
    this.heard.close();
  }

  private heardVoice(number: number): HeardVoice {
    const solo = this.soloBlocks(number);
    const learnt = this.heard.blocks.filter(({ learntAs }) => learntAs === number);
    const own = learnt.filter(({ voice }) => voice === number);
    return {
      number,
      soloSeconds: solo.length * BLOCK_SECONDS,
      vector: this.vectorOf(solo),
      agreement: learnt.length === 0 ? 1 : own.length / learnt.length,
    };
  }

  private soloBlocks(number: number): HeardBlock[] {
    return this.heard.blocks.filter(({ voice, isSolo }) => isSolo && voice === number);
  }

  /** @returns the blocks in which the voice is active alone by the templates of all */
  private refined(
    solo: HeardBlock[],
    sampleRateHertz: Hertz,
    number: number,
    presets: readonly FoundPreset[],
  ): HeardBlock[] {
    const index = presets.findIndex((voice) => voice.number === number);
    if (index < 0 || presets.length < 2) return solo;
    const meter = new ActivityMeter(
      presets.map(({ preset }) => preset),
      sampleRateHertz,
    );
    for (const { samples } of this.heard.blocks) meter.add(samples);
    const isAlone = isActiveAlone(meter.activity, index);
    const alone = new Set(this.heard.blocks.filter((_, block) => isAlone[block] === 1));
    const refined = solo.filter((block) => alone.has(block));
    return refined.length < LEAST_REFINED_BLOCKS ? solo : refined;
  }

  private vectorOf(blocks: readonly HeardBlock[]): Float32Array | null {
    return soloVector(
      blocks.map(({ speech }) => speech),
      this.inference,
    );
  }
}

function joined(run: readonly HeardBlock[]): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(run.reduce((sum, block) => sum + block.samples.length, 0));
  let position = 0;
  for (const block of run) {
    samples.set(block.samples, position);
    position += block.samples.length;
  }
  return samples;
}

function soloFlags(segments: ReturnType<typeof soloSegments>, blocks: number): Uint8Array {
  const flags = new Uint8Array(blocks);
  for (const { startSeconds, endSeconds } of segments) flags.fill(1, blocksIn(startSeconds), blocksIn(endSeconds));
  return flags;
}
