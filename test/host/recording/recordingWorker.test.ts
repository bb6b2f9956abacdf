import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { readRecording } from '../../../host/audio/readRecording.ts';
import { presetFolders } from '../../../host/library/PresetLibrary.ts';
import type { OpenRecording } from '../../../host/protocol/recordingState.ts';
import { RecordingController } from '../../../host/recording/RecordingController.ts';
import { pcm16, wavBytes } from '../audio/wavBytes.ts';

it('imports two voices one after the other in its thread, and finds who speaks when', async () => {
  const folders = presetFolders();
  const demo = (name: string) => readRecording(join(folders.bundled, 'demo', `synthetic-${name}.flac`));
  const [female, male] = [await demo('female'), await demo('male')];
  const rate = female.sampleRateHertz;
  const talk = [female, male].flatMap(({ samples }) => [...samples.subarray(0, 7 * rate)]);
  const states: (OpenRecording | null)[] = [];
  const controller = new RecordingController({
    presets: folders,
    onState: (state) => states.push(state),
    onNotice: () => {},
  });
  const ready = () => expect.poll(() => states.at(-1)?.phase, { timeout: 50_000 }).toBe('ready');
  try {
    const upload = wavBytes(pcm16(talk.map((sample) => Math.round(32_767 * sample))), { sampleRateHertz: rate });
    const id = await controller.access.open('talk.wav', Readable.from([upload]));
    await ready();
    expect(states.at(-1)).toMatchObject({ seconds: 14, sampleRateHertz: rate, problem: null });
    expect(controller.access.overview(id)?.levels).toEqual([700, 350, 175]);
    const part = await controller.access.overviewPart(id, { level: 2, from: 100, columns: 100 });
    expect(part?.length).toBe(75 * 50);
    await controller.perform({ type: 'findVoices', voices: 2 });
    await ready();
    const { segments } = controller.access.segments()!;
    expect(segments.length).toBeGreaterThanOrEqual(2);
    for (const { voice, startSeconds, endSeconds } of segments)
      expect(voice).toBe((startSeconds + endSeconds) / 2 < 7 ? 0 : 1);
    expect(states.some((state) => state?.phase === 'finding' && state.progress > 0)).toBe(true);
  } finally {
    await controller.end();
  }
});

it('says that a file is no audio', async () => {
  let state: OpenRecording | null = null;
  const controller = new RecordingController({
    presets: presetFolders(),
    onState: (each) => {
      state = each;
    },
    onNotice: () => {},
  });
  try {
    const page = join(presetFolders().bundled, '..', 'README.md');
    expect(existsSync(page)).toBe(true);
    await controller.access.open('README.md', createReadStream(page));
    await expect
      .poll(() => state, { timeout: 20_000 })
      .toMatchObject({ phase: 'ready', problem: expect.stringMatching(/^README.md: is not a supported audio file/) });
  } finally {
    await controller.end();
  }
});
