import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { it } from 'vitest';
import { encodePcm16 } from '../../../../engine/core/pcm16.ts';
import { WavWriter } from '../../../../host/audio/WavWriter.ts';
import { jsonText } from '../../../../host/files/jsonText.ts';
import { Recognizer } from './recognizer.ts';
import { reportText, SIGNALS, type Signal, type Transcript } from './report.ts';
import { type Scene, scenesOf } from './scenes.ts';
import { RATE_HERTZ, type ReadSentence, SentenceCorpus } from './sentences.ts';
import { wordErrors } from './wordErrors.ts';

const { SPEECH_CORPUS = '', SPEECH_CACHE = '', SPEECH_PAIRS = '', SPEECH_GENERAL = '', SPEECH_JSON = '' } = process.env;
const CLI = fileURLToPath(new URL('../../../../dist/host/cli.js', import.meta.url));
/** Of each speaker's recordings; the others are mixed. */
const TRAINING_FILES = 8;

const run = promisify(execFile);
const library = join(SPEECH_CACHE, 'library');
const sounds = join(SPEECH_CACHE, 'sounds');

async function unmingle(words: readonly string[]): Promise<Buffer> {
  const { stdout } = await run(process.execPath, [CLI, ...words], {
    env: { ...process.env, UNMINGLE_PRESETS: library },
    encoding: 'buffer',
    maxBuffer: 2 ** 28,
  });
  return stdout;
}

/** Presets and adaptations stay in the cache. */
async function enrol(speaker: string, sentences: readonly ReadSentence[]): Promise<void> {
  if (existsSync(join(library, `${speaker}.unmingle.json`))) return;
  await unmingle(['train', ...sentences.slice(0, TRAINING_FILES).map(({ path }) => path), '--name', speaker]);
}

async function writePcm(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(sounds, `${name}.raw`);
  await writeFile(path, bytes);
  return path;
}

async function transcribe(scene: Scene, recognizer: Recognizer): Promise<Transcript[]> {
  const { kind, name, mixture, voices } = scene;
  const path = join(sounds, `${name}.wav`);
  const writer = await WavWriter.create(path, RATE_HERTZ, 'float32', 'replace');
  await writer.write(mixture);
  await writer.close();
  const speakers = voices.map(({ speaker }) => speaker).join();
  const mixed = await recognizer.recognize(await writePcm(`${name}-mixture`, encodePcm16(mixture).bytes));
  const transcripts: Transcript[] = [];
  for (const { speaker, text, alone } of voices) {
    const separated = await unmingle(['separate', path, '--speakers', speakers, '--stdout', speaker]);
    const recognized: Record<Signal, string> = {
      alone: await recognizer.recognize(await writePcm(`${name}-${speaker}-alone`, encodePcm16(alone).bytes)),
      mixture: mixed,
      separated: await recognizer.recognize(await writePcm(`${name}-${speaker}`, separated)),
    };
    for (const signal of SIGNALS) {
      const errors = wordErrors(text, recognized[signal]);
      transcripts.push({ scene: name, kind, speaker, signal, text, recognized: recognized[signal], ...errors });
    }
  }
  return transcripts;
}

/** @returns the transcripts of an interrupted run */
function transcriptsSoFar(): Transcript[] {
  return existsSync(SPEECH_JSON) ? (JSON.parse(readFileSync(SPEECH_JSON, 'utf8')) as Transcript[]) : [];
}

it('measures word error rates', async () => {
  const corpus = new SentenceCorpus(SPEECH_CORPUS);
  const pairs = SPEECH_PAIRS.split(',').map((pair) => pair.split('-').map((speaker) => corpus.of(speaker)));
  const texts = pairs.flat().flatMap((sentences) => sentences.slice(TRAINING_FILES).map(({ text }) => text));
  await mkdir(library, { recursive: true });
  await mkdir(sounds, { recursive: true });
  const recognizer =
    SPEECH_GENERAL === '' ? await Recognizer.ofSentences(readAloud(texts), SPEECH_CACHE) : await Recognizer.general();
  const transcripts = transcriptsSoFar();
  for (const [first = [], second = []] of pairs) {
    for (const sentences of [first, second]) await enrol(sentences[0]!.speaker, sentences);
    for (const scene of await scenesOf([first.slice(TRAINING_FILES), second.slice(TRAINING_FILES)])) {
      if (transcripts.some(({ scene: name }) => name === scene.name)) continue;
      transcripts.push(...(await transcribe(scene, recognizer)));
      if (SPEECH_JSON !== '') await writeFile(SPEECH_JSON, jsonText(transcripts));
      console.log(scene.name);
    }
  }
  console.log(reportText(transcripts));
});

/** @returns each text as it is read, and each of its sentences alone */
function readAloud(texts: readonly string[]): string[] {
  return [...new Set(texts)].flatMap((text) => [text, ...text.split('|')]);
}
