import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { EmbeddingInference } from '../../../engine/embedding/EmbeddingInference.ts';
import { EMBEDDING_NETWORK_VERSION } from '../../../engine/embedding/EmbeddingNetwork.ts';
import { SpeechBlocks } from '../../../engine/embedding/SpeechBlocks.ts';
import { serializePreset } from '../../../engine/model/Preset.ts';
import { quantizeEmbedding } from '../../../engine/model/SpeakerEmbedding.ts';
import { PRESET_EXTENSION } from '../../../host/library/PresetLibrary.ts';
import { randomPreset, syntheticVoice } from '../../engine/syntheticVoice.ts';
import { float32, wavBytes } from '../audio/wavBytes.ts';
import { runCommand } from '../commandLine.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const folder = temporaryFolder();
const RATE_HERTZ = 16_000;
const TURN_SAMPLES = 4 * RATE_HERTZ;
const run = (...words: string[]) => runCommand(words, folder);

beforeAll(() => {
  const low = syntheticVoice(1, 100, 0.85, 32, RATE_HERTZ);
  const high = syntheticVoice(2, 220, 1.15, 32, RATE_HERTZ);
  const turns = low.map((sample, n) => (Math.floor(n / TURN_SAMPLES) % 2 === 0 ? sample : high[n]!));
  const write = (name: string, samples: Float32Array) =>
    writeFileSync(
      join(folder, name),
      wavBytes(float32([...samples]), { code: 3, bits: 32, sampleRateHertz: RATE_HERTZ }),
    );
  write('talk.wav', turns);
  write('short.wav', low.subarray(0, 2 * RATE_HERTZ));
  write('silent.wav', new Float32Array(6 * RATE_HERTZ));
});

describe('voices', () => {
  test('reports who speaks when, as table, JSON, RTTM and labels', async () => {
    const table = await run('voices', 'talk.wav', '--names', 'ann,bob');
    expect([table.code, table.stderr]).toEqual([0, '']);
    expect(table.stdout).toMatch(
      /^talk\.wav: 2 voices: ann 0:1\d\.\d, bob 0:1\d\.\d\n {2}voice +from +to +at the same time\n {2}ann +0:0\d\.\d/,
    );

    const json = await run('voices', 'talk.wav', '--json', '--rttm', 'talk.rttm', '--labels', 'talk.txt');
    expect([json.code, json.stderr]).toEqual([0, '']);
    const { voices, segments } = JSON.parse(json.stdout) as {
      readonly voices: readonly { readonly name: string; readonly speakingSeconds: number }[];
      readonly segments: readonly {
        readonly voice: string;
        readonly startSeconds: number;
        readonly endSeconds: number;
        readonly overlaps: readonly {
          readonly voice: string;
          readonly startSeconds: number;
          readonly endSeconds: number;
        }[];
      }[];
    };
    expect(voices.map(({ name }) => name)).toEqual(['voice-1', 'voice-2']);
    const seconds = { right: 0, all: 0 };
    for (const { voice, startSeconds, endSeconds } of segments) {
      const speaker = Math.floor((startSeconds + endSeconds) / 2 / 4) % 2;
      seconds.all += endSeconds - startSeconds;
      if (voice === voices[speaker]!.name) seconds.right += endSeconds - startSeconds;
    }
    expect(seconds.right).toBeGreaterThan(0.85 * seconds.all);
    for (const { voice, startSeconds, endSeconds, overlaps } of segments) {
      for (const overlap of overlaps) {
        expect(overlap.voice).not.toBe(voice);
        expect(overlap.startSeconds).toBeGreaterThanOrEqual(startSeconds);
        expect(overlap.endSeconds).toBeLessThanOrEqual(endSeconds);
      }
    }
    const [{ startSeconds, endSeconds }] = segments as [(typeof segments)[0]];
    const rttm = readFileSync(join(folder, 'talk.rttm'), 'utf8').split('\n');
    expect(rttm).toHaveLength(segments.length + 1);
    expect(rttm[0]).toBe(
      `SPEAKER talk 1 ${startSeconds.toFixed(3)} ${(endSeconds - startSeconds).toFixed(3)} <NA> <NA> voice-1 <NA> <NA>`,
    );
    expect(readFileSync(join(folder, 'talk.txt'), 'utf8')).toMatch(/^0\.\d{3}\t\d\.\d{3}\tvoice-1\n/);

    const again = await run('voices', 'talk.wav', '--rttm', 'talk.rttm');
    expect(again.code).toBe(1);
    expect(again.stderr).toContain('talk.rttm');
  });

  test.each([
    [['short.wav'], /^error: short\.wav: must be at least 4 s long to find voices in it, got 2\.0 s\n$/],
    [['silent.wav'], /^error: silent\.wav: no speech was found\n$/],
    [['talk.wav', '--voices', '9'], /--voices must be an integer between 1 and 6, got 9/],
    [['talk.wav', '--voices', 'many'], /--voices must be a number, got "many"/],
    [['talk.wav', '--names', 'ann,Ann'], /--names must differ from each other, got "Ann" twice/],
    [['talk.wav', '--names', 'ann', '--voices', '2'], /one name for each of the 2 voices of --voices, got 1/],
    [['talk.wav', '--labels', 'talk.wav', '--force'], /talk\.wav: would overwrite an input/],
  ])('%j: %s', async (words, message) => {
    const { code, stdout, stderr } = await run('voices', ...words);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(message);
  });
});

describe('separate without --speakers', () => {
  test('refuses to look for one voice without the rest', async () => {
    const { code, stderr } = await run('separate', 'talk.wav', '--out', 'out', '--voices', '1');
    expect(code).toBe(1);
    expect(stderr).toBe(
      'error: --voices 1 leaves nothing to separate; --rest separates one voice from all other sound\n',
    );
  });

  test('refuses options that need known speakers', async () => {
    const { code, stderr } = await run('separate', 'talk.wav', '--out', 'out', '--references', 'a.wav');
    expect(code).toBe(1);
    expect(stderr).toContain('--references has no effect without --speakers');
  });
});

describe('voices of the library', () => {
  /** A preset of the first voice of talk.wav. */
  const writeAnn = async () => {
    const speech = new SpeechBlocks();
    speech.add(syntheticVoice(1, 100, 0.85, 32, RATE_HERTZ).subarray(0, TURN_SAMPLES));
    speech.finish();
    const vector = new EmbeddingInference().embed(speech.blocks).vector;
    const preset = { ...randomPreset('ann', 4, 1), embedding: quantizeEmbedding(vector, EMBEDDING_NETWORK_VERSION) };
    writeFileSync(join(folder, `ann${PRESET_EXTENSION}`), serializePreset(preset));
  };

  test('are recognised, unless --names says otherwise', async () => {
    await writeAnn();
    const { code, stdout, stderr } = await run('voices', 'talk.wav', '--voices', '2', '--json');
    const { voices } = JSON.parse(stdout) as { readonly voices: readonly unknown[] };
    expect([code, stderr]).toEqual([0, 'voice 1 is ann (preset in your library)\n']);
    expect(voices).toMatchObject([
      { name: 'ann', isKnown: true },
      { name: 'voice-2', isKnown: false },
    ]);
    const named = await run('voices', 'talk.wav', '--names', 'carl,dora');
    expect([named.code, named.stderr]).toEqual([0, '']);
    expect(named.stdout).not.toContain('ann');
  });
});
