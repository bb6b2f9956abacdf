import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Recording } from '../../../engine/trainer/index.ts';
import { cacheFolder } from '../../files/userFolders.ts';
import { writeTextFile } from '../../files/writeTextFile.ts';
import { PAPER_OCTAVES, type PaperCoordinate, type PaperTemplates, paperWeightCount } from './PaperTemplates.ts';

/** Version of the training recipe, part of the file name: increment it to invalidate stored speakers. */
const RECIPE_VERSION = 1;

/** Training settings of the `paper` method. */
export interface PaperSettings {
  readonly epochs: number;
  readonly coordinate: PaperCoordinate;
}

/** Result of a training and its duration. */
export interface PaperTraining {
  readonly templates: PaperTemplates;
  readonly epochs: number;
  readonly trainingSeconds: number;
}

interface StoredTraining extends Omit<PaperTraining, 'templates'> {
  readonly templates: Omit<PaperTemplates, 'phases' | 'weights'> & {
    readonly phases: string;
    readonly weights: string;
  };
}

/** Cache file of a speaker's trained paper networks, which take minutes and are needed for every window and in every run. */
export class PaperStore {
  private readonly path: string;
  private readonly speech: Recording;
  private readonly templates: number;
  private readonly settings: PaperSettings;

  /** @param speech training speech @param templates number of templates */
  constructor(speech: Recording, templates: number, settings: PaperSettings, seed: number) {
    this.speech = speech;
    this.templates = templates;
    this.settings = settings;
    const { samples } = speech;
    const { epochs, coordinate } = settings;
    const hash = createHash('sha256');
    hash.update(JSON.stringify({ RECIPE_VERSION, epochs, coordinate, templates, seed }));
    hash.update(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
    this.path = join(cacheFolder(), 'paper', `${hash.digest('hex').slice(0, 32)}.json`);
  }

  /** @returns null if nothing is stored, or the file is damaged or of other settings: then train again */
  async read(): Promise<PaperTraining | null> {
    try {
      const { templates, ...facts } = JSON.parse(await readFile(this.path, 'utf8')) as StoredTraining;
      const phases = decode(templates.phases);
      const training = { ...facts, templates: { ...templates, phases, weights: decode(templates.weights) } };
      return this.isUsable(training) ? training : null;
    } catch {
      return null;
    }
  }

  /** @throws InputError if the folder cannot be written */
  async write({ templates, ...facts }: PaperTraining): Promise<void> {
    const phases = encode(templates.phases);
    const stored: StoredTraining = {
      ...facts,
      templates: { ...templates, phases, weights: encode(templates.weights) },
    };
    await writeTextFile(this.path, JSON.stringify(stored), 'replace');
  }

  private isUsable({ templates, epochs, trainingSeconds }: PaperTraining): boolean {
    const { speech, settings } = this;
    return (
      epochs === settings.epochs &&
      Number.isFinite(trainingSeconds) &&
      templates.coordinate === settings.coordinate &&
      templates.sampleRateHertz === speech.sampleRateHertz &&
      templates.templates === this.templates &&
      holdsNumbers(templates.phases, this.templates * PAPER_OCTAVES) &&
      holdsNumbers(templates.weights, this.templates * paperWeightCount())
    );
  }
}

function holdsNumbers(values: Float32Array, length: number): boolean {
  return values.length === length && values.every(Number.isFinite);
}

function encode(values: Float32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
}

function decode(text: string): Float32Array {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'));
  return new Float32Array(bytes.buffer);
}
