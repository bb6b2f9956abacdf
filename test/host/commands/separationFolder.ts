import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll } from 'vitest';
import { serializePreset } from '../../../engine/model/Preset.ts';
import { readRecording } from '../../../host/audio/readRecording.ts';
import { WavWriter } from '../../../host/audio/WavWriter.ts';
import { randomPreset, syntheticVoice } from '../../engine/syntheticVoice.ts';
import { runCommand } from '../commandLine.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

export const RATE_HERTZ = 16_000;
/** Two voices of 2 s. */
export const voices = [syntheticVoice(1, 110, 0.9, 2, RATE_HERTZ), syntheticVoice(2, 210, 1.1, 2, RATE_HERTZ)] as const;
export const mixture = voices[0].map((sample, n) => sample + voices[1][n]!);
export const presetsAB = ['--speakers', 'ann,bob'];

/** A folder for `separate`, removed after all tests of the file: sounds/ann.wav, bob.wav and mixture.wav, and presets of both voices. */
export function separationFolder() {
  const folder = temporaryFolder();
  const at = (...names: string[]) => join(folder, ...names);
  beforeAll(async () => {
    const sounds: [string, Float32Array][] = [
      ['ann.wav', voices[0]],
      ['bob.wav', voices[1]],
      ['mixture.wav', mixture],
    ];
    for (const [name, samples] of sounds) {
      const writer = await WavWriter.create(at('sounds', name), RATE_HERTZ, 'float32');
      await writer.write(samples);
      await writer.close();
    }
    writeFileSync(at('ann.unmingle.json'), serializePreset(randomPreset('ann', 8, 1)));
    writeFileSync(at('bob.unmingle.json'), serializePreset(randomPreset('bob', 8, 2)));
  });
  return { folder, at, run: (...words: string[]) => runCommand(words, folder) };
}

export async function samplesOf(path: string): Promise<Float32Array> {
  return (await readRecording(path)).samples;
}
