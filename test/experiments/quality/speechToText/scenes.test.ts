import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { float32, wavBytes } from '../../../host/audio/wavBytes.ts';
import { temporaryFolder } from '../../../host/temporaryFolder.ts';
import { scenesOf } from './scenes.ts';
import { RATE_HERTZ, SentenceCorpus } from './sentences.ts';

const folder = temporaryFolder();
/** Seconds of the recordings of each speaker. */
const LENGTHS = { ann: [3, 2], bob: [2.5, 4] };

beforeAll(() => {
  const lines = ['file\ttext'];
  for (const [speaker, lengths] of Object.entries(LENGTHS)) {
    mkdirSync(join(folder, speaker));
    for (const [number, seconds] of lengths.entries()) {
      const level = 0.01 * (1 + number) * (speaker === 'ann' ? 1 : 3);
      const samples = Array.from({ length: seconds * RATE_HERTZ }, (_, n) => level * Math.sin(n / 3));
      const file = `${speaker}/${number}.wav`;
      writeFileSync(join(folder, file), wavBytes(float32(samples), { code: 3, bits: 32 }));
      lines.push(`${file}\t${speaker} says ${number} | and more`);
    }
  }
  writeFileSync(join(folder, 'transcripts.tsv'), `${lines.join('\n')}\n`);
});

function rms(samples: Float32Array): number {
  const heard = samples.filter((sample) => sample !== 0);
  return Math.sqrt(heard.reduce((sum, sample) => sum + sample * sample, 0) / heard.length);
}

it('two people speak together and in turns: at equal level, with their texts, and the mixture is the sum', async () => {
  const corpus = new SentenceCorpus(folder);
  const scenes = await scenesOf([corpus.of('ann'), corpus.of('bob')]);
  expect(scenes.map(({ name }) => name)).toEqual(['ann-bob-together1', 'ann-bob-together2', 'ann-bob-turns']);
  for (const { kind, mixture, voices } of scenes) {
    const [ann, bob] = voices.map(({ alone }) => alone);
    const worst = mixture.reduce((most, sample, n) => Math.max(most, Math.abs(sample - ann![n]! - bob![n]!)), 0);
    expect(worst).toBeLessThan(1e-6);
    for (const voice of [ann!, bob!]) expect(rms(voice)).toBeCloseTo(0.05, 2);
    const overlap = mixture.filter((_, n) => ann![n] !== 0 && bob![n] !== 0).length / RATE_HERTZ;
    if (kind === 'turns') expect(overlap).toBeCloseTo(3, 1);
    else expect(overlap).toBeGreaterThan(1.9);
  }
  expect(scenes[2]!.voices.map(({ text }) => text)).toEqual([
    'ann says 0 | and more ann says 1 | and more',
    'bob says 0 | and more bob says 1 | and more',
  ]);
  expect(() => corpus.of('eve')).toThrow('"eve" is no speaker of the corpus; there are ann, bob');
});
