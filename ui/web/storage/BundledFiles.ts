import { InputError } from '../../../engine/core/errors.ts';
import { parsePreset } from '../../../engine/model/Preset.ts';
import type { KeptVoice } from './KeptVoices.ts';

/** Contents of listing.json, which build.mjs writes. */
export interface Listing {
  /** Names of the bundled presets, each in a file. */
  readonly presets: readonly string[];
  /** Those of them that have evidence, so that they can be adapted to others. */
  readonly evidence: readonly string[];
  /** The two voices of the demo. */
  readonly demo: readonly string[];
  /** Adaptations, each in a file named by its key. */
  readonly adaptations: readonly string[];
}

/** Files beside the page; each is read once. */
export class BundledFiles {
  private readonly texts = new Map<string, Promise<string>>();

  async listing(): Promise<Listing> {
    return JSON.parse(await this.text('listing.json')) as Listing;
  }

  preset(name: string): Promise<string> {
    return this.text(`presets/${name}.unmingle.json`);
  }

  evidence(name: string): Promise<string> {
    return this.text(`presets/${name}.evidence.json`);
  }

  /** A preset with its evidence. */
  async voice(name: string): Promise<KeptVoice> {
    const { evidence } = await this.listing();
    const preset = await this.preset(name);
    return {
      preset,
      evidence: evidence.includes(name) ? await this.evidence(name) : null,
      parsed: parsePreset(preset),
    };
  }

  adaptation(key: string): Promise<string> {
    return this.text(`presets/${key}.adaptation.json`);
  }

  /** The recording of two voices that talk at once. */
  async demo(): Promise<File> {
    return new File([await (await answer('presets/mixture.flac')).blob()], 'demo.flac', { type: 'audio/flac' });
  }

  /** @throws InputError if it cannot be loaded; it can be tried again */
  private text(path: string): Promise<string> {
    const known = this.texts.get(path);
    if (known !== undefined) return known;
    const text = answer(path).then((response) => response.text());
    this.texts.set(path, text);
    text.catch(() => this.texts.delete(path));
    return text;
  }
}

async function answer(path: string): Promise<Response> {
  const failed = (reason: string) =>
    new InputError(`cannot load ${path}: ${reason}; check the connection and try again`);
  const response = await fetch(`./${path}`).catch((error: Error) => {
    throw failed(error.message);
  });
  if (!response.ok) throw failed(`${response.status} ${response.statusText}`);
  return response;
}
