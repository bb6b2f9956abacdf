import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type DatasetOptions, readDataset } from '../../../../host/lab/evaluation/Dataset.ts';
import { temporaryFolder } from '../../temporaryFolder.ts';
import { writeVoice, writeWav } from './voiceFolders.ts';

const folder = temporaryFolder();
const at = (...names: string[]) => join(folder, ...names);
const read = (name: string, options: Partial<DatasetOptions> = {}) =>
  readDataset(at(name), {
    split: { train: 2, test: 1 },
    isSkipping: false,
    signal: new AbortController().signal,
    ...options,
  });
const good = (name: string) => {
  writeVoice(at(name), 'a', 110, 4, 2);
  writeVoice(at(name), 'b', 200, 3, 2);
};

beforeAll(() => good('good'));

describe('a folder of speakers', () => {
  test('trains on the first files by name and tests on the last', async () => {
    writeFileSync(at('good', 'LICENSE.txt'), 'beside the speakers');
    const { speakers, sampleRateHertz, remarks } = await read('good');
    expect([sampleRateHertz, remarks, speakers.map(({ name }) => name)]).toEqual([16_000, [], ['a', 'b']]);
    expect(speakers[0]).toEqual({
      name: 'a',
      sex: null,
      trainingPaths: [at('good', 'a', '1.wav'), at('good', 'a', '2.wav')],
      testPaths: [at('good', 'a', '4.wav')],
    });
  });

  test('recordings with several channels are read, with a remark', async () => {
    good('stereo');
    // Interleaved: each channel has every second sample.
    writeVoice(at('stereo'), 'c', 150, 3, 4, { channels: 2 });
    const { speakers, remarks } = await read('stereo');
    expect(speakers.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(remarks).toHaveLength(3);
    for (const remark of remarks) expect(remark).toMatch(/c.\d\.wav: .*channels? .* (averaged to one|is used)$/);
    await expect(read('stereo', { channel: 3 })).rejects.toThrow(/--channel must be at most 1/);
  });

  test('reads the sex of speakers from speakers.json or the given file', async () => {
    good('told');
    writeFileSync(at('told', 'speakers.json'), '{"a": {"sex": "female", "age": 30}, "elsewhere": {"sex": "male"}}');
    expect((await read('told')).speakers.map(({ sex }) => sex)).toEqual(['female', null]);
    writeFileSync(at('other.json'), '{"b": {"sex": "male"}}');
    const other = await read('told', { speakersFile: at('other.json') });
    expect(other.speakers.map(({ sex }) => sex)).toEqual([null, 'male']);
  });

  test.each([
    ['{"a": {"sex": "f"}}', /speakers\.json: "a"\.sex must be "female" or "male", got "f"/],
    ['{"a": 1}', /"a"\.sex must be/],
    ['[]', /must be an object/],
    ['{', /is not valid JSON/],
  ])('speakers.json that holds %s', async (text, message) => {
    good('mistold');
    writeFileSync(at('mistold', 'speakers.json'), text);
    await expect(read('mistold')).rejects.toThrow(message);
    await expect(read('good', { speakersFile: at('nowhere.json') })).rejects.toThrow(/nowhere\.json: does not exist/);
  });
});

describe('unusable files are reported before work starts, and skipped only if requested', () => {
  const cases: [string, (name: string) => void, RegExp][] = [
    ['one file', (name) => writeVoice(at(name), 'c', 150, 1, 2), /c: must contain at least 3 recordings .*got 1/],
    ['no file', (name) => mkdirSync(at(name, 'c')), /c: the folder contains no audio files/],
    [
      'another rate',
      (name) => writeVoice(at(name), 'c', 150, 3, 2, { sampleRateHertz: 22_050 }),
      /c.1\.wav: sample rate must be 16000 Hz, .*, got 22050 Hz/,
    ],
    [
      'no audio',
      (name) => {
        writeVoice(at(name), 'c', 150, 2, 2);
        writeFileSync(at(name, 'c', '3.wav'), 'a letter to a friend');
      },
      /c.3\.wav: is not a supported audio file/,
    ],
    [
      'silence',
      (name) => {
        writeVoice(at(name), 'c', 150, 2, 2);
        writeWav(at(name, 'c', '3.wav'), Array(32_000).fill(0));
      },
      /c.3\.wav: is silent/,
    ],
    ['too little speech', (name) => writeVoice(at(name), 'c', 150, 3, 1), /c: too little speech/],
  ];
  test.each(cases)('%s', async (kind, make, message) => {
    const name = kind.replaceAll(' ', '-');
    good(name);
    make(name);
    await expect(read(name)).rejects.toThrow(message);
    const { speakers, remarks } = await read(name, { isSkipping: true });
    expect(speakers.map((speaker) => speaker.name)).toEqual(['a', 'b']);
    expect(remarks.join('\n')).toMatch(message);
    expect(remarks.every((notice) => notice.startsWith('skipped: '))).toBe(true);
  });

  test('an unusable file among enough good ones is skipped alone', async () => {
    good('spare');
    writeFileSync(at('spare', 'a', '4.wav'), 'not sound');
    await expect(read('spare')).rejects.toThrow(/4\.wav: is not a supported audio file/);
    const { speakers } = await read('spare', { isSkipping: true });
    expect(speakers[0]!.testPaths).toEqual([at('spare', 'a', '3.wav')]);
  });

  test('an empty folder, a single speaker and a missing folder are errors', async () => {
    mkdirSync(at('empty'));
    await expect(read('empty')).rejects.toThrow(/empty: must contain folders of at least 2 usable speakers, got 0/);
    writeVoice(at('lonely'), 'a', 110, 3, 2);
    await expect(read('lonely', { isSkipping: true })).rejects.toThrow(/at least 2 usable speakers, got 1/);
    await expect(read('nowhere')).rejects.toThrow(/nowhere: does not exist/);
  });
});
