import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SampleRing } from '../../../engine/core/SampleRing.ts';
import { TAP_CHANNELS, TAP_FIRST_SPEAKER, TAP_MIXTURE } from '../../../engine/realtime/tapChannels.ts';
import { readRecording } from '../../../host/audio/readRecording.ts';
import { TakeRecorder } from '../../../host/audioProcess/TakeRecorder.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const RATE = 16_000;
const folder = temporaryFolder();

function record() {
  const tap = new SampleRing(SampleRing.allocate(RATE, TAP_CHANNELS));
  const tapped: boolean[] = [];
  const faults: string[] = [];
  const recorder = new TakeRecorder(
    tap,
    RATE,
    (isTapped) => tapped.push(isTapped),
    (what) => faults.push(what),
  );
  return { tap, tapped, faults, recorder };
}

/** [frames * TAP_CHANNELS] frame + channel / 100 */
function frames(count: number): Float32Array {
  return Float32Array.from(
    { length: count * TAP_CHANNELS },
    (_, n) => Math.floor(n / TAP_CHANNELS) + (n % TAP_CHANNELS) / 100,
  );
}

describe('TakeRecorder', () => {
  it('writes every frame that is in the tap when a take is stopped, and none from before its start', async () => {
    const { tap, tapped, recorder } = record();
    tap.write(frames(50), 0, 50);
    await recorder.startTake(join(folder, 'take'), ['ann']);
    tap.write(frames(1000), 0, 1000);
    await recorder.stopTake();
    await recorder.close();
    for (const [name, channel] of [
      ['mixture', TAP_MIXTURE],
      ['ann', TAP_FIRST_SPEAKER],
    ] as const) {
      const { samples } = await readRecording(join(folder, 'take', `${name}.wav`), 60);
      expect([...samples]).toEqual(Array.from({ length: 1000 }, (_, n) => Math.fround(n + channel / 100)));
    }
    expect(tapped).toContain(true);
    expect(tapped.at(-1)).toBe(false);
  });

  it('refuses to record once it is closed, instead of creating files that stay empty', async () => {
    const { recorder, faults } = record();
    await recorder.close();
    await expect(recorder.startTake(join(folder, 'late'), [])).rejects.toThrow(/engine is being restarted/);
    await expect(recorder.startSpeech(join(folder, 'late.wav'))).rejects.toThrow(/engine is being restarted/);
    expect(faults).toEqual([]);
  });
});
