import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../../../engine/core/errors.ts';
import type { Hertz } from '../../../../engine/core/units.ts';
import { readRecording } from '../../../../host/audio/readRecording.ts';

/** Sample rate of the corpus, and of the recogniser. */
export const RATE_HERTZ: Hertz = 16_000;

/** A recording of a person who reads a known text. */
export interface ReadSentence {
  readonly speaker: string;
  readonly path: string;
  readonly text: string;
}

/** Folder of folders of recordings, with transcripts.tsv: a heading, then SPEAKER/FILE, a tab, and the text in each line. */
export class SentenceCorpus {
  private readonly sentences: readonly ReadSentence[];

  /** @throws InputError if there are no transcripts */
  constructor(folder: string) {
    const path = join(folder, 'transcripts.tsv');
    let lines: string[];
    try {
      [, ...lines] = readFileSync(path, 'utf8').trim().split('\n');
    } catch {
      throw new InputError(`${path}: cannot be read; it must hold SPEAKER/FILE, a tab and the text in each line`);
    }
    this.sentences = lines.map((line) => {
      const [file = '', text = ''] = line.split('\t');
      return { speaker: file.replace(/\/.*$/, ''), path: join(folder, file), text };
    });
  }

  get texts(): string[] {
    return this.sentences.map(({ text }) => text);
  }

  /** @returns the speaker's sentences in the order of the transcripts @throws InputError for an unknown speaker */
  of(speaker: string): ReadSentence[] {
    const own = this.sentences.filter((each) => each.speaker === speaker);
    if (own.length > 0) return own;
    throw new InputError(
      `"${speaker}" is no speaker of the corpus; there are ${[...new Set(this.speakers)].join(', ')}`,
    );
  }

  private get speakers(): string[] {
    return this.sentences.map(({ speaker }) => speaker);
  }
}

/** @returns the sound at a level of -26 dBFS RMS @throws InputError for another sample rate than the recogniser's */
export async function readAtEqualLevel({ path }: ReadSentence): Promise<Float32Array> {
  const { samples, sampleRateHertz } = await readRecording(path);
  if (sampleRateHertz !== RATE_HERTZ)
    throw new InputError(`${path}: must have ${RATE_HERTZ} Hz, got ${sampleRateHertz}`);
  const gain = LEVEL_RMS / Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
  return samples.map((sample) => gain * sample);
}

const LEVEL_RMS = 0.05;
