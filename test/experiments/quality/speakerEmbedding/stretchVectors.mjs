// node test/experiments/quality/speakerEmbedding/stretchVectors.mjs CACHE VECTORS
// Writes the embeddings of stretches of 1.5 s of each speaker, for voiceSpace.py: VECTORS.f32 holds rows of the speaker's number and the
// embedding, VECTORS.json the names of the speakers.
import { closeSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EMBEDDING_RATE_HERTZ } from '../../../../dist/engine/embedding/EmbeddingFeatures.js';
import { EmbeddingInference } from '../../../../dist/engine/embedding/EmbeddingInference.js';
import { SpeechBlocks } from '../../../../dist/engine/embedding/SpeechBlocks.js';
import { embedSurroundings } from '../../../../dist/engine/embedding/surroundings.js';

/** From the middle of each speaker's recordings. */
const SECONDS = 20;
const REACH_BLOCKS = 7;
const HOP_BLOCKS = 5;
const LEAST_SPEECH = 10 / 15;
/** Of the length of the header, in a file of NumPy. */
const HEADER_LENGTH_AT = 8;
const LARGEST_SAMPLE = 32_768;

const [cache, out] = process.argv.slice(2);
if (out === undefined) {
  console.error('usage: stretchVectors.mjs CACHE VECTORS');
  process.exit(1);
}

/** First and last sample of each speaker, whose recordings follow each other. */
const spans = new Map();
for (const { name, speech } of JSON.parse(readFileSync(join(cache, 'index.json'), 'utf8'))) {
  const [start, end] = spans.get(name) ?? speech;
  spans.set(name, [Math.min(start, speech[0]), Math.max(end, speech[1])]);
}

const file = openSync(join(cache, 'samples.npy'), 'r');
const start = HEADER_LENGTH_AT + 2 + bytesAt(HEADER_LENGTH_AT, 2).readUInt16LE();
const inference = new EmbeddingInference();
const rows = [];
for (const [speaker, span] of [...spans.values()].entries()) {
  const { blocks } = speechOf(span);
  embedSurroundings(blocks, REACH_BLOCKS, inference).forEach((vector, middle) => {
    if (middle % HOP_BLOCKS !== REACH_BLOCKS % HOP_BLOCKS || middle < REACH_BLOCKS) return;
    const stretch = blocks.slice(middle - REACH_BLOCKS, middle + REACH_BLOCKS + 1);
    const speech = stretch.reduce((sum, block) => sum + block.speech, 0);
    if (speech >= LEAST_SPEECH * (2 * REACH_BLOCKS + 1)) rows.push(Float32Array.of(speaker, ...vector));
  });
}
closeSync(file);
writeFileSync(`${out}.f32`, Buffer.concat(rows.map(({ buffer }) => Buffer.from(buffer))));
writeFileSync(`${out}.json`, JSON.stringify([...spans.keys()]));
console.log(`${rows.length} stretches of ${spans.size} speakers`);

function speechOf([first, end]) {
  const samples = Math.min(end - first, SECONDS * EMBEDDING_RATE_HERTZ);
  const at = first + Math.floor((end - first - samples) / 2);
  const bytes = bytesAt(start + 2 * at, 2 * samples);
  const speech = new SpeechBlocks(inference);
  speech.add(Float32Array.from({ length: samples }, (_, n) => bytes.readInt16LE(2 * n) / LARGEST_SAMPLE));
  speech.finish();
  return speech;
}

function bytesAt(position, length) {
  const bytes = Buffer.alloc(length);
  readSync(file, bytes, 0, length, position);
  return bytes;
}
