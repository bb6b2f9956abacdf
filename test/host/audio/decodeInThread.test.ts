import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import { InputError } from '../../../engine/core/errors.ts';
import type { DecodedBlock } from '../../../host/audio/DecodedBlock.ts';
import { type DecoderLimits, decodeInThread } from '../../../host/audio/decodeInThread.ts';
import { detectFormat, soundStart } from '../../../host/audio/detectFormat.ts';
import { FileBytes } from '../../../host/audio/FileBytes.ts';
import { libraryBlocks } from '../../../host/audio/libraryBlocks.ts';
import { readRecording } from '../../../host/audio/readRecording.ts';
import { readStreamFacts } from '../../../host/audio/streamFacts.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const folder = temporaryFolder();
const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const mixture = fileURLToPath(new URL('../../../presets/demo/mixture.flac', import.meta.url));

async function openStream(path: string) {
  const file = await FileBytes.open(path);
  const format = await detectFormat(file);
  const facts = await readStreamFacts(file, format);
  return { file, job: { path, name: path, format, facts, start: await soundStart(file), end: null, header: null } };
}

async function decode(path: string, limits?: DecoderLimits) {
  const { file, job } = await openStream(path);
  await file.close();
  return decodeInThread(job, limits);
}

async function collect(blocks: AsyncIterable<DecodedBlock>): Promise<DecodedBlock[]> {
  const collected: DecodedBlock[] = [];
  for await (const block of blocks) collected.push(block);
  return collected;
}

/** The samples as bytes, which compare faster than numbers. */
const facts = (blocks: readonly DecodedBlock[]) =>
  blocks.map(({ channels, sampleRateHertz }) => ({
    sampleRateHertz,
    channels: channels.map((samples) =>
      Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength).toString('base64'),
    ),
  }));

it.each(['tone.flac', 'tone.mp3', 'tone.oga', 'tone.ogg', 'tone.opus'])(
  'yields the same blocks as the library in this thread: %s',
  async (name) => {
    const { file, job } = await openStream(fixture(name));
    const expected = await collect(libraryBlocks(file, job));
    await file.close();
    const fractions: number[] = [];
    const blocks = await collect(decodeInThread(job, { onProgress: (fraction) => fractions.push(fraction) }));
    expect(facts(blocks)).toEqual(facts(expected));
    expect(fractions.at(-1)).toBeGreaterThan(0.9);
  },
);

it('three damaged files decoded in parallel print nothing and leave console.error as it was', async () => {
  const print = vi.spyOn(console, 'error').mockImplementation(() => {});
  try {
    const original = console.error;
    const damaged = readFileSync(fixture('tone.mp3')).fill(0x55, 4000, 5000);
    const paths = ['a', 'b', 'c'].map((name) => join(folder, `${name}.mp3`));
    for (const path of paths) writeFileSync(path, damaged);
    const reading = Promise.all(paths.map((path) => readRecording(path)));
    const changes = new Set<boolean>();
    const watch = setInterval(() => changes.add(console.error !== original));
    for (const { samples } of await reading) expect(samples.length).toBeGreaterThan(0);
    clearInterval(watch);
    expect([...changes]).toEqual([false]);
    expect(print).not.toHaveBeenCalled();
  } finally {
    print.mockRestore();
  }
});

it('refuses a file whose decoder does not answer before the deadline', async () => {
  const blocks = await decode(mixture, { deadlineMilliseconds: 1 });
  const failure = collect(blocks);
  await expect(failure).rejects.toThrow(InputError);
  await expect(failure).rejects.toThrow(/mixture\.flac: cannot be decoded: no samples within 0\.001 s/);
});

it('passes on what is wrong with the file as a remark', async () => {
  const bytes = readFileSync(fixture('tone.flac'));
  const path = join(folder, 'short.flac');
  writeFileSync(path, bytes.subarray(0, bytes.length / 2));
  const blocks = await decode(path);
  let next = await blocks.next();
  while (!next.done) next = await blocks.next();
  expect(next.value).toMatch(
    /short\.flac: is truncated or damaged: its header states 48000 samples, \d+ could be read$/,
  );
});

it('ends the worker when the caller stops early', async () => {
  const workers = () => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;
  const before = workers();
  const blocks = await decode(mixture);
  expect((await blocks.next()).done).toBe(false);
  await blocks.return(null);
  await expect.poll(workers).toBe(before);
});
