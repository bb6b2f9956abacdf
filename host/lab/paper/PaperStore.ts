import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Recording } from '../../../engine/trainer/index.ts';
import { cacheFolder } from '../../files/userFolders.ts';
import { writeTextFile } from '../../files/writeTextFile.ts';
import { PAPER_OCTAVES, type PaperCoordinate, type PaperTemplates, paperWeightCount } from './PaperTemplates.ts';

/** Raise it where the recipe changes: what was trained before is not taken for it then. */
const RECIPE_VERSION = 1;

/** How the `paper` method trains. */
export interface PaperSettings {
  readonly epochs: number;
  readonly coordinate: PaperCoordinate;
}

/** What training gave, and how long it took. */
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

/** Speakers trained the paper's way, kept in the cache folder: minutes of work, needed again at every window and in every run. */
export class PaperStore {
  private readonly path: string;
  private readonly speech: Recording;
  private readonly templates: number;
  private readonly settings: PaperSettings;

  /** @param speech that trains @param templates how many */
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

  /** @returns null where nothing is stored, or what is stored is broken or not what was asked for: then train again */
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

  /** @throws InputError where the folder cannot be written */
  async write({ templates, ...facts }: PaperTraining): Promise<void> {
    const phases = encode(templates.phases);
    const stored: StoredTraining = {
      ...facts,
      templates: { ...templates, phases, weights: encode(templates.weights) },
    };
    await writeTextFile(this.path, JSON.stringify(stored));
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
