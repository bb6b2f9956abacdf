import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { InputError } from '../../../../engine/core/errors.ts';
import { bigramModel } from './languageModel.ts';
import { wordsOf } from './wordErrors.ts';

const PROGRAM = 'pocketsphinx_continuous';
/** Of the Debian package pocketsphinx-en-us: a word, or its second pronunciation as word(2), and its sounds in each line. */
const DICTIONARY = '/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict';

const run = promisify(execFile);

/** PocketSphinx with its model of American English. */
export class Recognizer {
  private readonly options: readonly string[];

  private constructor(options: readonly string[]) {
    this.options = options;
  }

  /** Expects general English. @throws InputError if the recogniser or its model is not installed */
  static async general(): Promise<Recognizer> {
    await requireInstalled();
    return new Recognizer([]);
  }

  /**
   * Expects the words of some sentences, in their order rather than in others.
   * @param folder for its language model and dictionary
   * @throws InputError as `general`
   */
  static async ofSentences(sentences: readonly string[], folder: string): Promise<Recognizer> {
    await requireInstalled();
    const used = new Set(sentences.flatMap(wordsOf));
    const spoken = readFileSync(DICTIONARY, 'utf8')
      .split('\n')
      .map((line) => ({ line, word: line.replace(/(\(\d+\))? .*$/, '') }))
      .filter(({ word }) => used.has(word));
    const known = new Set(spoken.map(({ word }) => word));
    const [model, dictionary] = [join(folder, 'sentences.lm'), join(folder, 'sentences.dict')];
    await writeFile(
      model,
      bigramModel(sentences, (word) => known.has(word)),
    );
    await writeFile(dictionary, `${spoken.map(({ line }) => line).join('\n')}\n`);
    return new Recognizer(['-lm', model, '-dict', dictionary]);
  }

  /** @param path of raw 16-bit PCM at 16 kHz @returns the words of all utterances */
  async recognize(path: string): Promise<string> {
    const { stdout } = await run(PROGRAM, ['-infile', path, ...this.options, '-logfn', '/dev/null']);
    return stdout.trim().split(/\s+/).join(' ');
  }
}

async function requireInstalled(): Promise<void> {
  const isThere = await run(PROGRAM, []).then(
    () => true,
    ({ code }: { readonly code?: unknown }) => code !== 'ENOENT',
  );
  if (isThere && existsSync(DICTIONARY)) return;
  throw new InputError(`${PROGRAM} or its model is missing: apt-get install pocketsphinx pocketsphinx-en-us`);
}
